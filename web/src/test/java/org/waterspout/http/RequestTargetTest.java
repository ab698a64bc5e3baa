// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTargetTest {
  @ParameterizedTest
  @CsvSource({
    "/,/,''",
    "/a%2Fb,/a%2Fb,''",
    "/a?b=c?d,/a,b=c?d",
    "/?,/,''",
    "//a//b,//a//b,''",
    "/a/../b,/a/../b,''",
  })
  void splitsPathAndQueryWithoutDecoding(String target, String path, String query) {
    assertThat(RequestTarget.parse("GET", target)).isEqualTo(new RequestTarget(null, path, query));
  }

  @ParameterizedTest
  @CsvSource({
    "http://example.org/a?b,example.org,/a,b",
    "HTTPS://[::1]:8443,[::1]:8443,/,''",
    "http://example.org?q,example.org,/,q",
  })
  void understandsAbsoluteForm(String target, String authority, String path, String query) {
    assertThat(RequestTarget.parse("GET", target))
        .isEqualTo(new RequestTarget(authority, path, query));
  }

  @Test
  void understandsTheFormsOfOptionsAndConnect() {
    assertThat(RequestTarget.parse("OPTIONS", "*")).isEqualTo(new RequestTarget(null, "*", ""));
    assertThat(RequestTarget.parse("CONNECT", "example.org:443"))
        .isEqualTo(new RequestTarget("example.org:443", "", ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*",
        "a",
        "example.org:443",
        "ftp://example.org/",
        "http:///a",
        "http://:80/",
        "http://user@example.org/",
        "http://a\\b/",
        "/a#b"
      })
  void refusesEverythingElse(String target) {
    assertThatThrownBy(() -> RequestTarget.parse("GET", target))
        .isInstanceOf(HTTPInputException.class);
  }
}
