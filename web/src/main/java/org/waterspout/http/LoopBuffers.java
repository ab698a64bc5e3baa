// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.LoopLocal;

/** What all HTTP connections of a loop use in turn, while they hold the loop. */
final class LoopBuffers {
  static final LoopLocal<LoopBuffers> OF = new LoopLocal<>(loop -> new LoopBuffers());

  private final byte[] lines = new byte[8 * 1024];
  private final OutBytes out = new OutBytes(16 * 1024);
  private @Nullable OutBytes spare; // null: taken

  /** For lines that arrive whole, see {@link LineReader}. */
  byte[] lines() {
    return lines;
  }

  /** Empty, for what is written in one go. */
  OutBytes out() {
    return out.clear();
  }

  /** Empty, the taker's own for as long as it is needed. */
  OutBytes takeSpare() {
    OutBytes taken = spare;
    spare = null;
    return taken == null ? new OutBytes(4 * 1024) : taken.clear();
  }

  /** Gives back what was taken and is not needed any more. */
  void giveSpare(OutBytes unused) {
    spare = unused;
  }
}
