// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The life of a loop, as those outside of it see it: one run after the other, then the close. The
 * only lock around a loop, and none that its turns take.
 */
final class Run {
  private enum State {
    STOPPED,
    RUNNING,
    CLOSING,
    CLOSED
  }

  private final String name;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile CountDownLatch ended = new CountDownLatch(0);
  private volatile State state = State.STOPPED;
  private @Nullable Watch watch; // of the current run; set by its starter, read by its last leader

  Run(String name) {
    this.name = name;
  }

  boolean isRunning() {
    return state == State.RUNNING;
  }

  /** Its last run is under way, in which only what is parked still runs. */
  boolean isClosing() {
    return state == State.CLOSING;
  }

  boolean isClosed() {
    return state == State.CLOSED;
  }

  /**
   * Begins a run.
   *
   * @return what {@link #awaitEnd} takes
   * @throws IllegalStateException if one is under way, or the loop was closed
   */
  CountDownLatch begin() {
    lock.lock();
    try {
      if (isClosed() || isClosing()) {
        throw new IllegalStateException(name + " is closed");
      }
      return enter(State.RUNNING);
    } finally {
      lock.unlock();
    }
  }

  /** Lets a run that is under way end, then begins the last one; null if that was done before. */
  @Nullable CountDownLatch endThenBeginClosing(Runnable requestEnd) {
    lock.lock(); // keeps another run from beginning in between; the end needs no lock
    try {
      var current = ended;
      if (current.getCount() != 0) {
        requestEnd.run();
      }
      awaitEnd(current, requestEnd);
      return isClosed() || isClosing() ? null : enter(State.CLOSING);
    } finally {
      lock.unlock();
    }
  }

  private CountDownLatch enter(State next) {
    if (isRunning()) {
      throw new IllegalStateException(name + " is running already");
    }
    state = next;
    ended = new CountDownLatch(1);
    return ended;
  }

  /** The run is over; after the state, another one may begin. */
  void end() {
    if (watch != null) { // before anybody learns of the end, and asks whether any loop still runs
      Watchdog.ofProcess().end(watch);
    }
    var current = ended;
    if (isRunning()) {
      state = State.STOPPED;
    }
    current.countDown();
  }

  /** After the last run. */
  void close() {
    state = State.CLOSED;
  }

  /** Lets a run that has begun take its course, under the watchdog's eyes. */
  void untilEnd(IOLoop loop, CountDownLatch begun, Runnable onInterrupt) {
    watch = Watchdog.ofProcess().begin(loop);
    loop.baton().pickUp();
    awaitEnd(begun, onInterrupt);
  }

  /** Waits for the end of a run; an interrupt asks for it, and is kept. */
  private static void awaitEnd(CountDownLatch run, Runnable onInterrupt) {
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
