// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.waterspout.text.Shown;
import org.waterspout.text.Token;

/** Reads a value with parameters, RFC 9110 section 5.6.6, in one pass. Pure. */
final class HeaderValueParser {
  private final String text;
  private final boolean backslashesStay;
  private int i;

  private HeaderValueParser(String text, boolean backslashesStay) {
    this.text = text;
    this.backslashesStay = backslashesStay;
  }

  /** As the RFC has it: within quotes, a backslash goes and what follows it stays. */
  static HeaderValue parse(String text) {
    return new HeaderValueParser(text, false).read();
  }

  /**
   * As browsers write Content-Disposition in forms: they do not escape backslashes, so that one is
   * an escape only in front of a quote or another backslash.
   */
  static HeaderValue parseDisposition(String text) {
    return new HeaderValueParser(text, true).read();
  }

  private HeaderValue read() {
    skipBlanks();
    int start = i;
    while (i < text.length() && isValueChar(text.charAt(i))) {
      i++;
    }
    String value = text.substring(start, i);
    if (value.isEmpty()) {
      throw malformed();
    }
    Map<String, @Nullable String> parameters = new LinkedHashMap<>();
    skipBlanks();
    while (i < text.length()) {
      expect(';');
      skipBlanks();
      if (i < text.length() && text.charAt(i) != ';') { // the RFC permits empty ones
        readParameter(parameters);
        skipBlanks();
      }
    }
    return new HeaderValue(value, parameters);
  }

  private void readParameter(Map<String, @Nullable String> parameters) {
    String name = readToken().toLowerCase(Locale.ROOT);
    if (parameters.containsKey(name)) {
      throw new HTTPInputException("two parameters " + name + " in " + Shown.quoted(text));
    }
    parameters.put(name, readValue());
  }

  private @Nullable String readValue() {
    if (i == text.length() || text.charAt(i) != '=') {
      return null;
    }
    i++;
    return i < text.length() && text.charAt(i) == '"' ? readQuoted() : readToken();
  }

  private String readToken() {
    int start = i;
    while (i < text.length() && Token.isTokenChar(text.charAt(i))) {
      i++;
    }
    if (i == start) {
      throw malformed();
    }
    return text.substring(start, i);
  }

  private String readQuoted() {
    var plain = new StringBuilder();
    i++;
    while (i < text.length() && text.charAt(i) != '"') {
      if (text.charAt(i) == '\\' && i + 1 < text.length() && isEscaped(text.charAt(i + 1))) {
        i++;
      }
      char c = text.charAt(i);
      if (!Syntax.isFieldChar(c)) {
        throw malformed();
      }
      plain.append(c);
      i++;
    }
    expect('"');
    return plain.toString();
  }

  private boolean isEscaped(char c) {
    return !backslashesStay || c == '"' || c == '\\';
  }

  private void expect(char wanted) {
    if (i == text.length() || text.charAt(i) != wanted) {
      throw malformed();
    }
    i++;
  }

  private void skipBlanks() {
    while (i < text.length() && Syntax.isBlank(text.charAt(i))) {
      i++;
    }
  }

  static boolean isValueChar(int c) {
    return Token.isTokenChar(c) || c == '/';
  }

  private HTTPInputException malformed() {
    return new HTTPInputException("not a value with parameters: " + Shown.quoted(text));
  }
}
