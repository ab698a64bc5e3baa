// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The exclusive or of RFC 6455 section 5.3, a word at a time. */
final class Masking {
  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private Masking() {}

  /**
   * Masks or unmasks bytes in place.
   *
   * @param offset how many bytes of the payload stand before these
   */
  static void apply(byte[] bytes, int from, int to, int mask, long offset) {
    if (mask == 0) {
      return;
    }
    int key = Integer.rotateLeft(mask, 8 * (int) (offset & 3)); // its first byte is the next one
    long word = (long) key << 32 | (key & 0xffff_ffffL);
    long native64 =
        ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? word : Long.reverseBytes(word);
    int i = from;
    for (; i <= to - Long.BYTES; i += Long.BYTES) {
      WORDS.set(bytes, i, (long) WORDS.get(bytes, i) ^ native64);
    }
    for (int shift = 24; i < to; i++, shift = (shift - 8) & 31) {
      bytes[i] ^= (byte) (key >>> shift);
    }
  }
}
