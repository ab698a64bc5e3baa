// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import org.waterspout.text.Shown;
import org.waterspout.text.Token;

/** One line of a header or trailer section, RFC 9112 section 5. Pure. */
final class FieldLine {
  private FieldLine() {}

  /**
   * Reads the line and adds it to the fields.
   *
   * @throws HTTPInputException if it is malformed
   */
  static void parse(byte[] line, int length, HTTPHeaders fields) {
    int hash = 0;
    int colon = 0;
    while (colon < length && Token.isTokenChar(line[colon])) {
      hash = 31 * hash + line[colon];
      colon++;
    }
    // Also refuses folded lines and whitespace before the colon (RFC 9112 5.1, 5.2).
    if (colon == 0 || colon == length || line[colon] != ':') {
      throw malformed("header name", line, length);
    }
    int start = colon + 1;
    while (start < length && Syntax.isBlank(line[start])) {
      start++;
    }
    int end = length;
    while (end > start && Syntax.isBlank(line[end - 1])) {
      end--;
    }
    for (int i = start; i < end; i++) {
      if (!Syntax.isFieldChar(line[i] & 0xff)) {
        throw malformed("header value", line, length);
      }
    }
    fields.addChecked(Interned.string(line, 0, colon, hash), Syntax.latin1(line, start, end));
  }

  private static HTTPInputException malformed(String part, byte[] line, int length) {
    return new HTTPInputException(
        "malformed " + part + " in " + Shown.quoted(Syntax.latin1(line, 0, Math.min(length, 100))));
  }
}
