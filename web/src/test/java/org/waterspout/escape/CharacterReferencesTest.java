// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.escape;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands for characters in HTML. */
class CharacterReferencesTest {
  @ParameterizedTest
  @CsvSource({
    "&lt;b&gt;,<b>",
    "&amp;amp;,&amp;",
    "a&#x27;&apos;&quot;,a''\"",
    "Gr&uuml;&szlig;e,Grüße",
    "&eacute&eacute;,éé",
    "&notit;,¬it;",
    "&notin;,∉",
    "&not,¬",
    "&NotEqualTilde;,≂̸",
    "&CounterClockwiseContourIntegral;,∳",
    "&#233;&#xE9;&#Xe9&#233,éééé",
    "&#128;&#x9f;,€Ÿ",
    "&#x1F32A;,🌪",
  })
  void readsWhatBrowsersRead(String html, String text) {
    assertThat(Escape.xhtmlUnescape(html)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"&#0;", "&#x110000;", "&#xD800;", "&#99999999999999999999;"})
  void whatIsNoCharacterIsReplaced(String html) {
    assertThat(Escape.xhtmlUnescape(html)).isEqualTo("\ufffd");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a & b",
        "&",
        "&&",
        "&;",
        "&#;",
        "&#x;",
        "&#xg;",
        "&unknown;",
        "&a=1&b=2",
        "&Eacut",
        "&#\u0661;",
        "& lt;",
        "&\u00fc;"
      })
  void whatIsNoReferenceStays(String text) {
    assertThat(Escape.xhtmlUnescape(text)).isEqualTo(text);
  }

  @Test
  void undoesEscaping() {
    var random = new Random(5);
    for (int round = 0; round < 5000; round++) {
      var text = new StringBuilder();
      for (int i = random.nextInt(12); i > 0; i--) {
        text.append("&<>\"';#xalmpgt0".charAt(random.nextInt(15)));
      }
      var escaped = Escape.xhtmlEscape(text.toString());
      assertThat(Escape.xhtmlUnescape(escaped)).isEqualTo(text.toString());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"&", "&a", "&#", "&#1", "&CounterClockwiseContourIntegra", "&#x0"})
  void isLinearInHostileText(String piece) {
    var text = piece.repeat(1_000_000 / piece.length());
    assertThat(Escape.xhtmlUnescape(text)).isNotEmpty();
  }
}
