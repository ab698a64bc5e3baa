// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.waterspout.log.Log;

/**
 * The daemon thread that looks after all running loops of the process: see {@link
 * IOLoop#setBlockingLogThreshold}.
 *
 * <p>It begins with the first run and ends soon after the last; a close of a loop waits for that
 * end if no other loop runs, so that a web application that is undeployed leaves no thread. Loops
 * do nothing for it but count their steps, and it wakes none.
 */
final class Watchdog {
  static final String THREAD_NAME = "waterspout-watchdog";
  private static final Watchdog OF_PROCESS = new Watchdog();
  private static final long LONGEST_INTERVAL = TimeUnit.SECONDS.toNanos(1);
  private static final long LONGEST_WAIT = TimeUnit.SECONDS.toNanos(1);
  private static final long SHORTEST_INTERVAL = TimeUnit.MILLISECONDS.toNanos(1);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Watch> watches = new ArrayList<>(); // under the lock
  private @Nullable Thread thread; // under the lock; null if there is none, or it is ending
  private boolean ending; // under the lock: somebody waits for the thread's end

  private Watchdog() {}

  static Watchdog ofProcess() {
    return OF_PROCESS;
  }

  /** A run of a loop begins. */
  Watch begin(IOLoop loop) {
    var watch = new Watch(loop);
    lock.lock();
    try {
      watches.add(watch);
      if (ending) {
        ending = false;
        changed.signalAll();
      }
      if (thread == null) {
        thread = startThread();
      }
    } catch (OutOfMemoryError e) { // no thread to be had: the next run tries again
      Log.GENERAL.log(Level.WARNING, "cannot watch loops: there is no thread for it", e);
    } finally {
      lock.unlock();
    }
    return watch;
  }

  /** The run is over. */
  void end(Watch watch) {
    lock.lock();
    try {
      watches.remove(watch);
    } finally {
      lock.unlock();
    }
  }

  /** A loop has another limit. */
  void limitChanged() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** A loop was closed: if it was the last one, ends the thread now. */
  void endIfUnused() {
    Thread last;
    lock.lock();
    try {
      last = thread;
      if (last == null || !watches.isEmpty()) {
        return;
      }
      ending = true;
      changed.signalAll();
      var left = LONGEST_WAIT; // it may be busy with a log entry
      while (ending && left > 0) {
        left = awaitChange(left);
      }
      if (thread != null) {
        return; // another loop has begun meanwhile
      }
    } finally {
      lock.unlock();
    }
    join(last);
  }

  private static void join(Thread last) {
    try {
      last.join(TimeUnit.NANOSECONDS.toMillis(LONGEST_WAIT));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Thread startThread() {
    var started =
        Thread.ofPlatform()
            .name(THREAD_NAME)
            .daemon(true)
            .inheritInheritableThreadLocals(false)
            .unstarted(this::work);
    started.setContextClassLoader(null); // not that of the web application that came first
    started.start();
    return started;
  }

  private void work() {
    try {
      lookAgainAndAgain();
    } catch (RuntimeException | Error e) { // of the last resort, say
      forgetThread(); // the next run starts another
      throw e;
    }
  }

  private void forgetThread() {
    lock.lock();
    try {
      hasNoThread();
    } finally {
      lock.unlock();
    }
  }

  private void hasNoThread() {
    thread = null;
    ending = false;
    changed.signalAll();
  }

  private void lookAgainAndAgain() {
    var dumps = new ThreadDumps(System::nanoTime);
    var before = System.nanoTime();
    while (true) {
      List<Watch> running;
      long interval;
      lock.lock();
      try {
        interval = interval();
        if (!ending) {
          awaitChange(interval);
        }
        if (watches.isEmpty()) {
          hasNoThread(); // under this lock, for who adds a watch after it
          return;
        }
        running = List.copyOf(watches);
      } finally {
        lock.unlock();
      }
      var now = System.nanoTime();
      // Where this thread itself was not run (a suspended machine, a debugger), the loops were not.
      var elapsed = Math.min(now - before, 2 * interval);
      dumps.beginLook(running.stream().mapToLong(Watch::parkedCount).sum());
      running.forEach(watch -> look(watch, elapsed, dumps));
      dumps.endLook();
      before = now;
    }
  }

  private static void look(Watch watch, long elapsed, ThreadDumps dumps) {
    try {
      watch.look(elapsed, dumps);
    } catch (Throwable e) { // a log handler's, say: the other loops still need their watch
      Failures.toLastResort(e);
    }
  }

  private long interval() {
    var interval = LONGEST_INTERVAL;
    for (var watch : watches) {
      if (watch.limit() > 0) {
        interval = Math.min(interval, watch.limit() / 4);
      }
    }
    return Math.max(interval, SHORTEST_INTERVAL);
  }

  /** What is left of the time. An interrupt is kept, and is no reason not to wait. */
  @SuppressWarnings("WaitNotInLoop") // the callers look what has changed
  private long awaitChange(long nanos) {
    var deadline = System.nanoTime() + nanos;
    var interrupted = Thread.interrupted();
    try {
      changed.awaitNanos(nanos);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return deadline - System.nanoTime();
  }
}
