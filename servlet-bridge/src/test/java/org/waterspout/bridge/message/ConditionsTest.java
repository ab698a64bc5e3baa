// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConditionsTest {
  private static final long MODIFIED = 784_111_777_123L; // Sun, 06 Nov 1994 08:49:37 GMT and a bit

  private static Conditions judge(String tag, String... fields) {
    Map<String, String> headers = new HashMap<>();
    for (int i = 0; i < fields.length; i += 2) {
      headers.put(fields[i], fields[i + 1]);
    }
    return Conditions.of(headers::get, tag, MODIFIED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "If-None-Match | \"a\" | NOT_MODIFIED",
        "If-None-Match | W/\"a\" | NOT_MODIFIED",
        "If-None-Match | \"x,y\" , \"b\",W/\"a\" | NOT_MODIFIED",
        "If-None-Match | * | NOT_MODIFIED",
        "If-None-Match | \"b\" | MET",
        "If-None-Match | a | MET",
        "If-None-Match | \"a | MET",
        "If-None-Match | , , | MET",
        "If-Match | \"a\" | MET",
        "If-Match | * | MET",
        "If-Match | W/\"a\" | FAILED",
        "If-Match | \"b\" | FAILED",
        "If-Modified-Since | Sun, 06 Nov 1994 08:49:37 GMT | NOT_MODIFIED",
        "If-Modified-Since | Sun, 06 Nov 1994 08:49:36 GMT | MET",
        "If-Modified-Since | yesterday | MET",
        "If-Unmodified-Since | Sun, 06 Nov 1994 08:49:37 GMT | MET",
        "If-Unmodified-Since | Sun, 06 Nov 1994 08:49:36 GMT | FAILED",
        "If-Unmodified-Since | tomorrow | MET",
      })
  void judgesOne(String field, String value, Conditions expected) {
    assertThat(judge("\"a\"", field, value)).isEqualTo(expected);
  }

  @Test
  void prefersTagsToDates() {
    String early = "Sun, 06 Nov 1994 08:49:36 GMT";
    String late = "Sun, 06 Nov 1994 08:49:38 GMT";
    assertThat(judge("\"a\"", "If-Match", "\"a\"", "If-Unmodified-Since", early))
        .isEqualTo(Conditions.MET);
    assertThat(judge("\"a\"", "If-None-Match", "\"b\"", "If-Modified-Since", late))
        .isEqualTo(Conditions.MET);
    assertThat(judge("\"a\"", "If-Match", "\"b\"", "If-None-Match", "\"a\""))
        .isEqualTo(Conditions.FAILED);
  }

  @Test
  void takesAWeakTagForTheSameContentAndNotForTheSameBytes() {
    assertThat(judge("W/\"a\"", "If-None-Match", "\"a\"")).isEqualTo(Conditions.NOT_MODIFIED);
    assertThat(judge("W/\"a\"", "If-Match", "W/\"a\"")).isEqualTo(Conditions.FAILED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "\"a\" | \"a\" | true",
        "\"b\" | \"a\" | false",
        "W/\"a\" | \"a\" | false",
        "W/\"a\" | W/\"a\" | false",
        "Sun, 06 Nov 1994 08:49:37 GMT | \"a\" | true",
        "Sun, 06 Nov 1994 08:49:37 GMT | W/\"a\" | false",
        "Sun, 06 Nov 1994 08:49:38 GMT | \"a\" | false",
        "soon | \"a\" | false",
      })
  void tellsWhetherPartsFitTogether(String ifRange, String tag, boolean same) {
    assertThat(Conditions.isSame(ifRange, tag, MODIFIED)).isEqualTo(same);
    assertThat(Conditions.isSame(null, tag, MODIFIED)).isTrue();
  }
}
