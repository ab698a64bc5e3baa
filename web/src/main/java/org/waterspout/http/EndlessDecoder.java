// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A body that ends with the connection, RFC 9112 section 6.3. Pure. */
final class EndlessDecoder implements BodyDecoder {
  private final long maxSize;
  private long size;
  private boolean ended;

  EndlessDecoder(long maxSize) {
    this.maxSize = maxSize;
  }

  @Override
  public byte @Nullable [] decode(ByteBuffer in, int max) {
    int count = Math.min(in.remaining(), max);
    if (count == 0) {
      return null;
    }
    size += count;
    if (size > maxSize) {
      throw new HTTPInputException(413, "body is over " + maxSize + " bytes");
    }
    byte[] piece = new byte[count];
    in.get(piece);
    return piece;
  }

  @Override
  public boolean finished() {
    return ended;
  }

  /** The connection has ended in order. */
  void end() {
    ended = true;
  }
}
