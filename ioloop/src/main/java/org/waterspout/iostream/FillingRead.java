// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import java.nio.ByteBuffer;

/** Reads into the caller's buffer, as the bytes come. */
final class FillingRead extends PendingRead<Integer> {
  private final ByteBuffer into;
  private final boolean partial;
  private final int start;

  FillingRead(BaseIOStream stream, ByteBuffer into, boolean partial) {
    super(stream);
    this.into = into;
    this.partial = partial;
    this.start = into.position();
  }

  @Override
  public boolean received(ByteBuffer in) {
    if (result.isDone()) {
      return true; // cancelled: what comes is for the next read
    }
    int count = Math.min(into.remaining(), in.remaining());
    into.put(in.slice(in.position(), count));
    in.position(in.position() + count);
    return !into.hasRemaining() || (partial && count > 0);
  }

  @Override
  public void proceed() {
    result.complete(into.position() - start);
  }

  @Override
  public void closed() {
    if (!result.isDone() && !stream.takeFromRest(this)) {
      fail();
    }
  }
}
