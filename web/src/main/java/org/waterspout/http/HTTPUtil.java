// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.waterspout.text.Shown;

/** What HTTP code on both sides of the seams needs. Tornado: the functions of {@code httputil}. */
public final class HTTPUtil {
  private static final DateTimeFormatter IMF_FIXDATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

  private HTTPUtil() {}

  /**
   * Whether a field of this name may stand behind a body, as a trailer. Not if it counts before the
   * body is read: framing, routing, authentication, controls, the content's format (RFC 9110
   * section 6.5.1).
   */
  public static boolean isTrailer(String name) {
    return TrailerFields.allows(name);
  }

  /**
   * An instant as RFC 9110 section 5.6.7 wants it: {@code Sun, 06 Nov 1994 08:49:37 GMT}.
   *
   * @throws IllegalArgumentException if its year has not one to four digits
   */
  public static String formatTimestamp(Instant instant) {
    if (instant.isBefore(FIRST) || instant.isAfter(LAST)) {
      throw new IllegalArgumentException("no HTTP date has the year of " + instant);
    }
    return IMF_FIXDATE.format(instant);
  }

  /**
   * The instant of a date in one of the three forms of RFC 9110 section 5.6.7.
   *
   * @return null if it has none of them: the RFC wants headers with such a date ignored
   */
  public static @Nullable Instant parseTimestamp(String text) {
    return HTTPDateParser.parse(text, Instant.now());
  }

  /** {@link #formatTimestamp} of now, formatted once per second. From any thread. */
  public static String currentTimestamp() {
    return HTTPDate.nowAsText();
  }

  /**
   * Reads a value with parameters, {@code form-data; name="a b"; flag}, RFC 9110 section 5.6.6.
   * Tornado: {@code _parse_header}.
   *
   * @throws HTTPInputException if it is malformed, or names a parameter twice
   */
  public static HeaderValue parseHeader(String text) {
    return HeaderValueParser.parse(text);
  }

  /**
   * Writes a value with parameters; what is no token is quoted. Tornado: {@code _encode_header}.
   *
   * @throws IllegalArgumentException if something in it cannot stand in a header
   */
  public static String encodeHeader(HeaderValue value) {
    return HeaderValueWriter.write(value);
  }

  /**
   * Reads a request line without its line end, {@code GET / HTTP/1.1}, RFC 9112 section 3.
   *
   * @throws HTTPInputException if it is malformed; its status is 505 for another major version
   */
  public static RequestStartLine parseRequestStartLine(String line) {
    byte[] bytes = Syntax.oneByteEach(line);
    return RequestLine.parse(bytes, bytes.length);
  }

  /**
   * Reads a status line without its line end, {@code HTTP/1.1 200 OK}, RFC 9112 section 4.
   *
   * @throws HTTPInputException if it is malformed; its status is 505 for another major version
   */
  public static ResponseStartLine parseResponseStartLine(String line) {
    byte[] bytes = Syntax.oneByteEach(line);
    return ResponseLine.parse(bytes, bytes.length);
  }

  /**
   * Reads the value of a Cookie header as browsers write it: pairs between semicolons, and of two
   * with one name the last. A piece without an equals sign is the value of the empty name. Quotes
   * and octal escapes as {@code setCookie} writes them are undone.
   */
  public static Map<String, String> parseCookie(String cookie) {
    return Cookies.parse(cookie);
  }

  /** As {@link #urlConcat(String, List)}, with one value for each name. */
  public static String urlConcat(String url, Map<String, String> arguments) {
    return urlConcat(url, List.copyOf(arguments.entrySet()));
  }

  /**
   * Adds arguments to the query of a URL, in front of its fragment. What was in the query stays, in
   * the same encoding as what is added.
   *
   * @throws IllegalArgumentException if the percent-encoding of the query is malformed
   */
  public static String urlConcat(String url, List<Map.Entry<String, String>> arguments) {
    return URLQuery.concat(url, arguments);
  }

  /**
   * Splits {@code example.org:8888}, {@code [::1]:8888}, or either without a port.
   *
   * @throws IllegalArgumentException if that is not what it is
   */
  public static HostAndPort splitHostAndPort(String netloc) {
    int colon = netloc.indexOf(':', netloc.lastIndexOf(']') + 1);
    String host = colon < 0 ? netloc : netloc.substring(0, colon);
    String port = colon < 0 ? "" : netloc.substring(colon + 1);
    long number = port.isEmpty() ? 0 : Syntax.decimal(port);
    if (host.isEmpty() || !Authority.isValid(host) || number < 0 || number > Authority.MAX_PORT) {
      throw new IllegalArgumentException("not a host and a port: " + Shown.quoted(netloc));
    }
    return new HostAndPort(host, port.isEmpty() ? -1 : (int) number);
  }

  /**
   * The bytes that Basic authentication encodes, RFC 7617: {@code user:password} in UTF-8 and
   * normalization form C.
   *
   * @throws IllegalArgumentException if the user's name holds a colon, or one of them a control
   *     character
   */
  public static byte[] encodeUsernamePassword(String username, String password) {
    // neither value may be in the message
    if (username.indexOf(':') >= 0) {
      throw new IllegalArgumentException("a colon in the user's name");
    }
    if ((username + password).chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("a control character in the user's name or password");
    }
    String joined =
        Normalizer.normalize(username, Normalizer.Form.NFC)
            + ":"
            + Normalizer.normalize(password, Normalizer.Form.NFC);
    return joined.getBytes(StandardCharsets.UTF_8);
  }
}
