// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The strings of methods and header names that nearly every request carries, found by their bytes,
 * and of values that handshakes have in common.
 */
final class Interned {
  private static final String[] METHODS = {
    "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "CONNECT", "TRACE"
  };

  private static final String[] HEADERS = {
    "Accept",
    "Accept-Charset",
    "Accept-Encoding",
    "Accept-Language",
    "Authorization",
    "Cache-Control",
    "Connection",
    "Content-Encoding",
    "Content-Length",
    "Content-Type",
    "Cookie",
    "DNT",
    "Date",
    "Expect",
    "Forwarded",
    "Host",
    "If-Match",
    "If-Modified-Since",
    "If-None-Match",
    "If-Unmodified-Since",
    "Keep-Alive",
    "Origin",
    "Pragma",
    "Priority",
    "Range",
    "Referer",
    "Sec-Fetch-Dest",
    "Sec-Fetch-Mode",
    "Sec-Fetch-Site",
    "Sec-Fetch-User",
    "Sec-WebSocket-Extensions",
    "Sec-WebSocket-Key",
    "Sec-WebSocket-Protocol",
    "Sec-WebSocket-Version",
    "TE",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade",
    "Upgrade-Insecure-Requests",
    "User-Agent",
    "Via",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Real-Ip",
    "X-Requested-With",
    "X-Scheme",
    "X-Xsrftoken"
  };

  /** Of WebSocket handshakes, by the clients that are most used. */
  private static final Map<String, String> VALUES =
      Stream.of(
              "13",
              "Upgrade",
              "gzip, deflate, br",
              "gzip, deflate, br, zstd",
              "keep-alive, Upgrade",
              "no-cache",
              "permessage-deflate",
              "permessage-deflate; client_max_window_bits",
              "websocket")
          .collect(Collectors.toUnmodifiableMap(value -> value, value -> value));

  /** Open addressing; the place of a string follows from its {@code hashCode}. */
  private static final @Nullable String[] TABLE = new @Nullable String[512];

  static {
    for (String method : METHODS) {
      put(method);
    }
    for (String header : HEADERS) {
      put(header);
      put(header.toLowerCase(Locale.ROOT));
    }
  }

  private Interned() {}

  /**
   * The string of these bytes.
   *
   * @param hash what {@code hashCode} of that string returns
   */
  static String string(byte[] bytes, int start, int end, int hash) {
    for (int i = place(hash); ; i = (i + 1) & (TABLE.length - 1)) {
      String candidate = TABLE[i];
      if (candidate == null) {
        return Syntax.latin1(bytes, start, end);
      }
      if (matches(candidate, bytes, start, end)) {
        return candidate;
      }
    }
  }

  /** One string for all that are equal to it, if it is a value that many connections have. */
  static String value(String value) {
    return VALUES.getOrDefault(value, value);
  }

  private static boolean matches(String candidate, byte[] bytes, int start, int end) {
    int length = candidate.length();
    if (length != end - start) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (candidate.charAt(i) != bytes[start + i]) {
        return false;
      }
    }
    return true;
  }

  private static void put(String s) {
    int i = place(s.hashCode());
    while (TABLE[i] != null) {
      i = (i + 1) & (TABLE.length - 1);
    }
    TABLE[i] = s;
  }

  private static int place(int hash) {
    return (hash ^ hash >>> 15) & (TABLE.length - 1);
  }
}
