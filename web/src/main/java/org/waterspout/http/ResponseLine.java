// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import org.waterspout.text.Shown;

/** The first line of a response, RFC 9112 section 4. Pure. */
final class ResponseLine {
  private static final int CODE = 9; // behind the version and a space
  private static final int REASON = 13; // behind the code and a space

  private ResponseLine() {}

  /**
   * Reads the line. The space in front of an empty reason phrase may be missing, as with many
   * servers: nothing else can be meant.
   *
   * @throws HTTPInputException if it is malformed
   */
  static ResponseStartLine parse(byte[] line, int length) {
    if (length < REASON - 1
        || line[CODE - 1] != ' '
        || (length >= REASON && line[REASON - 1] != ' ')) {
      throw malformed(line, length);
    }
    String version = RequestLine.version(line, 0, CODE - 1);
    int status = 0;
    for (int i = CODE; i < REASON - 1; i++) {
      if (!Syntax.isDigit(line[i])) {
        throw malformed(line, length);
      }
      status = status * 10 + line[i] - '0';
    }
    for (int i = REASON; i < length; i++) {
      if (!Syntax.isFieldChar(line[i] & 0xff)) {
        throw malformed(line, length);
      }
    }
    if (status < 100) {
      throw malformed(line, length);
    }
    String reason = length <= REASON ? "" : Syntax.latin1(line, REASON, length);
    return new ResponseStartLine(version, status, reason);
  }

  private static HTTPInputException malformed(byte[] line, int length) {
    return new HTTPInputException(
        "malformed status line: " + Shown.quoted(Syntax.latin1(line, 0, Math.min(length, 100))));
  }
}
