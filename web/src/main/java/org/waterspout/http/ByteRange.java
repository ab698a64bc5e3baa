// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a content that a Range header asks for, RFC 9110 section 14. Pure.
 *
 * @param first the first byte
 * @param last the last byte, which is part of it
 */
public record ByteRange(long first, long last) {
  private static final String UNIT = "bytes=";

  /** Who asks for more parts gets the whole. */
  private static final int MOST = 32;

  /** Closer parts are sent as one: what stands between two takes as many bytes. */
  private static final int GAP = 80;

  private static final int MAX_DIGITS = 18;

  /** How many bytes it has. */
  public long length() {
    return last - first + 1;
  }

  /** The value of Content-Range, of a content of that size. */
  public String of(long size) {
    return "bytes " + first + "-" + last + "/" + size;
  }

  /**
   * The parts to send, in the order in which they were asked for. Those that overlap or almost
   * touch are one, so that nothing is sent twice.
   *
   * @return empty if none of them is there: 416; null if the header is to be ignored, since it is
   *     malformed, in another unit, or asks for too many parts
   */
  public static @Nullable List<ByteRange> parse(String header, long size) {
    if (!header.regionMatches(true, 0, UNIT, 0, UNIT.length())) {
      return null;
    }
    List<ByteRange> ranges = new ArrayList<>();
    String[] specs = header.substring(UNIT.length()).split(",", MOST + 2);
    if (specs.length > MOST) {
      return null;
    }
    boolean any = false;
    for (String spec : specs) {
      String trimmed = spec.strip();
      if (trimmed.isEmpty()) {
        continue; // RFC 9110 section 5.6.1.2
      }
      any = true;
      var range = parseOne(trimmed);
      if (range == null) {
        return null;
      }
      if (size == 0 && range.first < 0) {
        return null; // satisfiable, but there is no way to say so
      }
      var clamped = range.within(size);
      if (clamped != null) {
        add(ranges, clamped);
      }
    }
    return any ? ranges : null;
  }

  /** A suffix has the number of its bytes as a negative first one. */
  private static @Nullable ByteRange parseOne(String spec) {
    int dash = spec.indexOf('-');
    if (dash < 0 || spec.length() == 1) {
      return null;
    }
    long first = dash == 0 ? -1 : decimal(spec.substring(0, dash));
    long last = dash == spec.length() - 1 ? Long.MAX_VALUE : decimal(spec.substring(dash + 1));
    if (dash == 0) {
      return last < 0 ? null : new ByteRange(-last, -1);
    }
    return first < 0 || last < first ? null : new ByteRange(first, last);
  }

  /** -1 if it is not a number; saturated. */
  private static long decimal(String digits) {
    if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return -1;
    }
    return digits.length() > MAX_DIGITS ? Long.MAX_VALUE : Long.parseLong(digits);
  }

  /** What of it is there; null if nothing is. */
  private @Nullable ByteRange within(long size) {
    if (last < 0) {
      return first == 0 || size == 0 ? null : new ByteRange(Math.max(0, size + first), size - 1);
    }
    return first >= size ? null : new ByteRange(first, Math.min(last, size - 1));
  }

  private static void add(List<ByteRange> ranges, ByteRange added) {
    var joined = added;
    int place = ranges.size();
    for (int i = ranges.size() - 1; i >= 0; i--) {
      var other = ranges.get(i);
      if (joined.first <= other.last + GAP && other.first <= joined.last + GAP) {
        joined =
            new ByteRange(Math.min(joined.first, other.first), Math.max(joined.last, other.last));
        ranges.remove(i);
        place = i;
      }
    }
    ranges.add(Math.min(place, ranges.size()), joined);
  }
}
