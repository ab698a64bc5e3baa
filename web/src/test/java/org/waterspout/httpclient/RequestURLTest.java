// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestURLTest {
  @ParameterizedTest
  @CsvSource({
    "http://example.com, http, example.com, 80, /",
    "HTTPS://Example.COM, https, example.com, 443, /",
    "http://example.com:8080/a/b?c=d#e, http, example.com, 8080, /a/b?c=d",
    "http://example.com:/, http, example.com, 80, /",
    "http://example.com?q, http, example.com, 80, /?q",
    "http://example.com#f, http, example.com, 80, /",
    "http://[::1]:81/x, http, [::1], 81, /x",
    "http://[2001:DB8::1], http, [2001:db8::1], 80, /",
    "http://127.0.0.1:1, http, 127.0.0.1, 1, /",
    "http://a_b.example/, http, a_b.example, 80, /",
    "http://a:b@c@example.com/, x, x, 0, x",
    "http://h/a@b, http, h, 80, /a@b",
    "http://h?a@b, http, h, 80, /?a@b",
    "http://h/%7e%2F, http, h, 80, /%7e%2F",
    "http://h:00080/, http, h, 80, /"
  })
  void takesURLsApart(String url, String scheme, String host, int port, String target) {
    if (port == 0) {
      assertThatIllegalArgumentException().isThrownBy(() -> RequestURL.parse(url));
      return;
    }
    assertThat(RequestURL.parse(url)).isEqualTo(new RequestURL(scheme, null, host, port, target));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "example.com",
        "//example.com/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http:example.com",
        "http:/example.com",
        "http://",
        "http:///path",
        "http://:80/",
        "http://user@/",
        "http://exa mple.com/",
        "http://example.com/a b",
        "http://example.com/a\r\nX: y",
        "http://example.com/\u0000",
        "http://example.com/\u007f",
        "http://example.com/\u00e4",
        "http://example.com/?\u4e2d",
        "http://example.com/a\\b",
        "http://example.com\\@evil.example/",
        "http://example.com/<script>",
        "http://example.com:80a/",
        "http://example.com:-1/",
        "http://example.com:+1/",
        "http://example.com:0/",
        "http://example.com:65536/",
        "http://example.com:999999999999/",
        "http://example.com:80:80/",
        "http://[::1/",
        "http://[::1]x/",
        "http://[::1%25eth0]/",
        "http://[127.0.0.1]/",
        "http://[]/",
        "http://::1/",
        "http://a%41/",
        "http://us er@h/",
        "http://us\ner@h/",
        "http://%zz@h/",
        "http://%4@h/",
        "http://%ff@h/",
        "http://%0d%0a@h/",
        "http://a\uff0fb/",
        "http://a\uff20b/"
      })
  void refusesWhatIsNone(String url) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HTTPRequest.builder(url).build())
        .satisfies(e -> assertThat(e.getMessage().chars()).allMatch(c -> c >= ' ' && c < 0x7f));
  }

  @Test
  void refusesEndlessOnes() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RequestURL.parse("http://h/" + "a".repeat(70_000)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RequestURL.parse("http://" + "a.".repeat(200) + "/"));
  }

  @Test
  void sendsForeignNamesInASCII() {
    assertThat(RequestURL.parse("http://b\u00fccher.example/").hostHeader())
        .isEqualTo("xn--bcher-kva.example");
  }

  @Test
  void readsCredentialsAndShowsThemNowhere() {
    var url = RequestURL.parse("http://us%40er:p%3ass%C3%A9@h:1/x");
    assertThat(url.username()).isEqualTo("us@er");
    assertThat(url.password()).isEqualTo("p:ss\u00e9");
    assertThat(url.hostHeader()).isEqualTo("h:1");
    assertThat(url.toString()).isEqualTo("http://h:1/x");
    assertThat(url.withCredentials()).isEqualTo("http://us%40er:p%3ass%C3%A9@h:1/x");
    assertThat(RequestURL.parse("http://u@h/").password()).isEmpty();
    assertThat(RequestURL.parse("http://@h/").username()).isNull();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RequestURL.parse("http://user:secret@h h/"))
        .withMessageNotContainingAny("user", "secret");
    assertThat(HTTPRequest.builder("http://user:secret@h/").build().toString())
        .isEqualTo("GET http://h/");
  }

  @ParameterizedTest // RFC 3986 section 5.4, without what is no http URL
  @CsvSource({
    "g, http://a/b/c/g",
    "./g, http://a/b/c/g",
    "g/, http://a/b/c/g/",
    "/g, http://a/g",
    "//g, http://g/",
    "?y, http://a/b/c/d;p?y",
    "g?y, http://a/b/c/g?y",
    "#s, http://a/b/c/d;p?q",
    "g#s, http://a/b/c/g",
    ";x, http://a/b/c/;x",
    "'', http://a/b/c/d;p?q",
    "., http://a/b/c/",
    "./, http://a/b/c/",
    ".., http://a/b/",
    "../g, http://a/b/g",
    "../.., http://a/",
    "../../g, http://a/g",
    "../../../g, http://a/g",
    "/./g, http://a/g",
    "/../g, http://a/g",
    "g., http://a/b/c/g.",
    "..g, http://a/b/c/..g",
    "./../g, http://a/b/g",
    "./g/., http://a/b/c/g/",
    "g/../h, http://a/b/c/h",
    "g;x=1/../y, http://a/b/c/y",
    "g?y/../x, http://a/b/c/g?y/../x",
    "https://Other:8443/x/../y, https://other:8443/y",
    "g//h, http://a/b/c/g//h"
  })
  void resolvesReferences(String reference, String expected) {
    var base = RequestURL.parse("http://a/b/c/d;p?q");
    assertThat(base.resolve(reference).toString()).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mailto:a@b",
        "javascript:x",
        "ftp://a/",
        "file:/x",
        "http:g",
        "a b",
        "//",
        "/\\h"
      })
  void refusesReferencesToElsewhere(String reference) {
    var base = RequestURL.parse("http://a/");
    assertThatIllegalArgumentException().isThrownBy(() -> base.resolve(reference));
  }

  @Test
  void neitherCrashesNorSendsNonsenseForRandomText() {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
    var alphabet = "http://[]:@?#%a1.\\ \r\u00e9-_/..";
    for (int i = 0; i < 10_000; i++) {
      var text = new StringBuilder(random.nextBoolean() ? "http://" : "http://h/");
      for (int n = random.nextInt(12); n > 0; n--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      try {
        var url = RequestURL.parse(text.toString());
        assertThat(url.target().chars()).as(text.toString()).allMatch(c -> c > ' ' && c < 0x7f);
        assertThat(RequestURL.parse(url.toString()).toString()).isEqualTo(url.toString());
        var _ = url.resolve(text.substring(7));
      } catch (IllegalArgumentException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
  }
}
