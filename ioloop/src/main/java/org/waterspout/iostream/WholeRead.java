// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads what a target says, in one piece. */
final class WholeRead extends PendingRead<byte[]> {
  private final ReadTarget target;
  private byte @Nullable [] found; // null until it is there

  WholeRead(BaseIOStream stream, ReadTarget target) {
    super(stream);
    this.target = target;
  }

  @Override
  public boolean received(ByteBuffer in) {
    if (result.isDone()) {
      return true; // cancelled: what comes is for the next read
    }
    try {
      int count = target.find(in, stream.inputEnded());
      if (count != ReadTarget.NOT_YET) {
        found = new byte[count];
        in.get(found);
      }
    } catch (UnsatisfiableReadException e) {
      stream.input.closeAndForget(e);
    }
    return found != null;
  }

  @Override
  public void proceed() {
    if (result.complete(found)) {
      found = null;
    }
  }

  @Override
  byte[] takeBack() {
    var taken = found == null ? NONE : found;
    found = null;
    return taken;
  }

  /** The end may be what was waited for. */
  @Override
  public void closed() {
    if (!result.isDone() && !stream.takeFromRest(this)) {
      fail();
    }
  }
}
