// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.descriptor;

import java.util.ArrayDeque;
import java.util.Deque;

/** Paths as descriptors give them, Servlet 6.1 section 14.2: not encoded, and made canonical. */
final class PathText {
  private PathText() {}

  /**
   * Takes dot segments out of a path; what is no path is left as it is. Blanks stay.
   *
   * @throws DescriptorException if the path leads out of the application, or has line ends in it
   */
  static String canonical(Element element, String text) {
    if (text.indexOf('\r') >= 0 || text.indexOf('\n') >= 0) {
      throw element.refused("<" + element.name() + "> has a line end in its path");
    }
    if (!text.startsWith("/") || !(text + "/").contains("/.")) {
      return text;
    }
    Deque<String> segments = new ArrayDeque<>();
    String[] all = text.substring(1).split("/", -1);
    for (int i = 0; i < all.length; i++) {
      boolean last = i == all.length - 1;
      switch (all[i]) {
        case "." -> addEnd(last, segments);
        case ".." -> {
          if (segments.pollLast() == null) {
            throw element.refused("a path that leads out of the application: " + text);
          }
          addEnd(last, segments);
        }
        default -> segments.add(all[i]);
      }
    }
    return "/" + String.join("/", segments);
  }

  /** A path that ends with dots is one of a directory. */
  private static void addEnd(boolean last, Deque<String> segments) {
    if (last) {
      segments.add("");
    }
  }
}
