// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.util.LinkedHashMap;
import java.util.Map;
import org.waterspout.text.Token;

/** Reads the Cookie header as browsers write it: pairs between semicolons. Pure. */
final class Cookies {
  private Cookies() {}

  /** The cookies of a request. One whose name could not have been set is left out alone. */
  static Map<String, String> of(HTTPHeaders headers) {
    Map<String, String> cookies = new LinkedHashMap<>();
    for (String header : headers.getList("Cookie")) {
      parse(header)
          .forEach(
              (name, value) -> {
                if (Token.isToken(name)) {
                  cookies.put(name, value);
                }
              });
    }
    return cookies;
  }

  /** All pairs, whatever their names; of two with one name the last. */
  static Map<String, String> parse(String header) {
    Map<String, String> cookies = new LinkedHashMap<>();
    for (String pair : header.split(";", -1)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? "" : Syntax.trim(pair.substring(0, equals));
      String value = Syntax.trim(pair.substring(equals + 1));
      if (!name.isEmpty() || !value.isEmpty()) {
        cookies.put(name, unquote(value));
      }
    }
    return cookies;
  }

  /** Undoes the quoting of {@code setCookie}: quotes around, and within them octal escapes. */
  private static String unquote(String value) {
    if (value.length() < 2 || !value.startsWith("\"") || !value.endsWith("\"")) {
      return value;
    }
    var plain = new StringBuilder(value.length());
    for (int i = 1; i < value.length() - 1; i++) {
      char c = value.charAt(i);
      if (c != '\\') {
        plain.append(c);
      } else if (isOctalEscape(value, i)) {
        plain.append((char) Integer.parseInt(value, i + 1, i + 4, 8));
        i += 3;
      } else if (i + 1 < value.length() - 1) {
        i++;
        plain.append(value.charAt(i));
      } else {
        plain.append(c); // it escapes nothing
      }
    }
    return plain.toString();
  }

  private static boolean isOctalEscape(String value, int backslash) {
    if (backslash + 3 >= value.length() - 1) {
      return false;
    }
    return value.charAt(backslash + 1) >= '0'
        && value.charAt(backslash + 1) <= '3'
        && isOctalDigit(value.charAt(backslash + 2))
        && isOctalDigit(value.charAt(backslash + 3));
  }

  private static boolean isOctalDigit(char c) {
    return c >= '0' && c <= '7';
  }
}
