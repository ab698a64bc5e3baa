// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.util.ArrayList;
import java.util.List;

/**
 * The path behind the prefix of a static route, decoded, as the names that lead to a file: what
 * could mean anything but these names is refused, on every system alike. Pure.
 */
final class StaticPath {
  private StaticPath() {}

  /**
   * The names in a path, outermost first.
   *
   * @param hidden whether names may begin with a dot
   * @throws HTTPError with 403 for what leads elsewhere ({@code ..}, {@code //}), with 404 for what
   *     cannot be the name of a file here
   */
  static List<String> names(String path, boolean hidden) {
    List<String> names = new ArrayList<>();
    for (String name : path.split("/", -1)) {
      check(name, hidden || (names.isEmpty() && name.equals(".well-known"))); // RFC 8615
      names.add(name);
    }
    return names;
  }

  private static void check(String name, boolean hidden) {
    if (name.isEmpty() || name.equals(".") || name.equals("..")) {
      throw new HTTPError(403);
    }
    // Windows drops dots and spaces at the end, and takes more for separators
    boolean bad = name.endsWith(".") || name.endsWith(" ");
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      bad |= c == '\\' || Character.isISOControl(c);
    }
    if (bad || (!hidden && name.startsWith("."))) {
      throw new HTTPError(404);
    }
  }
}
