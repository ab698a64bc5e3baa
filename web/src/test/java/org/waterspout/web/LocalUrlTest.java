// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.http.Soak;

/** Which URLs a browser may be sent to on anybody's word. */
class LocalUrlTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/a",
        "/a/b/",
        "/a?b=c&d",
        "/?next=//evil.example",
        "/a#b",
        "/#//evil.example",
        "/a//b",
        "/@evil.example",
        "/:80/",
        "/a:b@c",
        "/.a/..b/a..",
        "/...",
        "/%2fevil.example",
        "/%5cevil.example",
        "/%09/evil.example",
        "/%00",
        "/a?b=/../c",
        "/http://evil.example",
        "/caf%C3%A9",
        "/~a;b=c",
        "/*",
        "/%",
        "/a?url=https://x.example/"
      })
  void pathsAreLocal(String url) {
    assertThat(RequestHandler.isLocalUrl(url)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // other places
        "//evil.example",
        "//evil.example/a",
        "///evil.example",
        "////evil.example",
        "//",
        "http://evil.example",
        "https://evil.example/",
        "HTTPS:evil.example",
        "http:/a",
        "http:a",
        "https:///evil.example",
        "ftp://a",
        "javascript:alert(1)",
        "data:text/html,a",
        "a:b",
        "vbscript:a",
        "evil.example",
        "@evil.example",
        ":80",
        "?a=b",
        "#a",
        "a/b",
        "",
        "*",
        // what browsers take for a slash, or for nothing
        "/\\evil.example",
        "\\/evil.example",
        "\\\\evil.example",
        "\\a",
        "/a\\b",
        "/\t/evil.example",
        "/\n/evil.example",
        "/\r/evil.example",
        "\t//evil.example",
        "/\u0000/evil.example",
        " /a",
        " //evil.example",
        "/a b",
        "/a ",
        "\u00a0//evil.example",
        "/\u0085/a",
        "/\u2028/evil.example",
        "/\u200b/evil.example",
        "\ufeff/a",
        "/\u007f/a",
        // what looks like a slash, or becomes one
        "/\uff0fevil.example",
        "/\u2044evil.example",
        "/\u2215evil.example",
        "/\uff3cevil.example",
        "/é",
        "\uff0f/evil.example",
        // what begins with two slashes when its dots are gone
        "/.//evil.example",
        "/..//evil.example",
        "/a/..//evil.example",
        "/%2e//evil.example",
        "/%2E%2E//evil.example",
        "/.%2e//evil.example",
        "/a/../..//evil.example",
        "/.",
        "/..",
        "/./a",
        "/a/../b",
        "/a/..?b",
        "/a/..#b",
        // what would split a header
        "/a\r\nSet-Cookie: a=b",
        "/a\r\n\r\n<script>"
      })
  void everythingElseIsNot(String url) {
    assertThat(RequestHandler.isLocalUrl(url)).isFalse();
  }

  /** What the JDK makes of them stays on the site. */
  @Test
  void whatIsLocalStaysOnItsHost() {
    var base = URI.create("https://here.example/login?next=x");
    String alphabet = "//\\.%2e5cf?#@: \t\r\nahttp:";
    Soak.run(
        20_260_730,
        20_000,
        (random, round) -> {
          var url = new StringBuilder("/");
          for (int i = random.nextInt(9); i >= 0; i--) {
            url.append(alphabet.charAt(random.nextInt(alphabet.length())));
          }
          if (!RequestHandler.isLocalUrl(url.toString())) {
            return;
          }
          String uri = url.toString().replaceAll("%(?![0-9a-fA-F]{2})", "%25");
          int hash = uri.indexOf('#');
          uri = hash < 0 ? uri : uri.substring(0, hash);
          assertThat(base.resolve(uri).normalize().getHost()).as(uri).isEqualTo("here.example");
          assertThat(base.resolve(uri).normalize().getRawPath()).as(uri).startsWith("/");
        });
  }

  @Test
  void takesNoLongerThanItsLength() {
    String slashes = "/a".repeat(500_000);
    String dots = "/%2e%2f".repeat(200_000);

    org.junit.jupiter.api.Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          assertThat(RequestHandler.isLocalUrl(slashes)).isTrue();
          assertThat(RequestHandler.isLocalUrl(dots + "\\")).isFalse();
        });
  }
}
