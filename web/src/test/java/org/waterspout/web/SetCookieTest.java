// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SetCookieTest {
  private static final CookieAttributes DEFAULT = CookieAttributes.DEFAULT;

  @Test
  void writesTheShortestForm() {
    assertThat(SetCookie.header("a", "b", DEFAULT)).isEqualTo("a=b; Path=/");
  }

  @Test
  void writesAllAttributes() {
    var attributes =
        DEFAULT
            .withDomain("example.org")
            .withPath("/x")
            .withExpires(Instant.EPOCH)
            .withMaxAge(Duration.ZERO)
            .withSecure()
            .withHttpOnly()
            .withSameSite(CookieAttributes.SameSite.LAX);

    assertThat(SetCookie.header("a", "", attributes))
        .isEqualTo(
            "a=; Domain=example.org; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/x;"
                + " Secure; HttpOnly; SameSite=Lax");
  }

  @Test
  void quotesWhatCannotStandPlain() {
    assertThat(SetCookie.header("a", "x;\"\\,y", DEFAULT))
        .isEqualTo("a=\"x\\073\\042\\134\\054y\"; Path=/");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "a\r\nb", "é", "\u007f", "\t"})
  void refusesValuesThatNeedAnEncoding(String value) {
    assertThatThrownBy(() -> SetCookie.header("a", value, DEFAULT))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a;b", "a=b", "a\nb", "é"})
  void refusesNamesThatAreNoTokens(String name) {
    assertThatThrownBy(() -> SetCookie.header(name, "v", DEFAULT))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/;x", "/ x", "/\r\n"})
  void refusesAttributesThatWouldBecomeOthers(String injected) {
    assertThatThrownBy(() -> DEFAULT.withPath(injected))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> DEFAULT.withDomain(injected))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
