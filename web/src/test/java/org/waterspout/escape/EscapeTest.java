// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.escape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EscapeTest {
  record Post(int id, String title, List<String> tags) {}

  @Test
  void escapesWhatHTMLWouldRead() {
    assertThat(Escape.xhtmlEscape("<a href=\"x\">'&'</a>"))
        .isEqualTo("&lt;a href=&quot;x&quot;&gt;&#x27;&amp;&#x27;&lt;/a&gt;");
  }

  @Test
  void leavesOtherTextAlone() {
    String text = "Grüße, 世界 + 1";

    assertThat(Escape.xhtmlEscape(text)).isSameAs(text);
  }

  @ParameterizedTest
  @CsvSource({"a b,a+b,a%20b", "a/b?c,a%2Fb%3Fc,a%2Fb%3Fc", "é,%C3%A9,%C3%A9", "~-._,~-._,~-._"})
  void percentEncodesUTF8(String plain, String inQuery, String inPath) {
    assertThat(Escape.urlEscape(plain)).isEqualTo(inQuery);
    assertThat(Escape.urlEscape(plain, false)).isEqualTo(inPath);
    assertThat(Escape.urlUnescape(inQuery)).isEqualTo(plain);
  }

  @ParameterizedTest
  @ValueSource(strings = {"%", "%4", "%zz", "%4z", "a%", "%ff", "%c3%28", "%ed%a0%80"})
  void refusesWhatIsNotTheEncodingOfText(String malformed) {
    assertThatThrownBy(() -> Escape.urlUnescape(malformed))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource(
      value = {
        "a=1&b=2|{a=[1], b=[2]}",
        "a=1&a=2|{a=[1, 2]}",
        "a=&b|{a=[], b=[]}",
        "&&a=1&|{a=[1]}",
        "a=b=c|{a=[b=c]}",
        "a=1;b=2|{a=[1;b=2]}",
        "a+b=c%26d|{a b=[c&d]}",
        "=x|{=[x]}",
      },
      delimiter = '|')
  void readsQueries(String query, String expected) {
    Map<String, List<String>> readable = new LinkedHashMap<>();
    Escape.parseQueryBytes(query.getBytes(StandardCharsets.US_ASCII))
        .forEach((name, values) -> readable.put(name, values.stream().map(Escape::utf8).toList()));

    assertThat(readable).hasToString(expected);
  }

  @Test
  void keepsTheBytesOfValuesThatAreNotUTF8() {
    var arguments = Escape.parseQueryBytes("a=%ff%00".getBytes(StandardCharsets.US_ASCII));

    assertThat(arguments.get("a").getFirst()).containsExactly(0xff, 0);
  }

  @Test
  void encodesRecordsAndMapsAsJSON() {
    assertThat(Escape.jsonEncode(new Post(1, "Überschrift", List.of("a"))))
        .isEqualTo("{\"id\":1,\"title\":\"Überschrift\",\"tags\":[\"a\"]}");
    assertThat(Escape.jsonEncode(Map.of("a", 1.5))).isEqualTo("{\"a\":1.5}");
    assertThat(Escape.jsonEncode(null)).isEqualTo("null");
  }

  @Test
  void writesJSONThatCannotEndAScript() {
    assertThat(Escape.jsonEncode("</script>")).isEqualTo("\"<\\/script>\"");
    String hidden = "<!--<script>";
    assertThat(Escape.jsonEncode(Map.of(hidden, "<!")))
        .isEqualTo("{\"\\u003c!--<script>\":\"\\u003c!\"}");
    assertThat(Escape.jsonDecode(Escape.jsonEncode(hidden))).isEqualTo(hidden);
  }

  @Test
  void refusesMoreArgumentsThanAllowed() {
    byte[] three = "a&b=1&&c".getBytes(StandardCharsets.US_ASCII);

    assertThat(Escape.parseQueryBytes(three, 3)).hasSize(3);
    assertThatThrownBy(() -> Escape.parseQueryBytes(three, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("more than 2 arguments");
  }

  @Test
  void squeezesBlanks() {
    assertThat(Escape.squeeze("a b")).isEqualTo("a b");
    assertThat(Escape.squeeze("  a \t\0\n b  ")).isEqualTo("a b");
    assertThat(Escape.squeeze("a\u00a0 b")).isEqualTo("a\u00a0 b");
    assertThat(Escape.squeeze(" \n")).isEmpty();
    assertThat(Escape.squeeze("")).isEmpty();
  }

  @Test
  void percentDecodesOtherCharsets() {
    var shiftJIS = Charset.forName("Shift_JIS");
    assertThat(Escape.urlUnescape("%e9+b", StandardCharsets.ISO_8859_1, true))
        .isEqualTo("\u00e9 b");
    assertThat(Escape.urlUnescape("%e9+b", StandardCharsets.ISO_8859_1, false))
        .isEqualTo("\u00e9+b");
    assertThat(Escape.urlUnescape("%83e\u30c6", shiftJIS, true)).isEqualTo("\u30c6\u30c6");
    assertThat(Escape.urlUnescape("a+b", false)).isEqualTo("a+b");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Escape.urlUnescape("%ff", StandardCharsets.US_ASCII, true));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Escape.urlUnescape("\u00e9", StandardCharsets.US_ASCII, true));
    assertThatIllegalArgumentException().isThrownBy(() -> Escape.urlUnescape("\ud800", true));
  }

  // ---- reading JSON

  @Test
  void readsJSON() {
    assertThat(Escape.jsonDecode("{\"a\":[1,2.5,\"x\",true,null]}"))
        .isEqualTo(Map.of("a", Arrays.asList(1, 2.5, "x", true, null)));
    assertThat(Escape.jsonDecode("null")).isNull();
    assertThat(Escape.jsonDecode(" \"<\\/script>\" ")).isEqualTo("</script>");
  }

  @Test
  void readsRecords() {
    assertThat(Escape.jsonDecode("{\"tags\":[\"a\"],\"id\":1,\"more\":{}}", Post.class))
        .isEqualTo(new Post(1, null, List.of("a")));
    assertThat(Escape.jsonDecode("{}", Post.class)).isEqualTo(new Post(0, null, null));
    assertThat(Escape.jsonDecode("null", Post.class)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{\"a\":1,\"a\":2}",
        "1 2",
        "{} x",
        "{a:1}",
        "{'a':1}",
        "[1,]",
        "NaN",
        "01",
        "\"\n\"",
        "// a\n1",
        "\ufeff1"
      })
  void refusesWhatIsNotJSON(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Escape.jsonDecode(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "1",
        "{\"id\":\"1\"}",
        "{\"id\":1.5}",
        "{\"id\":null}",
        "{\"id\":1,\"title\":2}",
        "{\"id\":1,\"title\":true}",
        "{\"id\":1,\"tags\":\"a\"}",
        "{\"id\":99999999999}",
        "\"\""
      })
  void refusesWhatDoesNotFitTheRecord(String json) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Escape.jsonDecode(json, Post.class))
        .withMessage("not the JSON of a Post");
  }

  @Test
  void refusesJSONThatIsTooDeep() {
    assertThat(Escape.jsonDecode("[".repeat(400) + "]".repeat(400))).isNotNull();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Escape.jsonDecode("[".repeat(100_000) + "]".repeat(100_000)));
    assertThatIllegalArgumentException().isThrownBy(() -> Escape.jsonDecode("9".repeat(100_000)));
  }
}
