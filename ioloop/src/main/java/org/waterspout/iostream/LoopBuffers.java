// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import java.nio.ByteBuffer;
import org.waterspout.ioloop.LoopLocal;

/**
 * The direct buffers that all streams of a loop share: filled and emptied within one call, so that
 * an idle connection owns none.
 */
final class LoopBuffers {
  static final int SIZE = 64 * 1024;
  static final LoopLocal<LoopBuffers> OF_LOOP = new LoopLocal<>(loop -> new LoopBuffers());

  /** For what is sealed, where {@link #OF_LOOP} holds what is open. */
  static final LoopLocal<LoopBuffers> SEALED_OF_LOOP = new LoopLocal<>(loop -> new LoopBuffers());

  final ByteBuffer in = ByteBuffer.allocateDirect(SIZE);
  final ByteBuffer out = ByteBuffer.allocateDirect(SIZE);
}
