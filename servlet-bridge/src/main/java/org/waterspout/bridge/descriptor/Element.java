// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.descriptor;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An element of a descriptor with what is in it.
 *
 * @param name without its namespace
 * @param rawText all characters directly in it, as they are
 */
record Element(
    String name,
    Place place,
    Map<String, String> attributes,
    List<Element> children,
    String rawText) {
  private static final Set<String> EVERYWHERE = Set.of("description", "display-name", "icon");

  /**
   * Makes sure that it holds no other elements than these and those that describe.
   *
   * @throws DescriptorException naming the first that does not belong here
   */
  Element allow(Set<String> names) {
    for (Element child : children) {
      if (!names.contains(child.name) && !EVERYWHERE.contains(child.name)) {
        throw child.refused("<" + child.name + "> does not belong into <" + name + ">");
      }
    }
    if (!children.isEmpty() && !rawText.isBlank()) {
      throw refused("<" + name + "> has text between its elements");
    }
    return this;
  }

  Element allow(String... names) {
    return allow(Set.of(names));
  }

  List<Element> all(String childName) {
    return children.stream().filter(child -> child.name.equals(childName)).toList();
  }

  /**
   * The only child of a name, or null.
   *
   * @throws DescriptorException if there are several
   */
  @Nullable Element one(String childName) {
    List<Element> found = all(childName);
    if (found.size() > 1) {
      throw found.get(1).refused("a second <" + childName + "> in one <" + name + ">");
    }
    return found.isEmpty() ? null : found.getFirst();
  }

  /** The text without blanks around it. */
  String text() {
    if (!children.isEmpty()) {
      throw refused("<" + name + "> has elements where a text is wanted");
    }
    return rawText.strip();
  }

  /** The text of the only child of a name, or null. */
  @Nullable String text(String childName) {
    Element child = one(childName);
    return child == null ? null : child.text();
  }

  /**
   * The text of the only child of a name.
   *
   * @throws DescriptorException if there is none, or nothing in it
   */
  String required(String childName) {
    String text = text(childName);
    if (text == null || text.isEmpty()) {
      throw refused("<" + name + "> without <" + childName + ">");
    }
    return text;
  }

  /** The texts of all children of a name. */
  List<String> texts(String childName) {
    List<String> texts = new ArrayList<>();
    for (Element child : all(childName)) {
      if (child.text().isEmpty()) {
        throw child.refused("<" + childName + "> is empty");
      }
      texts.add(child.text());
    }
    return texts;
  }

  /** The charset that the only child of a name names, by that name; null if there is none. */
  @Nullable String charset(String childName) {
    Element child = one(childName);
    if (child == null) {
      return null;
    }
    try {
      var _ = Charset.forName(child.text());
      return child.text();
    } catch (IllegalArgumentException e) {
      throw child.refused("an unknown charset: " + child.text());
    }
  }

  /** Whether the only child of a name says true; null if there is none. */
  @Nullable Boolean flag(String childName) {
    Element child = one(childName);
    return child == null ? null : child.flag();
  }

  private boolean flag() {
    return switch (text()) {
      case "true", "1" -> true;
      case "false", "0" -> false;
      default -> throw refused("<" + name + "> is neither true nor false");
    };
  }

  /** What the only child of a name counts; null if there is none. */
  @Nullable Integer number(String childName) {
    Element child = one(childName);
    return child == null ? null : child.number();
  }

  private int number() {
    // Digits only: Integer.parseInt would take other scripts' too.
    if (!text().matches("[+-]?[0-9]{1,10}")) {
      throw refused("<" + name + "> is not a whole number");
    }
    long value = Long.parseLong(text());
    if (value != (int) value) {
      throw refused("<" + name + "> is too large a number");
    }
    return (int) value;
  }

  DescriptorException refused(String message) {
    return new DescriptorException(place, message);
  }
}
