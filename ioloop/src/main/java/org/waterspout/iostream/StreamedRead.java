// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.waterspout.ioloop.IOLoop;

/** Hands bytes to a callback as they come: so many of them, or all until the close. */
final class StreamedRead extends PendingRead<Void> {
  private final Consumer<byte[]> callback;
  private final boolean untilClose;
  private long left;
  private byte[] chunk = NONE; // what the callback is given next
  private boolean inCallback;
  private boolean closedMeanwhile; // during the callback, which was the last one

  private StreamedRead(
      BaseIOStream stream, Consumer<byte[]> callback, boolean untilClose, long count) {
    super(stream);
    this.callback = callback;
    this.untilClose = untilClose;
    this.left = count;
  }

  static StreamedRead ofBytes(BaseIOStream stream, long count, Consumer<byte[]> callback) {
    return new StreamedRead(stream, callback, false, count);
  }

  static StreamedRead untilClose(BaseIOStream stream, Consumer<byte[]> callback) {
    return new StreamedRead(stream, callback, true, Long.MAX_VALUE);
  }

  @Override
  boolean mayProceedAtOnce() {
    return false;
  }

  @Override
  public boolean received(ByteBuffer in) {
    if (!result.isDone()) {
      chunk = new byte[(int) Math.min(left, in.remaining())];
      in.get(chunk);
      left -= chunk.length;
    }
    return true;
  }

  /** The callback may await: nothing more is read meanwhile. */
  @Override
  public void proceed() {
    if (result.isDone()) {
      return; // cancelled
    }
    inCallback = true;
    try {
      callback.accept(takeBack());
    } catch (Throwable e) {
      result.completeExceptionally(e);
      stream.close(e);
      IOLoop.rethrowIfFatal(e);
    }
    inCallback = false;
    goOn();
  }

  @Override
  byte[] takeBack() {
    var taken = chunk;
    chunk = NONE;
    return taken;
  }

  private void goOn() {
    if (left == 0 || closedMeanwhile) {
      result.complete(null);
    } else if (!result.isDone()) {
      stream.resumeReading();
    }
  }

  @Override
  public void closed() {
    boolean hasAll = untilClose ? stream.inputEnded() : left == 0;
    if (!hasAll) {
      fail();
    } else if (inCallback) {
      closedMeanwhile = true;
    } else {
      result.complete(null);
    }
  }
}
