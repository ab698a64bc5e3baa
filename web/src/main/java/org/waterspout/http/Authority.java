// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import org.jspecify.annotations.Nullable;

/** Host and port as they stand in Host and in request targets, RFC 3986 section 3.2. Pure. */
final class Authority {
  static final int MAX_PORT = 65_535;

  private Authority() {}

  /**
   * Whether this is a host, or a host and a port up to 65535; empty is valid too, and so is an
   * empty port (RFC 9110 section 7.2).
   */
  static boolean isValid(String authority) {
    int end = authority.startsWith("[") ? literalEnd(authority) : nameEnd(authority);
    if (end < 0 || end == authority.length()) {
      return end >= 0;
    }
    return authority.charAt(end) == ':' && isPort(authority, end + 1);
  }

  private static boolean isPort(String authority, int start) {
    if (authority.length() - start > 5) {
      return false;
    }
    int port = 0;
    for (int i = start; i < authority.length(); i++) {
      char c = authority.charAt(i);
      if (!Syntax.isDigit(c)) {
        return false;
      }
      port = port * 10 + c - '0';
    }
    return port <= MAX_PORT;
  }

  /** Whether a valid authority names a port. */
  static boolean hasPort(String authority) {
    int colon = authority.lastIndexOf(':');
    return colon > 0 && colon > authority.lastIndexOf(']') && colon < authority.length() - 1;
  }

  /** The authority of a target in absolute form, null if this is no http or https URL. */
  static @Nullable String ofAbsolute(String target) {
    int start = schemeLength(target);
    if (start == 0) {
      return null;
    }
    int end = start;
    while (end < target.length() && target.charAt(end) != '/' && target.charAt(end) != '?') {
      end++;
    }
    return target.substring(start, end);
  }

  private static int schemeLength(String target) {
    if (target.regionMatches(true, 0, "http://", 0, 7)) {
      return 7;
    }
    return target.regionMatches(true, 0, "https://", 0, 8) ? 8 : 0;
  }

  private static int nameEnd(String authority) {
    int i = 0;
    for (; i < authority.length(); i++) {
      char c = authority.charAt(i);
      if (c == '%') {
        if (i + 2 >= authority.length()
            || Syntax.hex(authority.charAt(i + 1)) < 0
            || Syntax.hex(authority.charAt(i + 2)) < 0) {
          return -1;
        }
      } else if (!isAlphanumeric(c) && "-._~!$&'()*+,;=".indexOf(c) < 0) {
        break;
      }
    }
    return i == 0 && !authority.isEmpty() ? -1 : i;
  }

  private static int literalEnd(String authority) {
    int close = authority.indexOf(']');
    for (int i = 1; i < close; i++) {
      char c = authority.charAt(i);
      if (Syntax.hex(c) < 0 && c != ':' && c != '.') {
        return -1;
      }
    }
    return close < 3 ? -1 : close + 1;
  }

  private static boolean isAlphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || Syntax.isDigit(c);
  }
}
