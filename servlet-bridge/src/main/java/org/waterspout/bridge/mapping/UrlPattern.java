// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.mapping;

import jakarta.servlet.http.MappingMatch;

/**
 * A URL pattern, Servlet 6.1 section 12.2.
 *
 * @param pattern as declared
 * @param kind what it matches
 * @param value the fixed part: the whole path of an exact pattern, {@code /foo} of {@code /foo/*},
 *     {@code jsp} of {@code *.jsp}
 */
public record UrlPattern(String pattern, MappingMatch kind, String value) {
  /**
   * Reads a pattern.
   *
   * @throws IllegalArgumentException if it is not one
   */
  public static UrlPattern parse(String pattern) {
    if (pattern == null) {
      throw new IllegalArgumentException("a URL pattern is null");
    }
    if (pattern.isEmpty()) {
      return new UrlPattern(pattern, MappingMatch.CONTEXT_ROOT, "/");
    }
    if (pattern.equals("/")) {
      return new UrlPattern(pattern, MappingMatch.DEFAULT, "/");
    }
    if (pattern.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
      throw new IllegalArgumentException("a URL pattern contains a control character");
    }
    if (pattern.startsWith("*.")) {
      String extension = pattern.substring(2);
      if (extension.isEmpty() || extension.indexOf('/') >= 0 || extension.indexOf('*') >= 0) {
        throw new IllegalArgumentException("not a URL pattern: " + pattern);
      }
      return new UrlPattern(pattern, MappingMatch.EXTENSION, extension);
    }
    if (!pattern.startsWith("/")) {
      throw new IllegalArgumentException("not a URL pattern, a slash is missing: " + pattern);
    }
    if (pattern.endsWith("/*")) {
      String prefix = pattern.substring(0, pattern.length() - 2);
      return new UrlPattern(pattern, MappingMatch.PATH, prefix);
    }
    return new UrlPattern(pattern, MappingMatch.EXACT, pattern);
  }

  /** Whether a canonical path in the context matches it. */
  public boolean matches(String path) {
    return switch (kind) {
      case EXACT, CONTEXT_ROOT -> path.equals(value);
      case PATH ->
          path.startsWith(value)
              && (path.length() == value.length() || path.charAt(value.length()) == '/');
      case EXTENSION -> value.equals(extension(path));
      case DEFAULT -> true;
    };
  }

  /** Whether every path matches it. */
  public boolean matchesAll() {
    return kind == MappingMatch.DEFAULT || (kind == MappingMatch.PATH && value.isEmpty());
  }

  /** What follows the last dot of the last segment; empty if there is none. */
  static String extension(String path) {
    int dot = path.lastIndexOf('.');
    return dot > path.lastIndexOf('/') ? path.substring(dot + 1) : "";
  }

  @Override
  public String toString() {
    return pattern;
  }
}
