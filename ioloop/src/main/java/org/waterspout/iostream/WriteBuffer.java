// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.LoopFuture;

/**
 * Output that the transport has not taken yet, in order. Small pieces leave together: they are
 * copied into the loop's buffer and written by one call.
 */
final class WriteBuffer {
  private record Piece(ByteBuffer bytes, @Nullable LoopFuture<Void> written) {}

  private final ArrayDeque<Piece> pieces = new ArrayDeque<>();
  private long size;

  boolean isEmpty() {
    return pieces.isEmpty();
  }

  long size() {
    return size;
  }

  /** Queues a piece; the future, if any, completes when it has been written. */
  void add(ByteBuffer bytes, @Nullable LoopFuture<Void> written) {
    pieces.add(new Piece(bytes, written));
    size += bytes.remaining();
  }

  /** Writes until all is written or the channel takes no more. */
  void writeTo(WritableByteChannel channel, ByteBuffer out) throws IOException {
    while (!pieces.isEmpty()) {
      int offered = fill(out);
      int taken = offered == 0 ? 0 : channel.write(out);
      advance(taken);
      if (taken < offered) {
        return;
      }
    }
  }

  /** Fails what is queued and forgets it. */
  void fail(RuntimeException reason) {
    for (var piece = pieces.poll(); piece != null; piece = pieces.poll()) {
      if (piece.written != null) {
        piece.written.failLater(reason);
      }
    }
    size = 0;
  }

  private int fill(ByteBuffer out) {
    out.clear();
    for (var piece : pieces) {
      var bytes = piece.bytes;
      int length = Math.min(bytes.remaining(), out.remaining());
      out.put(out.position(), bytes, bytes.position(), length);
      out.position(out.position() + length);
      if (!out.hasRemaining()) {
        break;
      }
    }
    out.flip();
    return out.remaining();
  }

  private void advance(int taken) {
    size -= taken;
    int left = taken;
    while (!pieces.isEmpty()) {
      var first = pieces.getFirst();
      int length = Math.min(left, first.bytes.remaining());
      first.bytes.position(first.bytes.position() + length);
      left -= length;
      if (first.bytes.hasRemaining()) {
        return;
      }
      pieces.removeFirst();
      if (first.written != null) {
        first.written.completeLater(null);
      }
    }
  }
}
