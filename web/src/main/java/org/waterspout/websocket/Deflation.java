// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * Deflates messages for one receiver, RFC 7692 section 7.2.1. What it needs outside of the heap it
 * has during a message if contexts are not kept, else from the first message until {@link #end}.
 */
final class Deflation {
  private static final byte[] NONE = {};

  private final int level;
  private final boolean keepsContext;
  private @Nullable Deflater deflater; // null while it is not needed
  private boolean ended;

  /**
   * @param keepsContext whether a message may refer to what stood in earlier ones
   */
  Deflation(int level, boolean keepsContext) {
    this.level = level;
    this.keepsContext = keepsContext;
  }

  /** Deflates a whole message, not an empty one. Each must be sent, in the order of the calls. */
  ByteBuffer deflate(byte[] message) {
    if (ended) {
      throw new IllegalStateException("the deflation has ended");
    }
    if (deflater == null) {
      deflater = new Deflater(level, true);
    }
    try {
      return deflate(deflater, message);
    } finally {
      if (keepsContext) {
        deflater.setInput(NONE); // else it would keep the message until the next one
      } else {
        free();
      }
    }
  }

  private static ByteBuffer deflate(Deflater deflater, byte[] message) {
    deflater.setInput(message);
    var out = new byte[message.length / 2 + 64];
    int size = 0;
    while (true) {
      size += deflater.deflate(out, size, out.length - size, Deflater.SYNC_FLUSH);
      if (size < out.length) {
        break; // else there may be more
      }
      out = Arrays.copyOf(out, (int) Math.min(out.length * 2L, Integer.MAX_VALUE - 8));
    }
    return ByteBuffer.wrap(out, 0, size - Inflation.TAIL.length);
  }

  /** Frees what it has, for good. */
  void end() {
    ended = true;
    free();
  }

  /** Whether it holds something outside of the heap. */
  boolean holdsMemory() {
    return deflater != null;
  }

  private void free() {
    if (deflater != null) {
      deflater.end();
      deflater = null;
    }
  }
}
