// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.escape;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What stands for characters in HTML, read as text between tags is: HTML standard, section
 * 13.2.5.72 to 13.2.5.80. One pass; each ampersand costs at most as much as the longest name.
 */
final class CharacterReferences {
  private static final int LONGEST = 32; // CounterClockwiseContourIntegral;

  /** What browsers read for the numbers 0x80 to 0x9F, which mean windows-1252. */
  private static final String WINDOWS_1252 =
      "\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d"
          + "\u008f\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153"
          + "\u009d\u017e\u0178";

  /** Loaded when the first name comes. With a semicolon, or without where it may be missing. */
  private static final class Names {
    static final Map<String, String> TEXT = read();

    private static Map<String, String> read() {
      Map<String, String> names = new HashMap<>(4096);
      try (var in = CharacterReferences.class.getResourceAsStream("character-references.txt")) {
        var table = Objects.requireNonNull(in, "character-references.txt").readAllBytes();
        new String(table, StandardCharsets.US_ASCII)
            .lines()
            .filter(line -> !line.startsWith("#"))
            .forEach(line -> put(names, line.split(" ")));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return names;
    }

    private static void put(Map<String, String> names, String... columns) {
      var text = new StringBuilder();
      for (int i = 1; i < columns.length; i++) {
        text.appendCodePoint(Integer.parseInt(columns[i], 16));
      }
      var name = columns[0];
      if (name.endsWith("*")) {
        name = name.substring(0, name.length() - 1);
        names.put(name, text.toString());
      }
      names.put(name + ";", text.toString());
    }
  }

  private final String text;
  private final StringBuilder out;
  private int next;

  private CharacterReferences(String text) {
    this.text = text;
    this.out = new StringBuilder(text.length());
  }

  /** Text without references; what is none stays. */
  static String resolve(String text) {
    return text.indexOf('&') < 0 ? text : new CharacterReferences(text).resolve();
  }

  private String resolve() {
    int ampersand = text.indexOf('&');
    while (ampersand >= 0) {
      out.append(text, next, ampersand);
      next = ampersand + 1;
      if (!(text.startsWith("#", next) ? number() : name())) {
        out.append('&');
      }
      ampersand = text.indexOf('&', next);
    }
    return out.append(text, next, text.length()).toString();
  }

  /** Behind an ampersand, before {@code #}. */
  private boolean number() {
    boolean hex = text.startsWith("x", next + 1) || text.startsWith("X", next + 1);
    int from = next + (hex ? 2 : 1);
    int i = from;
    int value = 0;
    while (i < text.length() && digit(text.charAt(i), hex) >= 0) {
      if (value <= Character.MAX_CODE_POINT) { // else it stays too large
        value = value * (hex ? 16 : 10) + digit(text.charAt(i), hex);
      }
      i++;
    }
    if (i == from) {
      return false;
    }
    next = text.startsWith(";", i) ? i + 1 : i;
    append(value);
    return true;
  }

  private static int digit(char c, boolean hex) {
    return c > 'f' ? -1 : Character.digit(c, hex ? 16 : 10);
  }

  private void append(int value) {
    if (value >= 0x80 && value <= 0x9f) {
      out.append(WINDOWS_1252.charAt(value - 0x80));
    } else if (value == 0
        || value > Character.MAX_CODE_POINT
        || (value >= Character.MIN_SURROGATE && value <= Character.MAX_SURROGATE)) {
      out.append('\ufffd');
    } else {
      out.appendCodePoint(value);
    }
  }

  /** Behind an ampersand: the longest name that begins here. */
  private boolean name() {
    int end = next;
    while (end < text.length() && end - next < LONGEST && isAlphanumeric(text.charAt(end))) {
      end++;
    }
    if (end == next) {
      return false;
    }
    if (end < text.length() && text.charAt(end) == ';') {
      end++;
    }
    for (; end > next + 1; end--) {
      String meaning = meaning(end);
      if (meaning != null) {
        out.append(meaning);
        next = end;
        return true;
      }
    }
    return false;
  }

  private @Nullable String meaning(int end) {
    return Names.TEXT.get(text.substring(next, end));
  }

  private static boolean isAlphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
}
