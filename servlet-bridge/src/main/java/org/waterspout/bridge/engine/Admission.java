// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.waterspout.bridge.deployment.Limits;

/**
 * Who may run and who may wait. A place is taken on a loop, without blocking; the turn is waited
 * for on the request's own virtual thread, so the queue is nothing but parked threads.
 */
final class Admission {
  private final int places;
  private final AtomicInteger taken = new AtomicInteger();
  private final Semaphore turns;
  private volatile boolean closed;

  Admission(Limits limits) {
    places = (int) Math.min((long) limits.maxConcurrent() + limits.maxQueue(), Integer.MAX_VALUE);
    turns = new Semaphore(limits.maxConcurrent(), true);
  }

  /** Takes a place; false if all are taken or the application is stopping. */
  boolean enter() {
    if (taken.incrementAndGet() <= places && !closed) {
      return true;
    }
    leave();
    return false;
  }

  /** Waits for the turn, which {@link #endTurn} gives back. */
  void awaitTurn() throws InterruptedException {
    turns.acquire();
  }

  void endTurn() {
    turns.release();
  }

  /** Gives the place back. */
  void leave() {
    if (taken.decrementAndGet() == 0 && closed) {
      synchronized (this) {
        notifyAll();
      }
    }
  }

  /** Lets nobody in any more. */
  void close() {
    closed = true;
  }

  /** Waits until nobody is left, at most so long; whether nobody is. Only after {@link #close}. */
  synchronized boolean awaitEmpty(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (taken.get() > 0) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return true;
  }
}
