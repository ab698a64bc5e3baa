// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.routing;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the literal text around the groups of a regular expression that has nothing else. */
final class PatternLiterals {
  private final String pattern;
  private final List<String> literals = new ArrayList<>();
  private final StringBuilder literal = new StringBuilder();
  private int i;

  private PatternLiterals(String pattern) {
    this.pattern = pattern;
  }

  /**
   * The text before, between and after the groups: one piece more than there are groups.
   *
   * @param groups how many capturing groups there are
   * @return null if there is anything but literal text and capturing groups that stand side by side
   */
  static @Nullable List<String> around(String pattern, int groups) {
    int start = pattern.startsWith("^") ? 1 : 0;
    boolean dollar = pattern.endsWith("$") && !pattern.endsWith("\\$");
    int end = pattern.length() - (dollar ? 1 : 0);
    var reader = new PatternLiterals(pattern.substring(start, Math.max(start, end)));
    boolean simple = reader.read() && reader.literals.size() == groups + 1;
    return simple ? List.copyOf(reader.literals) : null;
  }

  private boolean read() {
    while (i < pattern.length()) {
      char c = pattern.charAt(i);
      boolean understood =
          switch (c) {
            case '\\' -> readEscape();
            case '(' -> readGroup();
            case '^', '$', '|', '?', '*', '+', ')', '[', ']', '{', '}' -> false;
            default -> readLiteral(c);
          };
      if (!understood || isQuantified()) {
        return false;
      }
    }
    literals.add(literal.toString());
    return true;
  }

  private boolean readLiteral(char c) {
    literal.append(c); // a dot too: it matches itself
    i++;
    return true;
  }

  private boolean readEscape() {
    char escaped = i + 1 < pattern.length() ? pattern.charAt(i + 1) : 'Q';
    boolean letter = Character.isLetterOrDigit(escaped); // a class, a boundary, a back reference
    literal.append(escaped);
    i += 2;
    return !letter;
  }

  private boolean readGroup() {
    boolean special = pattern.startsWith("(?", i);
    boolean named = pattern.startsWith("(?<", i) && "=!".indexOf(pattern.charAt(i + 3)) < 0;
    int end = endOfGroup();
    if (end < 0 || (special && !named)) {
      return false;
    }
    literals.add(literal.toString());
    literal.setLength(0);
    i = end;
    return true;
  }

  /** The index after the closing parenthesis; -1 if there is a group within. */
  private int endOfGroup() {
    int classes = 0;
    for (int j = i + 1; j < pattern.length(); j++) {
      switch (pattern.charAt(j)) {
        case '\\' -> j++;
        case '[' -> classes++;
        case ']' -> classes = Math.max(0, classes - 1);
        case '(' -> {
          if (classes == 0) {
            return -1;
          }
        }
        case ')' -> {
          if (classes == 0) {
            return j + 1;
          }
        }
        default -> {}
      }
    }
    return -1;
  }

  private boolean isQuantified() {
    return i < pattern.length() && "?*+{".indexOf(pattern.charAt(i)) >= 0;
  }
}
