// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.migration;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Counts changed files by their kinds. */
final class Changes {
  /** What is told apart, with its names for one and for many. */
  enum Kind {
    CLASS("class", "classes"),
    PAGE("page", "pages"),
    DESCRIPTOR("descriptor", "descriptors"),
    OTHER("other file", "other files"),
    SIGNATURE("signature that is left out", "signatures that are left out");

    private final String one;
    private final String many;

    Kind(String one, String many) {
      this.one = one;
      this.many = many;
    }

    /** The kind of a file that is changed. */
    static Kind of(String name) {
      String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
      return switch (extension) {
        case "class" -> CLASS;
        case "jsp", "jspf", "jspx", "tag", "tagf", "tagx" -> PAGE;
        case "tld", "xml" -> DESCRIPTOR;
        default -> OTHER;
      };
    }
  }

  private final Map<Kind, Integer> counts = new EnumMap<>(Kind.class);

  void add(Kind kind) {
    counts.merge(kind, 1, Integer::sum);
  }

  void addAll(Changes others) {
    others.counts.forEach((kind, count) -> counts.merge(kind, count, Integer::sum));
  }

  boolean isEmpty() {
    return counts.isEmpty();
  }

  /** Such as {@code 12 classes, 1 descriptor}. */
  @Override
  public String toString() {
    if (isEmpty()) {
      return "nothing";
    }
    List<String> parts = new ArrayList<>();
    counts.forEach((kind, count) -> parts.add(count + " " + (count == 1 ? kind.one : kind.many)));
    return String.join(", ", parts);
  }
}
