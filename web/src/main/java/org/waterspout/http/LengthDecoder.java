// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A body whose length was announced. Pure. */
final class LengthDecoder implements BodyDecoder {
  private long left;

  LengthDecoder(long length) {
    left = length;
  }

  @Override
  public byte @Nullable [] decode(ByteBuffer in, int max) {
    int count = (int) Math.min(left, Math.min(in.remaining(), max));
    if (count == 0) {
      return null;
    }
    byte[] piece = new byte[count];
    in.get(piece);
    left -= count;
    return piece;
  }

  @Override
  public boolean finished() {
    return left == 0;
  }
}
