// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import java.io.InputStream;

/** The same block again and again, until a size is reached. */
final class Repeated extends InputStream {
  private final byte[] block;
  private long left;
  private int next; // in the block

  Repeated(byte[] block, long size) {
    this.block = block;
    this.left = size;
  }

  @Override
  public int read() {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) {
    if (left == 0) {
      return -1;
    }
    int count = (int) Math.min(Math.min(length, left), block.length - next);
    System.arraycopy(block, next, into, offset, count);
    left -= count;
    next = (next + count) % block.length;
    return count;
  }
}
