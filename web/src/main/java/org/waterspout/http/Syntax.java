// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.nio.charset.StandardCharsets;
import org.waterspout.text.Shown;

/** The character classes of field values and targets, for bytes and for characters alike. */
final class Syntax {
  private static final byte FIELD = 1;
  private static final byte TARGET = 2;
  private static final byte[] CLASSES = new byte[256];
  private static final byte[] HEX = new byte[256];

  static {
    for (int c = 0; c < 256; c++) {
      boolean visible = c > ' ' && c < 0x7f;
      boolean obsolete = c >= 0x80;
      if (visible || obsolete || c == ' ' || c == '\t') {
        CLASSES[c] |= FIELD;
      }
      if (visible && "\"<>#".indexOf(c) < 0) {
        CLASSES[c] |= TARGET;
      }
      HEX[c] = (byte) (c < 0x80 ? Character.digit(c, 16) : -1);
    }
  }

  private Syntax() {}

  /** Whether the character may stand in a field value: no controls but tab, one byte wide. */
  static boolean isFieldChar(int c) {
    return (CLASSES[c & 0xff] & FIELD) != 0 && c <= 0xff;
  }

  /** Whether the character may stand in a request target: what browsers send, and only ASCII. */
  static boolean isTargetChar(int c) {
    return (CLASSES[c & 0xff] & TARGET) != 0 && c < 0x80;
  }

  /** The value of a hexadecimal digit, or -1. */
  static int hex(int c) {
    return c >= 0 && c <= 0xff ? HEX[c] : -1;
  }

  /** Without spaces and tabs at both ends: other than {@code strip}, nothing else. */
  static String trim(String s) {
    int start = 0;
    int end = s.length();
    while (start < end && isBlank(s.charAt(start))) {
      start++;
    }
    while (end > start && isBlank(s.charAt(end - 1))) {
      end--;
    }
    return s.substring(start, end);
  }

  /** A decimal digit. */
  static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  /** The number that consists of these digits, {@code Long.MAX_VALUE} if it is larger; else -1. */
  static long decimal(String s) {
    long value = 0;
    for (int i = 0; i < s.length(); i++) {
      int digit = s.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value > (Long.MAX_VALUE - 9) / 10 ? Long.MAX_VALUE : value * 10 + digit;
    }
    return s.isEmpty() ? -1 : value;
  }

  /** The characters of these bytes, one each. */
  static String latin1(byte[] bytes, int start, int end) {
    return new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
  }

  /** The bytes of which these are the characters; refused if one is no byte. */
  static byte[] oneByteEach(String s) {
    if (s.chars().anyMatch(c -> c > 0xff)) {
      throw new HTTPInputException("not bytes: " + Shown.quoted(s));
    }
    return s.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Space or tab. */
  static boolean isBlank(int c) {
    return c == ' ' || c == '\t';
  }
}
