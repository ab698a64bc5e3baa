// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.gen;

import java.util.ArrayDeque;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.ioloop.VirtualThreads;

/** Where {@link Gen#blocking} runs its bodies: virtual threads, so many at a time. */
final class BlockingThreads {
  static final int MAX_RUNNING = 256;

  private static final ReentrantLock LOCK = new ReentrantLock();
  private static final ArrayDeque<Task<?>> WAITING = new ArrayDeque<>(); // under LOCK
  private static int running; // under LOCK

  private BlockingThreads() {}

  static <T> void run(LoopFuture<T> result, Callable<T> body) {
    var task = new Task<>(result, body, Thread.currentThread().getContextClassLoader());
    LOCK.lock();
    try {
      if (running == MAX_RUNNING) {
        WAITING.add(task);
        return;
      }
      running++;
    } finally {
      LOCK.unlock();
    }
    start(task);
  }

  /** Each task on a thread of its own: none finds the thread-locals of the one before. */
  private static void start(Task<?> task) {
    VirtualThreads.unstarted("waterspout-blocking", () -> work(task)).start();
  }

  private static void work(Task<?> task) {
    task.run();
    var next = next();
    if (next != null) {
      start(next);
    }
  }

  private static @Nullable Task<?> next() {
    LOCK.lock();
    try {
      var next = WAITING.poll();
      if (next == null) {
        running--;
      }
      return next;
    } finally {
      LOCK.unlock();
    }
  }

  private record Task<T>(
      LoopFuture<T> result, Callable<T> body, @Nullable ClassLoader classLoader) {
    void run() {
      if (result.isDone()) {
        return;
      }
      result.loop().makeCurrent();
      Thread.currentThread().setContextClassLoader(classLoader);
      try {
        result.complete(body.call());
      } catch (Throwable e) {
        result.completeExceptionally(e);
      } finally {
        IOLoop.clearCurrent();
      }
    }
  }
}
