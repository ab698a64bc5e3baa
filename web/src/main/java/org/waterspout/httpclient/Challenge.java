// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.waterspout.text.Token;

/**
 * What a server or a proxy asks for before it answers, RFC 9110 section 11.3.
 *
 * @param scheme in lower case: {@code basic}, {@code digest}
 * @param parameters by their names in lower case
 */
record Challenge(String scheme, Map<String, String> parameters) {
  private static final int LONGEST = 16 * 1024;

  /** Reads the values of WWW-Authenticate or Proxy-Authenticate; none if one is malformed. */
  static List<Challenge> parse(List<String> values) {
    var challenges = new ArrayList<Challenge>();
    for (var value : values) {
      if (value.length() > LONGEST || !new Parser(value).readAll(challenges)) {
        return List.of();
      }
    }
    return challenges;
  }

  String get(String name, String defaultValue) {
    return parameters.getOrDefault(name, defaultValue);
  }

  /** One header's value, in one pass. */
  private static final class Parser {
    private final String text;
    private int i;

    Parser(String text) {
      this.text = text;
    }

    /** Whether it was well-formed. */
    boolean readAll(List<Challenge> into) {
      Map<String, String> parameters = null;
      skip(" \t,");
      while (i < text.length()) {
        var token = token();
        skip(" \t");
        if (token.isEmpty()) {
          return false;
        }
        if (parameters != null && at('=')) {
          if (!readParameter(token, parameters)) {
            return false;
          }
        } else {
          parameters = new LinkedHashMap<>();
          into.add(new Challenge(token.toLowerCase(Locale.ROOT), parameters));
          skipToken68();
        }
        skip(" \t,");
      }
      return true;
    }

    private boolean readParameter(String name, Map<String, String> parameters) {
      i++;
      skip(" \t");
      var value = at('"') ? quoted() : token();
      return value != null && parameters.putIfAbsent(name.toLowerCase(Locale.ROOT), value) == null;
    }

    /** {@code Negotiate abc==}: of schemes that we do not speak; else what comes are parameters. */
    private void skipToken68() {
      int start = i;
      while (i < text.length() && isToken68(text.charAt(i))) {
        i++;
      }
      while (at('=')) {
        i++;
      }
      skip(" \t");
      if (i < text.length() && !at(',')) {
        i = start;
      }
    }

    private static boolean isToken68(char c) {
      return (c >= 'a' && c <= 'z')
          || (c >= 'A' && c <= 'Z')
          || (c >= '0' && c <= '9')
          || "-._~+/".indexOf(c) >= 0;
    }

    private @Nullable String quoted() {
      var plain = new StringBuilder();
      for (i++; i < text.length(); i++) {
        char c = text.charAt(i);
        if (c == '"') {
          i++;
          return plain.toString();
        }
        if (c == '\\' && i + 1 < text.length()) {
          c = text.charAt(++i);
        }
        plain.append(c);
      }
      return null;
    }

    private String token() {
      int start = i;
      while (i < text.length() && Token.isTokenChar(text.charAt(i))) {
        i++;
      }
      return text.substring(start, i);
    }

    private boolean at(char c) {
      return i < text.length() && text.charAt(i) == c;
    }

    private void skip(String these) {
      while (i < text.length() && these.indexOf(text.charAt(i)) >= 0) {
        i++;
      }
    }
  }
}
