// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.text;

/** The tokens of RFC 9110 section 5.6.2: names of methods, fields, parameters and cookies. Pure. */
public final class Token {
  private static final boolean[] IN_TOKEN = new boolean[0x80];

  static {
    for (int c = '!'; c < 0x7f; c++) {
      IN_TOKEN[c] = "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0;
    }
  }

  private Token() {}

  /** Whether the character, or the byte, may stand in a token. */
  public static boolean isTokenChar(int c) {
    return c >= 0 && c < 0x80 && IN_TOKEN[c];
  }

  /** Whether there is at least one character, and each may stand in a token. */
  public static boolean isToken(String s) {
    for (int i = 0; i < s.length(); i++) {
      if (!isTokenChar(s.charAt(i))) {
        return false;
      }
    }
    return !s.isEmpty();
  }
}
