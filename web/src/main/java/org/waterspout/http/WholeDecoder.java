// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A body whose length was announced, in one piece. Pure. A peer's word alone takes no memory: there
 * is room for a few times what has come.
 */
final class WholeDecoder implements BodyDecoder {
  /** An array cannot be larger. */
  static final int LARGEST = Integer.MAX_VALUE - 8;

  private static final int FIRST = 64 * 1024; // as much as one read gives
  private static final int GROWTH = 4; // so that at most a third of the body is copied once more

  private final int length;
  private byte[] bytes;
  private int size;

  WholeDecoder(int length) {
    this.length = length;
    bytes = new byte[Math.min(length, FIRST)];
  }

  @Override
  public byte @Nullable [] decode(ByteBuffer in, int ignored) {
    int count = Math.min(in.remaining(), length - size);
    while (size + count > bytes.length) {
      bytes = Arrays.copyOf(bytes, (int) Math.min(length, (long) bytes.length * GROWTH));
    }
    in.get(bytes, size, count);
    size += count;
    return finished() && count > 0 ? bytes : null;
  }

  @Override
  public boolean finished() {
    return size == length;
  }
}
