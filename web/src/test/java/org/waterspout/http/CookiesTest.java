// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CookiesTest {
  @ParameterizedTest
  @CsvSource(
      value = {
        "a=b|{a=b}",
        "a=b; c=d|{a=b, c=d}",
        "a=b;c=d;|{a=b, c=d}",
        "a=b; a=c|{a=c}",
        "a=b=c|{a=b=c}",
        "a=|{a=}",
        "nameless; =x; a=b|{a=b}",
        "two words=x; a=b|{a=b}",
        "a=\"x\\073y\\\"z\"|{a=x;y\"z}",
        "a=\"|{a=\"}",
        "a=\"x\\08\"|{a=x08}",
      },
      delimiter = '|',
      quoteCharacter = '~')
  void readsWhatBrowsersSend(String header, String expected) {
    assertThat(Cookies.parse(List.of(header))).hasToString(expected);
  }

  @Test
  void joinsSeveralHeaders() {
    assertThat(Cookies.parse(List.of("a=b", "c=d"))).hasToString("{a=b, c=d}");
  }
}
