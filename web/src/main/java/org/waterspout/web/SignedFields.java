// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.util.Base64;
import org.waterspout.web.SignedValues.Refused;

/**
 * What a signed value is made of, each character one byte. Pure; the signature is not checked here.
 *
 * <pre>
 *   version 1   value|timestamp|signature           of name, value and timestamp in a row
 *   version 2   2|1:0|10:1300000000|3:key|8:dmFsdWU=|signature     of all in front of it
 *                 key version, timestamp, name, value
 * </pre>
 *
 * @param timestamp seconds since 1970
 * @param value in base64
 */
record SignedFields(int keyVersion, long timestamp, String name, String value, String signature) {
  private static final int MAX_DIGITS = 18; // a long holds them

  /** Of what is yet to be signed. */
  SignedFields(int keyVersion, long timestamp, String name, String value) {
    this(keyVersion, timestamp, name, value, "");
  }

  /**
   * A value of version 1 begins with base64, which may look like a number; then its length is a
   * multiple of four.
   */
  static int version(String text) {
    int bar = text.indexOf('|');
    if (bar < 1 || bar > 3 || text.charAt(0) == '0') {
      return 1;
    }
    int version = 0;
    for (int i = 0; i < bar; i++) {
      if (!isDigit(text.charAt(i))) {
        return 1;
      }
      version = version * 10 + text.charAt(i) - '0';
    }
    return version;
  }

  /** Reads version 1, which does not say its name. */
  static SignedFields parse1(String text, String name) throws Refused {
    int first = text.indexOf('|');
    int second = text.indexOf('|', first + 1);
    if (first < 0 || second < 0 || text.indexOf('|', second + 1) >= 0) {
      throw malformed();
    }
    String timestamp = text.substring(first + 1, second);
    if (timestamp.startsWith("0")) {
      throw malformed();
    }
    return new SignedFields(
        0, number(timestamp), name, text.substring(0, first), text.substring(second + 1));
  }

  /** Reads version 2. */
  static SignedFields parse2(String text) throws Refused {
    var reader = new Reader(text, 2);
    long keyVersion = number(reader.next());
    if (keyVersion > Integer.MAX_VALUE) {
      throw malformed();
    }
    long timestamp = number(reader.next());
    String name = reader.next();
    String value = reader.next();
    return new SignedFields((int) keyVersion, timestamp, name, value, reader.rest());
  }

  /** What is written of version 1 but for the signature. */
  String unsigned1() {
    return value + "|" + timestamp + "|";
  }

  /** What is signed of version 1. */
  String signed1() {
    return name + value + timestamp;
  }

  /** What is written of version 2 but for the signature, and signed as it is. */
  String unsigned2() {
    return "2|"
        + field(Integer.toString(keyVersion))
        + field(Long.toString(timestamp))
        + field(name)
        + field(value);
  }

  byte[] decodedValue() throws Refused {
    try {
      return Base64.getDecoder().decode(value);
    } catch (IllegalArgumentException e) {
      throw malformed();
    }
  }

  /** Whether the value is what an encoder makes; a decoder takes more than that. */
  boolean isCanonical() throws Refused {
    return Base64.getEncoder().encodeToString(decodedValue()).equals(value);
  }

  private static String field(String text) {
    return text.length() + ":" + text + "|";
  }

  /** Digits without a zero in front of others, as we write them. */
  private static long number(String text) throws Refused {
    boolean zeroes = text.length() > 1 && text.charAt(0) == '0';
    if (text.isEmpty() || text.length() > MAX_DIGITS || zeroes) {
      throw malformed();
    }
    long number = 0;
    for (int i = 0; i < text.length(); i++) {
      if (!isDigit(text.charAt(i))) {
        throw malformed();
      }
      number = number * 10 + text.charAt(i) - '0';
    }
    return number;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static Refused malformed() {
    return new Refused("it is malformed");
  }

  /** Takes fields off a text, one after the other. */
  private static final class Reader {
    private final String text;
    private int position;

    Reader(String text, int position) {
      this.text = text;
      this.position = position;
    }

    String next() throws Refused {
      int colon = text.indexOf(':', position);
      if (colon < 0) {
        throw malformed();
      }
      long length = number(text.substring(position, colon));
      int start = colon + 1;
      if (length >= text.length() - start || text.charAt(start + (int) length) != '|') {
        throw malformed();
      }
      int end = start + (int) length;
      position = end + 1;
      return text.substring(start, end);
    }

    String rest() {
      return text.substring(position);
    }
  }
}
