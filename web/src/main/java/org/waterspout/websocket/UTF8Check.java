// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Checks UTF-8 as it comes, in pieces of any size, and knows the first byte that cannot belong to
 * it: RFC 3629 section 4. No surrogates, nothing too long, nothing above U+10FFFF.
 */
final class UTF8Check {
  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final long NOT_ASCII = 0x8080_8080_8080_8080L;

  private int missing; // bytes of the character under way
  private int low = 0x80; // what its next byte must be at least
  private int high = 0xbf; // and at most

  /** Whether these bytes can follow those that were accepted before. */
  boolean accept(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to) {
      if (missing == 0) {
        i = skipASCII(bytes, i, to);
        if (i == to) {
          return true;
        }
      }
      if (!accept(bytes[i] & 0xff)) {
        return false;
      }
      i++;
    }
    return true;
  }

  /** Whether the text may end here. */
  boolean complete() {
    return missing == 0;
  }

  private static int skipASCII(byte[] bytes, int from, int to) {
    int i = from;
    while (i <= to - Long.BYTES && ((long) WORDS.get(bytes, i) & NOT_ASCII) == 0) {
      i += Long.BYTES;
    }
    while (i < to && bytes[i] >= 0) {
      i++;
    }
    return i;
  }

  private boolean accept(int b) {
    if (missing > 0) {
      boolean expected = b >= low && b <= high;
      missing--;
      low = 0x80;
      high = 0xbf;
      return expected;
    }
    if (b < 0x80) {
      return true;
    }
    if (b < 0xc2 || b > 0xf4) {
      return false;
    }
    missing = b < 0xe0 ? 1 : b < 0xf0 ? 2 : 3;
    switch (b) {
      case 0xe0 -> low = 0xa0;
      case 0xed -> high = 0x9f;
      case 0xf0 -> low = 0x90;
      case 0xf4 -> high = 0x8f;
      default -> {}
    }
    return true;
  }
}
