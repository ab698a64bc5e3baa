// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.websocket;

import java.io.ByteArrayOutputStream;

/** Joins the pieces of a binary message, up to a limit. */
final class JoinedBytes {
  private final int limit;
  private ByteArrayOutputStream bytes = new ByteArrayOutputStream(0); // empty between messages
  private boolean tooMany; // then nothing is kept

  JoinedBytes(int limit) {
    this.limit = limit;
  }

  /** Adds a copy of a piece; false, and nothing is kept, if that is too much. */
  boolean add(byte[] piece) {
    tooMany |= piece.length > limit - bytes.size();
    if (tooMany) {
      take();
      return false;
    }
    bytes.writeBytes(piece);
    return true;
  }

  /** The whole message; what comes next begins another one. */
  byte[] take() {
    byte[] whole = bytes.toByteArray();
    bytes = new ByteArrayOutputStream(0);
    return whole;
  }
}
