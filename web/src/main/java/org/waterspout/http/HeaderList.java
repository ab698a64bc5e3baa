// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.util.ArrayList;
import java.util.List;

/** Headers that hold a list of items, RFC 9110 section 5.6.1. Pure. */
final class HeaderList {
  private HeaderList() {}

  /** The items of all fields of the name, without whitespace around them and without empty ones. */
  static List<String> of(HTTPHeaders headers, String name) {
    List<String> items = new ArrayList<>(2);
    for (String value : headers.getList(name)) {
      int start = 0;
      while (start <= value.length()) {
        int comma = value.indexOf(',', start);
        int end = comma < 0 ? value.length() : comma;
        String item = Syntax.trim(value.substring(start, end));
        if (!item.isEmpty()) {
          items.add(item);
        }
        start = end + 1;
      }
    }
    return items;
  }

  /** Whether an item is among them, in any case. */
  static boolean contains(HTTPHeaders headers, String name, String item) {
    int first = headers.find(name);
    if (first < 0) {
      return false;
    }
    String value = headers.valueAt(first);
    if (value.equalsIgnoreCase(item)) {
      return true;
    }
    return of(headers, name).stream().anyMatch(item::equalsIgnoreCase);
  }
}
