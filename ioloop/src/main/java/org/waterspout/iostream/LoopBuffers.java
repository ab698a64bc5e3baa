// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import java.nio.ByteBuffer;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.ioloop.LoopLocal;

/**
 * What all streams of a loop share, so that an idle connection owns none: the direct buffers, which
 * are filled and emptied within one call, and the future of what is done at once.
 */
final class LoopBuffers {
  static final int SIZE = 64 * 1024;
  static final LoopLocal<LoopBuffers> OF_LOOP = new LoopLocal<>(LoopBuffers::new);

  /** For what is sealed, where {@link #OF_LOOP} holds what is open. */
  static final LoopLocal<LoopBuffers> SEALED_OF_LOOP = new LoopLocal<>(LoopBuffers::new);

  final ByteBuffer in = ByteBuffer.allocateDirect(SIZE);
  final ByteBuffer out = ByteBuffer.allocateDirect(SIZE);
  final LoopFuture<Void> done;

  private LoopBuffers(IOLoop loop) {
    done = LoopFuture.done(loop);
  }
}
