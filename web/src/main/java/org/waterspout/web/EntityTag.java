// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/** Entity tags, RFC 9110 section 8.8.3. Pure. */
final class EntityTag {
  private static final String WEAK = "W/";

  private EntityTag() {}

  /**
   * The strong tag of a body: two checksums and its length. They tell changes apart, not forgeries:
   * who finds two bodies with one tag has made his own clients keep the older. In exchange an
   * answer on the loop costs no more for it; SHA-256 takes 50 times as long.
   */
  static String of(ByteChunks body) {
    var first = new CRC32C();
    var second = new CRC32();
    for (byte[] chunk : body.chunks()) {
      first.update(chunk);
      second.update(chunk);
    }
    return '"'
        + Long.toHexString(first.getValue() << 32 | second.getValue())
        + '-'
        + Long.toHexString(body.size())
        + '"';
  }

  static boolean isWeak(String tag) {
    return tag.startsWith(WEAK);
  }

  /** The tag as a weak one: another coding of the same content. */
  static String weakened(String tag) {
    return isWeak(tag) ? tag : WEAK + tag;
  }

  /**
   * Whether a condition's list of tags, or its asterisk, is met by this tag; weak comparison
   * (section 8.8.3.2). A malformed list is met by nothing.
   */
  static boolean matchesWeakly(String list, String tag) {
    String opaque = opaque(tag);
    return isAny(list) || parse(list).stream().anyMatch(listed -> opaque(listed).equals(opaque));
  }

  /** The same by strong comparison: weak tags are equal to none. */
  static boolean matchesStrongly(String list, String tag) {
    return isAny(list) || (!isWeak(tag) && parse(list).contains(tag));
  }

  /** Whether a condition is met by whatever there is. */
  static boolean isAny(String list) {
    return list.equals("*");
  }

  private static String opaque(String tag) {
    return isWeak(tag) ? tag.substring(WEAK.length()) : tag;
  }

  /** The tags of a list; empty if it is malformed. */
  private static List<String> parse(String list) {
    List<String> tags = new ArrayList<>(2);
    int i = 0;
    while (true) {
      while (i < list.length() && isSeparator(list.charAt(i))) {
        i++;
      }
      if (i == list.length()) {
        return tags;
      }
      int end = end(list, i);
      if (end < 0) {
        return List.of();
      }
      tags.add(list.substring(i, end));
      i = end;
    }
  }

  /** Where the tag that starts here ends; -1 if it is none. */
  private static int end(String list, int start) {
    int open = list.startsWith(WEAK, start) ? start + WEAK.length() : start;
    if (open >= list.length() || list.charAt(open) != '"') {
      return -1;
    }
    int close = open + 1;
    while (close < list.length() && list.charAt(close) > ' ' && list.charAt(close) != '"') {
      close++;
    }
    boolean closed = close < list.length() && list.charAt(close) == '"';
    boolean alone = close + 1 >= list.length() || isSeparator(list.charAt(close + 1));
    return closed && alone ? close + 1 : -1;
  }

  private static boolean isSeparator(char c) {
    return c == ',' || c == ' ' || c == '\t';
  }
}
