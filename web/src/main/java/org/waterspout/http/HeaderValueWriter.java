// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import org.waterspout.text.Shown;
import org.waterspout.text.Token;

/** Writes a value with parameters, RFC 9110 section 5.6.6. Pure. */
final class HeaderValueWriter {
  private HeaderValueWriter() {}

  static String write(HeaderValue value) {
    if (value.value().isEmpty()
        || !value.value().chars().allMatch(HeaderValueParser::isValueChar)) {
      throw new IllegalArgumentException("not a value: " + Shown.quoted(value.value()));
    }
    var out = new StringBuilder(value.value());
    value
        .parameters()
        .forEach(
            (name, parameter) -> {
              if (!Token.isToken(name)) {
                throw new IllegalArgumentException("not a parameter's name: " + Shown.quoted(name));
              }
              out.append("; ").append(name);
              if (parameter != null) {
                writeValue(parameter, out.append('='));
              }
            });
    return out.toString();
  }

  private static void writeValue(String value, StringBuilder out) {
    if (Token.isToken(value)) {
      out.append(value);
      return;
    }
    out.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (!Syntax.isFieldChar(c)) {
        throw new IllegalArgumentException("not a parameter's value: " + Shown.quoted(value));
      }
      if (c == '"' || c == '\\') {
        out.append('\\');
      }
      out.append(c);
    }
    out.append('"');
  }
}
