// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.escape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Links in text. */
class LinkifyTest {
  private static String link(String url) {
    return "<a href=\"" + url + "\">" + url + "</a>";
  }

  @ParameterizedTest
  @CsvSource(
      value = {
        "see http://example.com | http://example.com",
        "https://example.com/a-b_c~d/?e=f#g | https://example.com/a-b_c~d/?e=f#g",
        "HTTP://EXAMPLE.COM/ there | HTTP://EXAMPLE.COM/",
        "(http://example.com/a) | http://example.com/a",
        "[http://example.com/a] | http://example.com/a",
        "\"http://example.com/a\" | http://example.com/a",
        "<http://example.com/a> | http://example.com/a",
        "http://example.com/a. | http://example.com/a",
        "http://example.com/a?!... | http://example.com/a",
        "http://example.com/a,http://x | http://example.com/a,http://x",
        "http://example.com/a_(b) | http://example.com/a_(b)",
        "(http://example.com/a_(b)) | http://example.com/a_(b)",
        "http://example.com/(a)?b=(c). | http://example.com/(a)?b=(c)",
        "http://example.com/((a)b)c | http://example.com/((a)b)c",
        "http://example.com/a(b | http://example.com/a",
        "http://example.com/a).b | http://example.com/a",
        "http://[::1]:8888/a | http://[::1]:8888/a",
        "http://grün.example/ü | http://grün.example/ü",
        "http:///a | http:///a",
      },
      delimiter = '|')
  void findsWhereAURLEnds(String text, String url) {
    int at = text.indexOf(url);
    assertThat(Escape.linkify(text))
        .isEqualTo(
            Escape.xhtmlEscape(text.substring(0, at))
                + link(url)
                + Escape.xhtmlEscape(text.substring(at + url.length())));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no link & <none>",
        "http",
        "http:",
        "http://",
        "http://...",
        "http:// x",
        "http:x",
        "://x",
        "xwww.example.com",
        "www.",
        "javascript://x%0aalert(1)",
        "ftp://example.com",
        "mailto:someone@example.com",
        "data:text/html,x",
        "\u4e16http://example.com",
      })
  void leavesTheRestText(String text) {
    assertThat(Escape.linkify(text)).isEqualTo(Escape.xhtmlEscape(text));
  }

  @Test
  void findsSeveral() {
    assertThat(Escape.linkify("a http://b, http://c\nwww.d!"))
        .isEqualTo(
            "a "
                + link("http://b")
                + ", "
                + link("http://c")
                + "\n<a href=\"http://www.d\">www.d</a>!");
  }

  @Test
  void escapesTextAndURLs() {
    assertThat(Escape.linkify("<b> http://x/?a=1&b=2 & 'c'"))
        .isEqualTo(
            "&lt;b&gt; <a href=\"http://x/?a=1&amp;b=2\">http://x/?a=1&amp;b=2</a> &amp; "
                + "&#x27;c&#x27;");
    assertThat(Escape.linkify("http://x/\"onmouseover=\"alert(1)"))
        .isEqualTo(link("http://x/") + "&quot;onmouseover=&quot;alert(1)");
  }

  @Test
  void linksBehindAnEmoji() {
    assertThat(Escape.linkify("\ud83c\udf2ahttp://x")).isEqualTo("\ud83c\udf2a" + link("http://x"));
  }

  @Test
  void wantsAProtocolIfTold() {
    var options = LinkOptions.DEFAULT.withRequireProtocol(true);
    assertThat(Escape.linkify("www.a http://b", options)).isEqualTo("www.a " + link("http://b"));
  }

  @Test
  void linksToPermittedProtocolsAlone() {
    var options = LinkOptions.DEFAULT.withPermittedProtocols(List.of("FTP", "git+ssh"));
    assertThat(Escape.linkify("ftp://a http://b git+ssh://c", options))
        .isEqualTo(link("ftp://a") + " http://b " + link("git+ssh://c"));
  }

  @Test
  void addsAttributesThatAreEscaped() {
    var options = LinkOptions.DEFAULT.withAttribute("rel", "nofollow").withAttribute("class", "\"");
    assertThat(Escape.linkify("http://a", options))
        .isEqualTo("<a href=\"http://a\" rel=\"nofollow\" class=\"&quot;\">http://a</a>");
    var byURL = LinkOptions.DEFAULT.withAttributes(url -> Map.of("data-to", url));
    assertThat(Escape.linkify("www.a?b&c", byURL))
        .isEqualTo(
            "<a href=\"http://www.a?b&amp;c\" data-to=\"http://www.a?b&amp;c\">www.a?b&amp;c</a>");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> Escape.linkify("http://a", LinkOptions.DEFAULT.withAttribute("a onload", "x")));
  }

  private static String shortened(String url) {
    var linked = Escape.linkify(url, LinkOptions.DEFAULT.withShorten(true));
    return linked.replaceFirst("<a href=\"[^\"]*\"( title=\"[^\"]*\")?>(.*)</a>", "$1|$2");
  }

  @Test
  void shortensLongURLs() {
    assertThat(shortened("http://example.com/short?a")).isEqualTo("|http://example.com/short?a");
    var one = "http://www.example.com/documentation/chapter/1.html";
    assertThat(shortened(one))
        .isEqualTo(" title=\"" + one + "\"|http://www.example.com/document...");
    var two = "https://example.com/a.html?and=more&and=more";
    assertThat(shortened(two))
        .isEqualTo(" title=\"" + Escape.xhtmlEscape(two) + "\"|https://example.com/a...");
    var three = "http://" + "x".repeat(50) + "/a";
    assertThat(shortened(three))
        .isEqualTo(" title=\"" + three + "\"|http://" + "x".repeat(23) + "...");
    var four = "http://" + "x".repeat(24);
    assertThat(shortened(four)).isEqualTo("|" + four);
  }

  @Test
  void cutsNoCharacterInTwo() {
    var url = "http://" + "x".repeat(22) + "\ud83c\udf2a".repeat(20);
    assertThat(shortened(url)).endsWith("|http://" + "x".repeat(22) + "...");
  }

  /** What looks like more than it is must not cost more. Each takes hours if it is quadratic. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://(",
        "http://a(",
        "http://x.",
        "www.(",
        "a:/",
        "a.",
        "(((",
        "http://a)",
        "((a)",
        "w",
        "http:",
        "a://",
        "http://a\"",
        "&amp;",
        "http://....(",
        "1-",
        "http://\u00fc",
        "()"
      })
  void isLinearInHostileText(String piece) {
    var text = piece.repeat(2_000_000 / piece.length());
    assertTimeoutPreemptively(
        Duration.ofSeconds(60), () -> assertThat(Escape.linkify(text)).isNotEmpty());
  }

  @Test
  void whateverComesIsEscapedAndKept() {
    var random = new Random(12);
    var pieces = "http://|www.|a|(|)|<|>|\"|'|&| |.|/|?|:|\u00fc|\n|ftp://|x".split("\\|");
    for (int round = 0; round < 20_000; round++) {
      var text = new StringBuilder();
      for (int i = random.nextInt(15); i > 0; i--) {
        text.append(pieces[random.nextInt(pieces.length)]);
      }
      var linked = Escape.linkify(text.toString());
      var withoutLinks = linked.replaceAll("<a href=\"[^\"<>]*\">|</a>", "");
      assertThat(withoutLinks).isEqualTo(Escape.xhtmlEscape(text.toString()));
    }
  }
}
