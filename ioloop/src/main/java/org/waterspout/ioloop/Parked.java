// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A stack that waits for the baton: awaiting, then woken once and queued among the callbacks, then
 * resumed by {@link Baton#passTo}.
 */
final class Parked implements Runnable {
  final Thread thread = Thread.currentThread();
  int place; // in the baton's register
  private final IOLoop loop;
  private final AtomicBoolean woken = new AtomicBoolean();
  private @Nullable RuntimeException failure; // set when the wait itself was ended
  private boolean abandoned; // the loop could not be handed over: its thread never parked
  private volatile boolean resumed;

  Parked(IOLoop loop) {
    this.loop = loop;
  }

  /** What it waits for has come. From any thread; only the first wake-up counts. */
  void wake() {
    if (woken.compareAndSet(false, true)) {
      loop.schedule(this);
    }
  }

  /** Ends the wait with an exception, unless it was woken before. */
  void fail(RuntimeException reason) {
    if (woken.compareAndSet(false, true)) {
      failure = reason;
      loop.schedule(this);
    }
  }

  /** Ends the wait with an exception even if it was woken, but not resumed yet. On the loop. */
  void cancel(RuntimeException reason) {
    failure = reason;
    wake();
  }

  void abandon() {
    woken.set(true);
    abandoned = true;
  }

  boolean abandoned() {
    return abandoned;
  }

  void resume() {
    resumed = true;
    LockSupport.unpark(thread);
  }

  /** Parks until resumed. An interrupt does not end the wait: it is kept for afterwards. */
  void park() {
    boolean interrupted = false;
    while (!resumed) {
      LockSupport.park(loop);
      interrupted |= Thread.interrupted(); // left set, it would make park return at once
    }
    if (interrupted) {
      thread.interrupt();
    }
  }

  void throwIfFailed() {
    if (failure != null) {
      throw failure;
    }
  }

  /** The baton resumes it; it is never run as a callback. */
  @Override
  public void run() {
    throw new IllegalStateException("a parked stack is resumed, not run");
  }
}
