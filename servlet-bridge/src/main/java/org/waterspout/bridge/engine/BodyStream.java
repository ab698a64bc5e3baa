// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.util.Objects;

/** The body as the servlet reads it: blocking. */
final class BodyStream extends ServletInputStream {
  private final Body body;
  private byte[] piece = new byte[0];
  private int position;
  private boolean finished;

  BodyStream(Body body) {
    this.body = body;
  }

  @Override
  public int read() throws IOException {
    return fill() ? piece[position++] & 0xff : -1;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int count = Math.min(length, piece.length - position);
    System.arraycopy(piece, position, target, offset, count);
    position += count;
    return count;
  }

  @Override
  public int available() {
    return piece.length - position + body.available();
  }

  @Override
  public boolean isFinished() {
    return finished || (position == piece.length && body.drained());
  }

  /** A blocking stream is always ready. */
  @Override
  public boolean isReady() {
    return true;
  }

  /** Refused, as the specification says for a request that is not asynchronous. */
  @Override
  public void setReadListener(ReadListener listener) {
    Objects.requireNonNull(listener, "listener");
    throw new IllegalStateException("setReadListener: the request is not asynchronous");
  }

  private boolean fill() throws IOException {
    if (position < piece.length) {
      return true;
    }
    if (finished) {
      return false;
    }
    byte[] next = body.take();
    if (next == null) {
      finished = true;
      return false;
    }
    piece = next;
    position = 0;
    return true;
  }
}
