// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import org.waterspout.text.Shown;
import org.waterspout.text.Token;

/** The first line of a request, RFC 9112 section 3. Pure. */
final class RequestLine {
  private RequestLine() {}

  /**
   * Reads the line.
   *
   * @throws HTTPInputException 400 if it is malformed, 505 for another major version
   */
  static RequestStartLine parse(byte[] line, int length) {
    int hash = 0;
    int i = 0;
    while (i < length && Token.isTokenChar(line[i])) {
      hash = 31 * hash + line[i];
      i++;
    }
    if (i == 0 || i >= length || line[i] != ' ') {
      throw malformed("method", line, length);
    }
    String method = Interned.string(line, 0, i, hash);
    int start = i + 1;
    i = start;
    while (i < length && Syntax.isTargetChar(line[i])) {
      i++;
    }
    if (i == start || i >= length || line[i] != ' ') {
      throw malformed("target", line, length);
    }
    String version = version(line, i + 1, length);
    String target = Syntax.latin1(line, start, i);
    if (!isSuited(method, target)) {
      throw new HTTPInputException("target does not suit " + method + ": " + Shown.quoted(target));
    }
    return new RequestStartLine(method, target, version);
  }

  /** RFC 9112 2.3 and RFC 9110 2.5: a higher minor version is answered as the highest we know. */
  static String version(byte[] line, int start, int end) {
    if (end - start != 8
        || line[start] != 'H'
        || line[start + 1] != 'T'
        || line[start + 2] != 'T'
        || line[start + 3] != 'P'
        || line[start + 4] != '/'
        || line[start + 6] != '.'
        || !Syntax.isDigit(line[start + 5])
        || !Syntax.isDigit(line[start + 7])) {
      throw malformed("version", line, end);
    }
    if (line[start + 5] != '1') {
      throw new HTTPInputException(505, "major version is not 1: " + printable(line, end));
    }
    return line[start + 7] == '0' ? "HTTP/1.0" : "HTTP/1.1";
  }

  /** RFC 9112 3.2: each form of the target, which is not empty, has its methods. */
  static boolean isSuited(String method, String target) {
    if (method.equals("CONNECT")) {
      return Authority.hasPort(target) && Authority.isValid(target);
    }
    if (target.charAt(0) == '/') {
      return true;
    }
    if (target.equals("*")) {
      return method.equals("OPTIONS");
    }
    String authority = Authority.ofAbsolute(target);
    return authority != null && !authority.isEmpty() && Authority.isValid(authority);
  }

  private static HTTPInputException malformed(String part, byte[] line, int length) {
    return new HTTPInputException("malformed " + part + " in " + printable(line, length));
  }

  private static String printable(byte[] line, int length) {
    return Shown.quoted(Syntax.latin1(line, 0, Math.min(length, 100)));
  }
}
