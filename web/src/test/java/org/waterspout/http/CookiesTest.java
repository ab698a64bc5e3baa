// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
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
        "a=\"x\\\"|{a=x\\}",
        "a=\"\\303\\244\"|{a=\u00c3\u00a4}",
        "a=\"b; c=d\"|{a=\"b, c=d\"}",
      },
      delimiter = '|',
      quoteCharacter = '~')
  void readsWhatBrowsersSend(String header, String expected) {
    assertThat(cookies(header)).hasToString(expected);
  }

  @Test
  void joinsSeveralHeaders() {
    assertThat(cookies("a=b", "c=d", "a=e")).hasToString("{a=e, c=d}");
  }

  private static Map<String, String> cookies(String... fields) {
    var headers = new HTTPHeaders();
    for (String field : fields) {
      headers.add("Cookie", field);
    }
    return Cookies.of(headers);
  }

  @ParameterizedTest
  @CsvSource(
      value = {
        "nameless; a=b|{=nameless, a=b}",
        "=x|{=x}",
        "=;;  ; a|{=a}",
        "two words=x; {}=y|{two words=x, {}=y}",
      },
      delimiter = '|')
  void theHelperKeepsNamesThatNoCookieCanHave(String header, String expected) {
    assertThat(HTTPUtil.parseCookie(header)).hasToString(expected);
  }
}
