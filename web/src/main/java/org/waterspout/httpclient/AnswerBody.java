// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import java.util.ArrayList;
import java.util.List;

/** The body of an answer as it comes: in one piece if its length is known, and not copied then. */
final class AnswerBody {
  /** An array cannot be larger. */
  static final int LARGEST = Integer.MAX_VALUE - 8;

  private static final byte[] NONE = {};

  private final List<byte[]> pieces = new ArrayList<>(1);
  private int size;

  void add(byte[] piece) {
    pieces.add(piece);
    size = Math.addExact(size, piece.length);
  }

  /** The pieces are joined once: most bodies have one, and large ones are expensive to copy. */
  byte[] bytes() {
    if (pieces.size() <= 1) {
      return pieces.isEmpty() ? NONE : pieces.getFirst();
    }
    var all = new byte[size];
    int at = 0;
    for (var piece : pieces) {
      System.arraycopy(piece, 0, all, at, piece.length);
      at += piece.length;
    }
    pieces.clear();
    pieces.add(all);
    return all;
  }
}
