// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.http.Cookie;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldsTest {
  @Test
  void readsCookies() {
    assertThat(Cookies.parse("a=1; b=\"two words\";c=; bad name=x; =y; d=e=f; $Version=1"))
        .extracting(cookie -> cookie.getName() + "=" + cookie.getValue())
        .containsExactly("a=1", "b=\"two words\"", "c=", "d=e=f", "$Version=1");
  }

  @Test
  void writesCookies() {
    var cookie = new Cookie("id", "abc");
    cookie.setPath("/app");
    cookie.setDomain("example.org");
    cookie.setMaxAge(60);
    cookie.setHttpOnly(true);
    cookie.setSecure(true);
    cookie.setAttribute("SameSite", "Strict");
    cookie.setAttribute("Expires", "Thu, 01 Jan 2026 00:00:00 GMT");

    String field = Cookies.format(cookie);

    assertThat(field).startsWith("id=abc; ");
    assertThat(field.substring(8).split("; "))
        .containsExactlyInAnyOrder(
            "Path=/app",
            "Domain=example.org",
            "Max-Age=60",
            "Expires=Thu, 01 Jan 2026 00:00:00 GMT",
            "HttpOnly",
            "Secure",
            "SameSite=Strict");
  }

  @Test
  void tellsTheEndOfACookieAsADateToo() {
    var cookie = new Cookie("id", "abc");
    cookie.setMaxAge(0);
    assertThat(Cookies.format(cookie)).isEqualTo("id=abc; Expires=Thu, 01 Jan 1970 00:00:00 GMT");
    cookie.setMaxAge(3600);
    String field = Cookies.format(cookie);
    assertThat(field).startsWith("id=abc; Max-Age=3600; Expires=");
    long end = HTTPDates.parse(field.substring(field.indexOf("Expires=") + 8));
    assertThat(end - System.currentTimeMillis()).isBetween(3_500_000L, 3_600_000L);
  }

  @Test
  void leavesOutTheAgeOfASessionCookieAndFlagsThatAreOff() {
    var cookie = new Cookie("id", "abc");
    cookie.setMaxAge(-1);
    cookie.setHttpOnly(false);

    assertThat(Cookies.format(cookie)).isEqualTo("id=abc");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a;b", "a b", "a,b", "a\r\nSet-Cookie: x=y", "a\"b", "a\\b", "é", "\u0000"})
  void refusesCookieValuesThatWouldEscape(String value) {
    assertThatThrownBy(() -> Cookies.format(new Cookie("id", value)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesCookieAttributesThatWouldEscape() {
    var cookie = new Cookie("id", "abc");
    cookie.setPath("/; Domain=evil.example");

    assertThatThrownBy(() -> Cookies.format(cookie)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
      })
  void readsTheThreeDates(String date) {
    assertThat(HTTPDates.parse(date)).isEqualTo(784_111_777_000L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "yesterday", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 36 Nov 1994 08:49:37 GMT"})
  void refusesOtherDates(String date) {
    assertThatThrownBy(() -> HTTPDates.parse(date)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void ordersLanguagesByWeight() {
    assertThat(Languages.parse("da, en-GB;q=0.8, en;q=0.7, fr;q=0, *;q=0.5, x y, de;q=junk"))
        .containsExactly(Locale.of("da"), Locale.of("en", "GB"), Locale.of("en"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "null",
      value = {
        "text/html | text/html | null",
        "text/html;charset=UTF-8 | text/html | UTF-8",
        "text/html; Charset = \"utf-8\" | text/html | utf-8",
        "text/html; a=\"x;charset=no\"; charset=latin1; b=2 | text/html; a=\"x;charset=no\"; b=2 |"
            + " latin1",
        "text/html;charset= | text/html | null",
      })
  void separatesTheCharset(String value, String type, String charset) {
    ContentType parsed = ContentType.parse(value);

    assertThat(parsed.type()).isEqualTo(type);
    assertThat(parsed.charset()).isEqualTo(charset);
  }

  @ParameterizedTest
  @CsvSource({
    "example.org, example.org, -1",
    "example.org:8080, example.org, 8080",
    "[::1], [::1], -1",
    "[::1]:80, [::1], 80",
    "example.org:, example.org, -1",
    "example.org:99999, example.org, -1",
    "example.org:+80, example.org, -1",
  })
  void readsHosts(String value, String host, int port) {
    assertThat(HostPort.parse(value)).isEqualTo(new HostPort(host, port));
  }

  @Test
  void escapesWhatGoesIntoPages() {
    assertThat(ErrorPages.error(404, "<script>alert('\"&\"')</script>"))
        .contains("&lt;script&gt;alert(&#x27;&quot;&amp;&quot;&#x27;)&lt;/script&gt;")
        .doesNotContain("<script>");
  }
}
