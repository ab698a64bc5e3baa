// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.waterspout.http.HTTPInputException;

class RequestPathTest {
  @ParameterizedTest
  @CsvSource({
    "/, '', /, /",
    "/a%20b, '', /a b, /a%20b",
    "/%C3%A9, '', /é, /%C3%A9",
    "/a+b, '', /a+b, /a+b",
    "/app, /app, '', /",
    "/app/, /app, /, /",
    "/app/x, /app, /x, /x",
    "/%61pp/x, /app, /x, /x",
    "/my%20app/x, /my%20app, /x, /x",
    "/my%20app/x, /my app, /x, /x",
    "/a/b/c/d, /a/b, /c/d, /c/d",
    "/.a/b./..c/..., '', /.a/b./..c/..., /.a/b./..c/...",
  })
  void leavesTheRawPathBelowTheContext(
      String rawURI, String contextPath, String containerPath, String target) {
    assertThat(RequestPath.target(rawURI, null, contextPath, containerPath)).isEqualTo(target);
  }

  @Test
  void keepsTheQueryAsItWasSent() {
    assertThat(RequestPath.target("/x", "a=%zz|b", "", "/x")).isEqualTo("/x?a=%zz|b");
    assertThat(RequestPath.target("/x", "", "", "/x")).isEqualTo("/x?");
  }

  @ParameterizedTest
  @CsvSource({
    "/a%2Fb, '', /a%2Fb", // not decoded by the container
    "//a//b, '', /a/b", // slashes merged
    "/a/../b, '', /b", // normalised
    "/a/./b, '', /a/b",
    "/%2e%2e/b, '', /b",
    "/a;x=1/b, '', /a/b", // parameters stripped
    "/a%zz, '', /a%zz",
    "/%E4, '', /\uFFFD",
    "/other/x, /app, /x",
    "//app/x, /app, /x",
    "/app;v=1/x, /app, /x",
    "/App/x, /app, /x",
    "*, '', ''",
  })
  void refusesWhatTheContainerReadsDifferently(
      String rawURI, String contextPath, String containerPath) {
    assertThatExceptionOfType(HTTPInputException.class)
        .isThrownBy(() -> RequestPath.target(rawURI, null, contextPath, containerPath))
        .returns(400, HTTPInputException::status);
  }

  @ParameterizedTest
  @CsvSource({
    "//a, //a",
    "/a//b, /a//b",
    "/a//, /a//",
    "/./a/b, /./a/b",
    "/a/../b, /a/../b",
    "/a/%2e%2e/b, /a/../b",
    "/a/., /a/.",
    "/a/.., /a/..",
  })
  void refusesWhatTheContainerHasNotNormalised(String rawURI, String containerPath) {
    assertThatExceptionOfType(HTTPInputException.class)
        .isThrownBy(() -> RequestPath.target(rawURI, null, "", containerPath))
        .returns(400, HTTPInputException::status);
  }
}
