// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

/** Characters that come from outside, checked and shown. Pure. */
final class Text {
  private static final int SHOWN = 120;

  private Text() {}

  /** Quoted for a message, with what could break a log line escaped, and cut. */
  static String printable(String s) {
    var out = new StringBuilder(s.length() + 2).append('"');
    for (int i = 0; i < s.length() && i < SHOWN; i++) {
      char c = s.charAt(i);
      if (c >= ' ' && c < 0x7f) {
        out.append(c);
      } else {
        out.append(String.format("\\u%04x", (int) c));
      }
    }
    return out.append(s.length() > SHOWN ? "\"..." : "\"").toString();
  }

  /** RFC 9110 section 5.6.2. */
  static boolean isToken(String s) {
    for (int i = 0; i < s.length(); i++) {
      if (!isTokenChar(s.charAt(i))) {
        return false;
      }
    }
    return !s.isEmpty();
  }

  static boolean isTokenChar(char c) {
    return c > ' ' && c < 0x7f && "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0;
  }
}
