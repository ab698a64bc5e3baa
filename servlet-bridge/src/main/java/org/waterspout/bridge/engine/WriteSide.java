// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How an output stream writes: every write is waited for; or once it has a listener, one is under
 * way at most, for which nobody waits, and before it has left nothing else may be written.
 *
 * <p>The listener's life: {@code onWritePossible} soon, and again whenever {@code isReady} has been
 * false; or {@code onError}, once. Nothing after the stream's end.
 */
final class WriteSide {
  private final StreamCallbacks callbacks;

  /** Null before there is one. */
  private volatile @Nullable WriteListener listener;

  /** Null while writes are waited for. */
  private volatile @Nullable WriteQueue queue;

  /** Whether the listener is to be told that it can write. */
  private volatile boolean wanted;

  /** Whether the listener is told nothing more. */
  private volatile boolean over;

  WriteSide(StreamCallbacks callbacks) {
    this.callbacks = callbacks;
  }

  // ---- for the stream

  void listen(WriteListener listener) {
    Objects.requireNonNull(listener, "listener");
    callbacks.checkListening("setWriteListener");
    if (this.listener != null) {
      throw new IllegalStateException("setWriteListener: the stream has a listener");
    }
    this.listener = listener;
    queue = new WriteQueue(callbacks);
    wanted = true;
    tellIfDue();
  }

  /** Whether writes are not waited for. */
  boolean unblocked() {
    return queue != null;
  }

  boolean isReady() {
    WriteQueue used = queue;
    if (used == null || used.isIdle()) {
      return true;
    }
    wanted = true;
    tellIfDue();
    return false;
  }

  /**
   * Refuses what writes while something is under way.
   *
   * @throws IllegalStateException naming the call
   */
  void checkReady(String call) {
    WriteQueue used = queue;
    if (used != null && !used.isIdle()) {
      throw new IllegalStateException(call + ": the stream is not ready");
    }
  }

  /** Writes, or has it written. */
  void write(WriteQueue.Write write) throws IOException {
    WriteQueue used = queue;
    if (used == null) {
      write.run();
    } else {
      used.add(write);
    }
  }

  /** The stream has been ended by the application. */
  void end() {
    over = true;
  }

  /** Waits for what is under way. From now on every write is waited for. */
  void block() throws InterruptedException {
    WriteQueue used = queue;
    if (used != null) {
      over = true;
      used.awaitIdle();
      queue = null;
    }
  }

  private void tellIfDue() {
    if (isDue()) {
      callbacks.due();
    }
  }

  // ---- for what calls the listener

  /** Whether the listener is to be told that it can write. From any thread. */
  boolean isDue() {
    WriteQueue used = queue;
    return used != null && wanted && !over && used.isIdle();
  }

  /** Tells the listener what is due. */
  void tell() throws IOException {
    wanted = false;
    Objects.requireNonNull(listener, "listener").onWritePossible();
  }

  /** Tells the listener, if there is one, that nothing can be written any more. */
  void fail(Throwable reason) {
    WriteListener told = listener;
    if (told != null && !over) {
      over = true;
      told.onError(reason);
    }
  }
}
