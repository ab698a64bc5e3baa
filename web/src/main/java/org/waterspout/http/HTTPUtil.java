// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** What HTTP code on both sides of the seams needs. Tornado: the functions of {@code httputil}. */
public final class HTTPUtil {
  private static final DateTimeFormatter IMF_FIXDATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private HTTPUtil() {}

  /** An instant as RFC 9110 section 5.6.7 wants it: {@code Sun, 06 Nov 1994 08:49:37 GMT}. */
  public static String formatTimestamp(Instant instant) {
    return IMF_FIXDATE.format(instant);
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
}
