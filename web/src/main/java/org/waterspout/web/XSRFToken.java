// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What pages of our own know and those of others do not. Immutable.
 *
 * <pre>
 *   version 1   the bytes in hexadecimal, or any other text
 *   version 2   2|mask|bytes XOR mask|time       a new mask each time it is written
 * </pre>
 *
 * <p>The mask is there because a compressed page that holds a secret, and text of an attacker's,
 * tells by its length what the two have in common (BREACH).
 */
final class XSRFToken {
  private static final int SIZE = 16;
  private static final int MASK_SIZE = 4;
  private static final HexFormat HEX = HexFormat.of();
  private static final SecureRandom RANDOM = new SecureRandom();

  private final byte[] bytes;
  private final String time; // when it was made, in seconds since 1970

  private XSRFToken(byte[] bytes, String time) {
    this.bytes = bytes;
    this.time = time;
  }

  static XSRFToken random() {
    return new XSRFToken(random(SIZE), now());
  }

  /** Reads either version; null if it is malformed, or of a version that we do not know. */
  static @Nullable XSRFToken parse(String text) {
    int bar = text.indexOf('|');
    if (bar >= 0 && isVersion(text.substring(0, bar))) {
      return text.startsWith("2|") ? parse2(text) : null;
    }
    return text.isEmpty() ? null : new XSRFToken(bytes1(text), now());
  }

  private static boolean isVersion(String text) {
    return isDigits(text) && text.charAt(0) != '0';
  }

  private static boolean isDigits(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static byte[] bytes1(String text) {
    try {
      return HEX.parseHex(text);
    } catch (IllegalArgumentException e) {
      return text.getBytes(StandardCharsets.UTF_8); // a text of the user's own
    }
  }

  private static @Nullable XSRFToken parse2(String text) {
    String[] parts = text.split("\\|", -1);
    if (parts.length != 4 || parts[1].length() != 2 * MASK_SIZE || !isDigits(parts[3])) {
      return null;
    }
    try {
      byte[] masked = HEX.parseHex(parts[2]);
      byte[] mask = HEX.parseHex(parts[1]);
      return masked.length == 0 ? null : new XSRFToken(xor(mask, masked), parts[3]);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** In the form of a version: 2 looks different each time. */
  String encode(int version) {
    if (version == 1) {
      return HEX.formatHex(bytes);
    }
    byte[] mask = random(MASK_SIZE);
    return "2|" + HEX.formatHex(mask) + "|" + HEX.formatHex(xor(mask, bytes)) + "|" + time;
  }

  /** Whether both are the same, in a time that does not tell where they differ. */
  boolean matches(XSRFToken other) {
    return MessageDigest.isEqual(bytes, other.bytes);
  }

  private static byte[] xor(byte[] mask, byte[] bytes) {
    byte[] result = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      result[i] = (byte) (bytes[i] ^ mask[i % mask.length]);
    }
    return result;
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  private static String now() {
    return Long.toString(Instant.now().getEpochSecond());
  }
}
