// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.http.HTTPUtil;

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
            .withSameSite(CookieAttributes.SameSite.LAX)
            .withPartitioned();

    assertThat(SetCookie.header("a", "", attributes))
        .isEqualTo(
            "a=; Domain=example.org; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/x;"
                + " Secure; HttpOnly; SameSite=Lax; Partitioned");
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

  @Test
  void refusesDatesThatHaveNoForm() {
    assertRefused("a", DEFAULT.withExpires(Instant.parse("+10000-01-01T00:00:00Z")));
  }

  @Test
  void refusesWhatBrowsersDropWithoutAWord() {
    var secure = DEFAULT.withSecure();
    var crossSite = CookieAttributes.SameSite.NONE;

    assertRefused("a", DEFAULT.withPartitioned());
    assertRefused("a", DEFAULT.withSameSite(crossSite));
    assertRefused("__Secure-a", DEFAULT);
    assertRefused("__host-a", DEFAULT);
    assertRefused("__Host-a", secure.withPath("/x"));
    assertRefused("__Host-a", secure.withDomain("example.org"));
    assertThat(SetCookie.header("__Host-a", "b", secure.withSameSite(crossSite)))
        .isEqualTo("__Host-a=b; Path=/; Secure; SameSite=None");
    assertThat(SetCookie.header("__Secure-a", "b", secure.withPath("/x")))
        .isEqualTo("__Secure-a=b; Path=/x; Secure");
  }

  @Test
  void refusesWhatIsLargerThanBrowsersTake() {
    assertThat(SetCookie.header("name", "v".repeat(4092), DEFAULT)).endsWith("; Path=/");
    assertThatThrownBy(() -> SetCookie.header("name", "v".repeat(4093), DEFAULT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cookie name:");
    assertThatThrownBy(() -> SetCookie.header("name", "\"".repeat(1100), DEFAULT))
        .as("with its escapes")
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SetCookie.header("n".repeat(5000), "v", DEFAULT))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .hasSizeLessThan(200);
    assertThat(SetCookie.header("n".repeat(5000), "", DEFAULT))
        .as("a client may say that it has one")
        .endsWith("n=; Path=/");
  }

  private static void assertRefused(String name, CookieAttributes attributes) {
    assertThatThrownBy(() -> SetCookie.header(name, "v", attributes))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void writesValuesThatComeBackAsTheyWere() {
    var value = new StringBuilder();
    for (char c = '!'; c < 0x7f; c++) {
      value.append(c);
    }
    String header = SetCookie.header("a", value.toString(), DEFAULT);
    String sentBack = header.substring(0, header.indexOf(';'));

    assertThat(HTTPUtil.parseCookie(sentBack)).containsExactly(Map.entry("a", value.toString()));
  }
}
