// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Inflates the messages of one sender, RFC 7692 section 7.2.2. What it needs outside of the heap it
 * has from a first compressed message on: until that message's end if contexts are not kept, else
 * until {@link #end}.
 */
final class Inflation {
  /** Stands behind every message, and is not sent. */
  static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

  private static final byte[] NONE = {};

  private final boolean keepsContext;
  private byte[] input = NONE;
  private @Nullable Inflater inflater; // null while it is not needed
  private boolean ended;

  /**
   * @param keepsContext whether a message may refer to what stood in earlier ones
   */
  Inflation(boolean keepsContext) {
    this.keepsContext = keepsContext;
  }

  /** The next bytes of the message; those before must have been used up. */
  void setInput(byte[] piece) {
    input = piece;
    inflater().setInput(piece);
  }

  /**
   * Inflates some.
   *
   * @return zero if all input is used up
   * @throws ProtocolException if the input is not what a deflater makes
   */
  int inflate(byte[] out, int from, int length) {
    var inflating = inflater();
    try {
      while (true) {
        int count = inflating.inflate(out, from, length);
        if (count > 0) {
          return count;
        }
        if (!inflating.finished()) {
          input = NONE;
          return 0;
        }
        beginBehindLastBlock(inflating);
      }
    } catch (DataFormatException e) {
      throw new ProtocolException(CloseCode.INVALID, "not deflated: " + e.getMessage());
    }
  }

  /** RFC 7692 section 7.2.3.4: a sender may mark a last block, and begin anew behind it. */
  private void beginBehindLastBlock(Inflater inflating) {
    int left = inflating.getRemaining();
    inflating.reset();
    inflating.setInput(input, input.length - left, left);
  }

  void endOfMessage() {
    if (!keepsContext) {
      free();
    }
  }

  /** Frees what it has, for good. */
  void end() {
    ended = true;
    free();
  }

  /** Whether it holds something outside of the heap. */
  boolean holdsMemory() {
    return inflater != null;
  }

  private void free() {
    if (inflater != null) {
      inflater.end();
      inflater = null;
    }
  }

  private Inflater inflater() {
    if (ended) {
      throw new IllegalStateException("the inflation has ended");
    }
    if (inflater == null) {
      inflater = new Inflater(true);
    }
    return inflater;
  }
}
