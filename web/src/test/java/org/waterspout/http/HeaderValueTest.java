// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values with parameters, read and written. */
class HeaderValueTest {
  @ParameterizedTest
  @CsvSource(
      value = {
        "text/html|text/html|{}",
        "Text/HTML; Charset=UTF-8|Text/HTML|{charset=UTF-8}",
        " a \t; b = c|-|-",
        "a;b=c;d=e|a|{b=c, d=e}",
        "a ; b=\"c; d=\\\"e\\\"\\x\" ; f=\"\"|a|{b=c; d=\"e\"x, f=}",
        "permessage-deflate; client_max_window_bits; x=1|permessage-deflate"
            + "|{client_max_window_bits=null, x=1}",
        "a;;b; |a|{b=null}",
        "*/*;q=0.8|*/*|{q=0.8}",
      },
      delimiter = '|',
      quoteCharacter = '~')
  void readsParameters(String text, String value, String parameters) {
    if (value.equals("-")) {
      assertThatThrownBy(() -> HTTPUtil.parseHeader(text)).isInstanceOf(HTTPInputException.class);
      return;
    }
    var parsed = HTTPUtil.parseHeader(text);

    assertThat(parsed.value()).isEqualTo(value);
    assertThat(parsed.parameters()).hasToString(parameters);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ";a=b",
        "a b",
        "a, b",
        "a;=b",
        "a;b=",
        "a;b=\"",
        "a;b=\"c\\",
        "a;b=\"c\"d",
        "a;b=c d",
        "a;b=c;B=d",
        "a;b;b",
        "a;b=\u00e4",
        "a;b=\"\r\n\"",
        "a;b=\"\u0100\"",
      })
  void refusesWhatIsMalformed(String text) {
    assertThatThrownBy(() -> HTTPUtil.parseHeader(text)).isInstanceOf(HTTPInputException.class);
  }

  @Test
  void writesWhatItReads() {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("plain", "x");
    parameters.put("flag", null);
    parameters.put("empty", "");
    parameters.put("quoted", "a \"b\\c\"; d");
    var value = new HeaderValue("form-data", parameters);

    String text = HTTPUtil.encodeHeader(value);

    assertThat(text)
        .isEqualTo("form-data; plain=x; flag; empty=\"\"; quoted=\"a \\\"b\\\\c\\\"; d\"");
    assertThat(HTTPUtil.parseHeader(text)).isEqualTo(value);
  }

  @Test
  void refusesToWriteWhatWouldBecomeSomethingElse() {
    assertRefused(new HeaderValue("a\r\nb", Map.of()));
    assertRefused(new HeaderValue("", Map.of()));
    assertRefused(new HeaderValue("a; b", Map.of()));
    assertRefused(new HeaderValue("a", Map.of("b c", "d")));
    assertRefused(new HeaderValue("a", Map.of("b", "c\r\nd")));
    assertRefused(new HeaderValue("a", Map.of("b", "\u20ac")));
  }

  private static void assertRefused(HeaderValue value) {
    assertThatThrownBy(() -> HTTPUtil.encodeHeader(value))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
