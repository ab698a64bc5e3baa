// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import org.waterspout.ioloop.LoopLocal;

/** What all HTTP connections of a loop use in turn, while they hold the loop. */
final class LoopBuffers {
  static final LoopLocal<LoopBuffers> OF = new LoopLocal<>(loop -> new LoopBuffers());

  private final byte[] lines = new byte[8 * 1024];
  private final OutBytes out = new OutBytes(16 * 1024);

  /** For lines that arrive whole, see {@link LineReader}. */
  byte[] lines() {
    return lines;
  }

  /** Empty, for what is written in one go. */
  OutBytes out() {
    return out.clear();
  }
}
