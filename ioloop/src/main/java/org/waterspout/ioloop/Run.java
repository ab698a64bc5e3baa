// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One run after the other, as those outside of the loop see it: they begin one and wait for its
 * end. The only lock around a loop, and none that its turns take.
 */
final class Run {
  private final ReentrantLock lock = new ReentrantLock();
  private volatile CountDownLatch ended = new CountDownLatch(0);

  /**
   * Begins a run if {@code enter} lets us; it is called under the lock and may throw.
   *
   * @return what {@link #awaitEnd} takes; null if no run began
   */
  @Nullable CountDownLatch begin(BooleanSupplier enter) {
    lock.lock();
    try {
      if (!enter.getAsBoolean()) {
        return null;
      }
      ended = new CountDownLatch(1);
      return ended;
    } finally {
      lock.unlock();
    }
  }

  /** Lets a run that is under way end, then begins one as {@link #begin} does. */
  @Nullable CountDownLatch endThenBegin(Runnable requestEnd, BooleanSupplier enter) {
    lock.lock(); // keeps another run from beginning in between; the end needs no lock
    try {
      var current = ended;
      if (current.getCount() != 0) {
        requestEnd.run();
      }
      awaitEnd(current, requestEnd);
      return begin(enter);
    } finally {
      lock.unlock();
    }
  }

  /** The run is over. Once {@code leave} was called, another one may begin. */
  void end(Runnable leave) {
    var current = ended;
    leave.run();
    current.countDown();
  }

  /** Waits for the end of a run; an interrupt asks for it, and is kept. */
  static void awaitEnd(CountDownLatch run, Runnable onInterrupt) {
    boolean interrupted = false;
    while (true) {
      try {
        run.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
        onInterrupt.run();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
