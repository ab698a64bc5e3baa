// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A stack that waits for the baton: awaiting, then woken once and queued among the callbacks, then
 * resumed by {@link Baton#passTo}.
 */
final class Parked extends ScopeMember implements Runnable {
  final Thread thread = Thread.currentThread();
  int place; // in the baton's register
  private final IOLoop loop;
  private final AtomicBoolean woken = new AtomicBoolean();
  private final AtomicBoolean settled = new AtomicBoolean(); // who leads on
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

  @Override
  void cancel(String reason) {
    cancel(new CancellationException(reason));
  }

  /** Its thread did not park, and keeps the loop. */
  void abandon() {
    settled.set(true);
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

  /** Decides who leads on: true for the first who asks, the successor or who cannot park. */
  boolean settle() {
    return settled.compareAndSet(false, true);
  }

  /**
   * Parks until resumed. An interrupt does not end the wait: it is kept for afterwards.
   *
   * @throws StackOverflowError if the stack is too deep to be put aside: not {@link #resumed} if
   *     the successor has not begun, and never will; else resumed, as soon as it gave the loop back
   */
  void park() {
    boolean interrupted = false;
    try {
      while (!resumed) {
        parkOnce();
        interrupted |= Thread.interrupted(); // left set, it would make park return at once
      }
    } finally {
      if (interrupted) {
        thread.interrupt();
      }
    }
  }

  /** The JVM puts a stack aside frame by frame, and needs stack itself for that. */
  private void parkOnce() {
    try {
      LockSupport.park(loop);
    } catch (StackOverflowError e) {
      if (!settle()) {
        wake();
        while (!resumed) { // no other way to wait is left
          Thread.onSpinWait();
        }
      }
      throw e;
    }
  }

  boolean resumed() {
    return resumed;
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
