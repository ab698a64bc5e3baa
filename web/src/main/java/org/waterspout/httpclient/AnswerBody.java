// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/** The body of an answer as it comes: mostly in one piece, which is not copied then. */
final class AnswerBody {
  private static final byte[] NONE = {};

  private byte[] first = NONE;
  private @Nullable ByteArrayOutputStream all; // once there are several pieces

  void add(byte[] piece) {
    if (all != null) {
      all.writeBytes(piece);
    } else if (first.length == 0) {
      first = piece;
    } else {
      all = new ByteArrayOutputStream(first.length + 4 * piece.length);
      all.writeBytes(first);
      all.writeBytes(piece);
    }
  }

  byte[] bytes() {
    return all == null ? first : all.toByteArray();
  }
}
