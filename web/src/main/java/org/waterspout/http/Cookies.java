// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the Cookie header as browsers write it: pairs between semicolons. A pair whose name could
 * not have been set is left out alone; of two pairs with one name the last counts.
 */
final class Cookies {
  private Cookies() {}

  static Map<String, String> parse(List<String> headers) {
    Map<String, String> cookies = new LinkedHashMap<>();
    for (String header : headers) {
      for (String pair : header.split(";", -1)) {
        int equals = pair.indexOf('=');
        String name = Syntax.trim(equals < 0 ? "" : pair.substring(0, equals));
        if (Syntax.isToken(name)) {
          cookies.put(name, unquote(Syntax.trim(pair.substring(equals + 1))));
        }
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
      } else {
        i++;
        plain.append(value.charAt(i));
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
