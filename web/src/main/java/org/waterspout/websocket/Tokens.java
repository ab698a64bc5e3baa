// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import java.util.ArrayList;
import java.util.List;
import org.waterspout.text.Token;

/** Reads the tokens of a header field, RFC 9110 section 5.6, from left to right. */
final class Tokens {

  private final String field;
  private int at;

  Tokens(String field) {
    this.field = field;
    skipBlanks();
  }

  /** All elements of a list of tokens, without empty ones. */
  static List<String> list(List<String> fields) {
    var tokens = new ArrayList<String>();
    for (var field : fields) {
      var in = new Tokens(field);
      do {
        if (in.atElement()) {
          tokens.add(in.token());
        }
      } while (in.skip(','));
      in.requireEnd();
    }
    return tokens;
  }

  /** Whether an element of a list begins here, rather than ends. */
  boolean atElement() {
    return at < field.length() && field.charAt(at) != ',';
  }

  /** Goes on behind the character and the blanks around it, if it stands here. */
  boolean skip(char expected) {
    if (at == field.length() || field.charAt(at) != expected) {
      return false;
    }
    at++;
    skipBlanks();
    return true;
  }

  /** A token, and the blanks behind it. */
  String token() {
    int start = at;
    while (at < field.length() && Token.isTokenChar(field.charAt(at))) {
      at++;
    }
    if (at == start) {
      throw malformed();
    }
    var token = field.substring(start, at);
    skipBlanks();
    return token;
  }

  /** A token that may stand in quotes. */
  String value() {
    if (at == field.length() || field.charAt(at) != '"') {
      return token();
    }
    at++;
    var unquoted = new StringBuilder();
    while (at < field.length() && field.charAt(at) != '"') {
      if (field.charAt(at) == '\\') {
        at++;
      }
      if (at == field.length() || !Token.isTokenChar(field.charAt(at))) {
        throw malformed(); // RFC 6455 section 9.1: what is in the quotes is a token
      }
      unquoted.append(field.charAt(at));
      at++;
    }
    if (at == field.length() || unquoted.isEmpty()) {
      throw malformed();
    }
    at++;
    skipBlanks();
    return unquoted.toString();
  }

  void requireEnd() {
    if (at < field.length()) {
      throw malformed();
    }
  }

  private void skipBlanks() {
    while (at < field.length() && (field.charAt(at) == ' ' || field.charAt(at) == '\t')) {
      at++;
    }
  }

  private IllegalArgumentException malformed() {
    return new IllegalArgumentException("malformed at character " + at);
  }
}
