// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.message;

/** Lists of entity tags in conditions, RFC 9110 section 8.8.3. Pure. */
final class EntityTags {
  private static final String WEAK = "W/";

  private EntityTags() {}

  static boolean isWeak(String tag) {
    return tag.startsWith(WEAK);
  }

  /**
   * Whether a list, or an asterisk, has a tag. What cannot be read ends the list.
   *
   * @param strongly whether weak tags are equal to none, section 8.8.3.2
   */
  static boolean contains(String list, String tag, boolean strongly) {
    if (list.strip().equals("*")) {
      return true;
    }
    if (strongly && isWeak(tag)) {
      return false;
    }
    String wanted = isWeak(tag) ? tag.substring(WEAK.length()) : tag;
    int i = 0;
    while (i < list.length()) {
      char c = list.charAt(i);
      if (c == ',' || c == ' ' || c == '\t') {
        i++;
        continue;
      }
      boolean weak = list.startsWith(WEAK, i);
      int open = weak ? i + WEAK.length() : i;
      int close =
          open < list.length() && list.charAt(open) == '"' ? list.indexOf('"', open + 1) : -1;
      if (close < 0) {
        return false;
      }
      if (list.substring(open, close + 1).equals(wanted) && !(strongly && weak)) {
        return true;
      }
      i = close + 1;
    }
    return false;
  }
}
