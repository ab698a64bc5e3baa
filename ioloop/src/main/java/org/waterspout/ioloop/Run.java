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
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile CountDownLatch ended = new CountDownLatch(0);
  private volatile State state = State.STOPPED;
  private @Nullable Watch watch; // of the current run; set by its starter, read by its last leader
  private volatile @Nullable Thread closer; // who closes the loop, or did

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
   * @return what {@link #untilEnd} takes
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
      await(current, requestEnd);
      return isClosed() || isClosing() ? null : enter(State.CLOSING);
    } finally {
      lock.unlock();
    }
  }

  private CountDownLatch enter(State next) {
    if (isRunning()) {
      throw new IllegalStateException(name + " is running already");
    }
    var begun = new CountDownLatch(1);
    state = next;
    ended = begun;
    return begun;
  }

  /** The run is over; after the state, another one may begin. */
  void end() {
    if (watch != null) { // before anybody learns of the end, and asks whether any loop still runs
      Watchdog.ofProcess().end(watch);
      watch = null;
    }
    var current = ended;
    if (isRunning()) {
      state = State.STOPPED;
    }
    current.countDown();
  }

  /** After the last run: nothing is taken on any more. */
  void beginClose() {
    state = State.CLOSED;
    closer = Thread.currentThread();
  }

  /** The last act of a close. */
  void endClose() {
    closed.countDown();
  }

  /** Waits until another thread has closed the loop. Whoever does that has nothing to wait for. */
  void awaitClose() {
    if (!Thread.currentThread().equals(closer)) {
      await(closed, () -> {});
    }
  }

  /**
   * Lets a run that has begun take its course, under the watchdog's eyes. If it cannot, it is over.
   *
   * @param first what is done before the first turn
   */
  void untilEnd(IOLoop loop, CountDownLatch begun, Runnable first) {
    try {
      watch = Watchdog.ofProcess().begin(loop);
      first.run();
      loop.baton().pickUp();
    } catch (Throwable e) {
      loop.endRun();
      throw e;
    }
    await(begun, () -> requestEnd(loop, begun));
  }

  /** Asks for the end of this run: a stop that comes too late would end the next. */
  private void requestEnd(IOLoop loop, CountDownLatch begun) {
    loop.schedule(
        () -> {
          if (begun.equals(ended)) {
            loop.stop();
          }
        });
  }

  /** Waits for an end; an interrupt asks for it, and is kept. */
  private static void await(CountDownLatch end, Runnable onInterrupt) {
    boolean interrupted = false;
    while (true) {
      try {
        end.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
        if (end.getCount() != 0) {
          onInterrupt.run();
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
