// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Bytes that came in pieces; a single piece is never copied. */
final class ByteChunks {
  /** Stays empty, in the place of one to which nothing will be added. */
  static final ByteChunks NONE = new ByteChunks();

  private static final byte[] NO_BYTES = {};

  private List<byte[]> chunks = List.of(); // until the first piece
  private long size;

  void add(byte[] chunk) {
    if (chunk.length > 0) {
      if (chunks.isEmpty()) {
        chunks = new ArrayList<>(2);
      }
      chunks.add(chunk);
      size += chunk.length;
    }
  }

  long size() {
    return size;
  }

  boolean isEmpty() {
    return chunks.isEmpty();
  }

  /** The pieces, not to be changed. */
  List<byte[]> chunks() {
    return chunks;
  }

  void clear() {
    chunks = List.of();
    size = 0;
  }

  /** All of it, which is no longer in here then. */
  byte[] take() {
    if (chunks.isEmpty()) {
      return NO_BYTES;
    }
    byte[] all = chunks.size() == 1 ? chunks.getFirst() : joined();
    clear();
    return all;
  }

  private byte[] joined() {
    var joined = ByteBuffer.allocate(Math.toIntExact(size));
    chunks.forEach(joined::put);
    return joined.array();
  }
}
