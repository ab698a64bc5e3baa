// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * One run after the other, as those outside of the loop see it: they begin one and wait for its
 * end. The only lock around a loop, and none that its turns take.
 */
final class Run {
  private final ReentrantLock lock = new ReentrantLock();
  private volatile CountDownLatch ended = new CountDownLatch(0);

  /** Begins a run if {@code enter} lets us; it is called under the lock and may throw. */
  boolean begin(BooleanSupplier enter) {
    lock.lock();
    try {
      var begins = enter.getAsBoolean();
      if (begins) {
        ended = new CountDownLatch(1);
      }
      return begins;
    } finally {
      lock.unlock();
    }
  }

  /** Lets a run that is under way end, then begins one as {@link #begin} does. */
  boolean endThenBegin(Runnable requestEnd, BooleanSupplier enter) {
    lock.lock(); // keeps another run from beginning in between; the end needs no lock
    try {
      awaitEnd(requestEnd, true);
      return begin(enter);
    } finally {
      lock.unlock();
    }
  }

  /** The run is over. */
  void end() {
    ended.countDown();
  }

  /** Waits for the end of the run; an interrupt asks for it, and is kept. */
  void awaitEnd(Runnable onInterrupt) {
    awaitEnd(onInterrupt, false);
  }

  private void awaitEnd(Runnable requestEnd, boolean requestNow) {
    boolean interrupted = false;
    if (requestNow && ended.getCount() != 0) {
      requestEnd.run();
    }
    while (true) {
      try {
        ended.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
        requestEnd.run();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
