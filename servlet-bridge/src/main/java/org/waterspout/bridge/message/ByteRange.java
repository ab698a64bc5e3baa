// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.message;

import org.jspecify.annotations.Nullable;

/**
 * The part of a content that a Range header asks for, RFC 9110 section 14. Who asks for several
 * gets the whole, as section 14.2 allows. Pure.
 *
 * @param first the first byte
 * @param last the last byte, which is part of it; less than the first if nothing is there
 */
public record ByteRange(long first, long last) {
  private static final String UNIT = "bytes=";
  private static final ByteRange NOTHING = new ByteRange(0, -1);

  /** More digits than any file has bytes. */
  private static final int MAX_DIGITS = 18;

  public long length() {
    return last - first + 1;
  }

  /** Whether nothing of what was asked for is there: 416. */
  public boolean isEmpty() {
    return length() <= 0;
  }

  /** The value of Content-Range. */
  public String of(long size) {
    return isEmpty() ? "bytes */" + size : "bytes " + first + "-" + last + "/" + size;
  }

  /**
   * Reads a header; null if it is to be ignored, since it is malformed, in another unit or asks for
   * several parts.
   */
  public static @Nullable ByteRange parse(String header, long size) {
    if (!header.regionMatches(true, 0, UNIT, 0, UNIT.length())) {
      return null;
    }
    String spec = header.substring(UNIT.length()).strip();
    int dash = spec.indexOf('-');
    if (dash < 0) {
      return null;
    }
    String from = spec.substring(0, dash);
    String to = spec.substring(dash + 1);
    if (from.isEmpty()) {
      long count = number(to);
      if (count < 0 || size == 0) {
        return null; // of nothing there is no last part, and no way to say so
      }
      return count == 0 ? NOTHING : new ByteRange(Math.max(0, size - count), size - 1);
    }
    long first = number(from);
    long last = to.isEmpty() ? Long.MAX_VALUE : number(to);
    if (first < 0 || last < first) {
      return null;
    }
    return first >= size ? NOTHING : new ByteRange(first, Math.min(last, size - 1));
  }

  /** -1 if it is not a number; saturated. */
  private static long number(String digits) {
    if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return -1;
    }
    return digits.length() > MAX_DIGITS ? Long.MAX_VALUE : Long.parseLong(digits);
  }
}
