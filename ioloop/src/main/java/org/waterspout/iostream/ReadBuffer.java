// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Received bytes that nobody has taken yet. Owns no memory while empty. */
final class ReadBuffer {
  private static final byte[] NONE = {};

  private byte[] bytes = NONE;
  private int start;
  private int end;

  boolean isEmpty() {
    return start == end;
  }

  int size() {
    return end - start;
  }

  /** Appends all that is left in a buffer. */
  void append(ByteBuffer in) {
    int more = in.remaining();
    if (more == 0) {
      return;
    }
    makeRoomFor(more);
    in.get(bytes, end, more);
    end += more;
  }

  /** Puts bytes in front of all others. */
  void prepend(byte[] first) {
    if (first.length > 0) {
      var all = new byte[first.length + size()];
      System.arraycopy(first, 0, all, 0, first.length);
      System.arraycopy(bytes, start, all, first.length, size());
      bytes = all;
      start = 0;
      end = all.length;
    }
  }

  /** The bytes, to be read in place; {@link #keep} tells afterwards what was left. */
  ByteBuffer view() {
    return ByteBuffer.wrap(bytes, start, end - start);
  }

  void keep(ByteBuffer view) {
    if (isEmpty()) {
      return; // cleared since
    }
    start = view.position();
    if (start == end) {
      clear();
    }
  }

  void clear() {
    bytes = NONE;
    start = 0;
    end = 0;
  }

  private void makeRoomFor(int more) {
    if (end + more <= bytes.length) {
      return;
    }
    int size = end - start;
    if (size + more <= bytes.length) {
      System.arraycopy(bytes, start, bytes, 0, size);
    } else {
      var larger = Math.max(size + more, Math.min(2 * bytes.length, Integer.MAX_VALUE - 8));
      bytes = start == 0 ? Arrays.copyOf(bytes, larger) : copyFromStart(larger);
    }
    start = 0;
    end = size;
  }

  private byte[] copyFromStart(int length) {
    var copy = new byte[length];
    System.arraycopy(bytes, start, copy, 0, end - start);
    return copy;
  }
}
