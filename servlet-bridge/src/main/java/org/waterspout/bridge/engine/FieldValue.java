// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import java.nio.charset.StandardCharsets;

/** What applications put into headers, made fit to be sent. */
final class FieldValue {
  private FieldValue() {}

  /**
   * A value whose characters above U+00FF, which a header cannot hold, are replaced by question
   * marks. Control characters are left for HTTPHeaders to refuse.
   */
  static String of(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) > 0xff) {
        byte[] latin1 = value.getBytes(StandardCharsets.ISO_8859_1);
        return new String(latin1, StandardCharsets.ISO_8859_1);
      }
    }
    return value;
  }

  /**
   * A length.
   *
   * @throws IllegalArgumentException if it is none
   */
  static long length(String value) {
    String digits = value.strip();
    if (digits.isEmpty()
        || digits.length() > 18
        || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new IllegalArgumentException("not a Content-Length");
    }
    return Long.parseLong(digits);
  }

  /**
   * A URI reference in which spaces and characters above ASCII are encoded.
   *
   * @throws IllegalArgumentException if it contains a control character
   */
  static String location(String location) {
    if (location == null) {
      throw new IllegalArgumentException("a redirect without a location");
    }
    var out = new StringBuilder(location.length());
    for (byte b : location.getBytes(StandardCharsets.UTF_8)) {
      int c = b & 0xff;
      if (c < ' ' || c == 0x7f) {
        throw new IllegalArgumentException("a location with a control character");
      }
      if (c == ' ' || c > 0x7f) {
        out.append(String.format("%%%02X", c));
      } else {
        out.append((char) c);
      }
    }
    return out.toString();
  }
}
