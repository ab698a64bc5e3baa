// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HTTPUtilTest {
  @Test
  void formatsTimestampsAsImfFixdate() {
    assertThat(HTTPUtil.formatTimestamp(Instant.ofEpochSecond(784111777)))
        .isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
  }

  @Test
  void knowsReasonPhrases() {
    assertThat(HTTPStatus.reason(404)).isEqualTo("Not Found");
    assertThat(HTTPStatus.reason(799)).isEqualTo("Unknown");
  }

  // ---- dates

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "Sun Nov 06 08:49:37 1994",
        "Mon, 06 Nov 1994 08:49:37 GMT", // not the day it was
      })
  void readsTheThreeFormsOfADate(String date) {
    assertThat(HTTPUtil.parseTimestamp(date)).isEqualTo(Instant.ofEpochSecond(784111777));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "1994-11-06T08:49:37Z",
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "sun, 06 Nov 1994 08:49:37 GMT",
        "Sun, 06 nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 gmt",
        "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 06 Nov 1994 08:49:37 +0000",
        "Sun, 06 Nov 1994 08:49:37",
        "Sun, 06 Nov 94 08:49:37 GMT",
        "Sun, 06 Nov 19940 08:49:37 GMT",
        "Sun, 06 Nov +994 08:49:37 GMT",
        "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 00 Nov 1994 08:49:37 GMT",
        "Sun, 06 Xyz 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT",
        "Sun, 06 Nov 1994 08:60:37 GMT",
        "Sun, 06 Nov 1994 08:49:61 GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT ",
        "Sun, 06-Nov-94 08:49:37 GMT",
        "Sunday, 06-Nov-1994 08:49:37 GMT",
        "Sun Nov 6 08:49:37 1994",
        "Sun Nov  6 08:49:37 GMT 1994",
        "Sun, \u0660\u0666 Nov 1994 08:49:37 GMT",
      })
  void ignoresOtherDates(String date) {
    assertThat(HTTPUtil.parseTimestamp(date)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "2026,26,2026",
    "2026,76,2076",
    "2026,77,1977",
    "2026,99,1999",
    "2099,00,2100",
    "2070,20,2120"
  })
  void guessesTheCenturyOfShortYears(String now, String year, String expected) {
    assertThat(
            HTTPDateParser.parse(
                "Sunday, 01-Jan-" + year + " 00:00:00 GMT",
                Instant.parse(now + "-06-01T00:00:00Z")))
        .isEqualTo(Instant.parse(expected + "-01-01T00:00:00Z"));
  }

  @Test
  void takesALeapSecondForTheNextMinute() {
    assertThat(HTTPUtil.parseTimestamp("Sat, 31 Dec 2016 23:59:60 GMT"))
        .isEqualTo(Instant.parse("2017-01-01T00:00:00Z"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0001-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "9999-12-31T23:59:59Z"})
  void readsTheDatesThatItWrites(String instant) {
    var date = Instant.parse(instant);

    assertThat(HTTPUtil.parseTimestamp(HTTPUtil.formatTimestamp(date))).isEqualTo(date);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0000-12-31T23:59:59Z", "+10000-01-01T00:00:00Z", "-0001-01-01T00:00:00Z"})
  void writesNoOtherYears(String instant) {
    assertThatThrownBy(() -> HTTPUtil.formatTimestamp(Instant.parse(instant)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  // ---- start lines

  @Test
  void readsRequestLines() {
    assertThat(HTTPUtil.parseRequestStartLine("GET /a?b HTTP/1.0"))
        .isEqualTo(new RequestStartLine("GET", "/a?b", "HTTP/1.0"));
    assertRefused(400, () -> HTTPUtil.parseRequestStartLine("GET /a?b HTTP/1.1\r\n"));
    assertRefused(400, () -> HTTPUtil.parseRequestStartLine("GET /\u0141 HTTP/1.1"));
    assertRefused(505, () -> HTTPUtil.parseRequestStartLine("GET / HTTP/2.0"));
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP/1.1 200 OK,HTTP/1.1,200,OK",
    "HTTP/1.0 404 Not  Found,HTTP/1.0,404,Not  Found",
    "HTTP/1.7 999 \u00e4,HTTP/1.1,999,\u00e4",
    "'HTTP/1.1 204 ',HTTP/1.1,204,''",
    "HTTP/1.1 204,HTTP/1.1,204,''",
  })
  void readsStatusLines(String line, String version, int status, String reason) {
    assertThat(HTTPUtil.parseResponseStartLine(line))
        .isEqualTo(new ResponseStartLine(version, status, reason));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1",
        "HTTP/1.1 ",
        "HTTP/1.1 20",
        "HTTP/1.1 2000 OK",
        "HTTP/1.1 099 x",
        "HTTP/1.1 +20 x",
        "HTTP/1.1  200 OK",
        "HTTP/1.1 200\tOK",
        "HTTP/1.1 200 OK\r\n",
        "http/1.1 200 OK",
        "HTTP/11 200 OK",
        "ICY 200 OK and more",
      })
  void refusesOtherStatusLines(String line) {
    assertRefused(400, () -> HTTPUtil.parseResponseStartLine(line));
  }

  private static void assertRefused(int status, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            HTTPInputException.class, e -> assertThat(e.status()).isEqualTo(status));
  }

  // ---- URLs

  @ParameterizedTest
  @CsvSource(
      value = {
        "http://a/b|http://a/b?x=1&y=%C3%A4+%26",
        "http://a/b?|http://a/b?x=1&y=%C3%A4+%26",
        "http://a/b#f?g|http://a/b?x=1&y=%C3%A4+%26#f?g",
        "/b?c=d&&e&x=0#f|/b?c=d&e=&x=0&x=1&y=%C3%A4+%26#f",
        "/b?c=%7E%2f+%20%ff;d=1|/b?c=~%2F++%FF%3Bd%3D1&x=1&y=%C3%A4+%26",
        "/b?\u00e4|/b?%C3%A4=&x=1&y=%C3%A4+%26",
      },
      delimiter = '|')
  void addsArgumentsToTheQueryOfAURL(String url, String expected) {
    var arguments = List.of(Map.entry("x", "1"), Map.entry("y", "\u00e4 &"));

    assertThat(HTTPUtil.urlConcat(url, arguments)).isEqualTo(expected);
  }

  @Test
  void addsNoArgumentsToAURL() {
    assertThat(HTTPUtil.urlConcat("/a?#b", Map.of())).isEqualTo("/a#b");
    assertThat(HTTPUtil.urlConcat("/a?x=1", Map.of("x", "2"))).isEqualTo("/a?x=1&x=2");
    assertThatThrownBy(() -> HTTPUtil.urlConcat("/a?%zz", Map.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "example.org,example.org,-1",
    "example.org:,example.org,-1",
    "example.org:80,example.org,80",
    "127.0.0.1:65535,127.0.0.1,65535",
    "[::1],[::1],-1",
    "[::1]:0,[::1],0",
  })
  void splitsHostAndPort(String netloc, String host, int port) {
    assertThat(HTTPUtil.splitHostAndPort(netloc)).isEqualTo(new HostAndPort(host, port));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":80",
        "::1",
        "a:b",
        "a:+1",
        "a:-1",
        "a:65536",
        "a:99999999999999999999",
        "a:1:2",
        "[::1",
        "[::1]x:1",
        "a b:1",
        "a/b"
      })
  void refusesOtherHostsAndPorts(String netloc) {
    assertThatThrownBy(() -> HTTPUtil.splitHostAndPort(netloc))
        .isInstanceOf(IllegalArgumentException.class);
  }

  // ---- credentials

  @Test
  void composesCredentials() {
    assertThat(HTTPUtil.encodeUsernamePassword("u\u0308", "a:o\u0308"))
        .isEqualTo("\u00fc:a:\u00f6".getBytes(StandardCharsets.UTF_8));
    assertThat(HTTPUtil.encodeUsernamePassword("", "")).isEqualTo(new byte[] {':'});
  }

  @ParameterizedTest
  @CsvSource({"a:b,secret", "'a\nb',secret", "a,'secret\u0000'"})
  void refusesCredentialsThatCannotBeTakenApart(String username, String password) {
    assertThatThrownBy(() -> HTTPUtil.encodeUsernamePassword(username, password))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("secret");
  }
}
