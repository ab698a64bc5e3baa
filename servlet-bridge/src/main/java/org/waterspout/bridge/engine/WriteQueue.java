// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.VirtualThreads;

/**
 * Writes for which their callers do not wait: one after the other, on a virtual thread that lives
 * as long as there are any. After a failure there are no more. Safe for all threads.
 */
final class WriteQueue {
  /** A write that may block. */
  interface Write {
    void run() throws IOException;
  }

  private final StreamCallbacks callbacks;

  // ---- guarded by this

  private final Queue<Write> waiting = new ArrayDeque<>(2);
  private boolean running;
  private boolean failed;

  WriteQueue(StreamCallbacks callbacks) {
    this.callbacks = callbacks;
  }

  synchronized void add(Write write) throws IOException {
    if (failed) {
      throw new ClientGoneException();
    }
    waiting.add(write);
    if (!running) {
      running = true;
      VirtualThreads.unstarted("servlet output", this::run).start();
    }
  }

  /** Whether all that was added has left, or never will. */
  synchronized boolean isIdle() {
    return !running;
  }

  /** Waits until all has left, or never will. */
  synchronized void awaitIdle() throws InterruptedException {
    while (running) {
      wait();
    }
  }

  private void run() {
    Throwable failure = null;
    Write next = next();
    while (next != null) {
      try {
        next.run();
        next = next();
      } catch (Throwable e) {
        failure = e;
        stop();
        next = null;
      }
    }
    if (failure == null) {
      callbacks.due();
    } else {
      callbacks.failed(failure);
    }
  }

  private synchronized @Nullable Write next() {
    Write next = waiting.poll();
    if (next == null) {
      running = false;
      notifyAll();
    }
    return next;
  }

  private synchronized void stop() {
    failed = true;
    running = false;
    waiting.clear();
    notifyAll();
  }
}
