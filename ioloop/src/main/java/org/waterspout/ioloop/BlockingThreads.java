// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Where a loop runs what blocks, unless it was given another executor: virtual threads, so many at
 * a time, shared by all loops of the process. From any thread.
 */
final class BlockingThreads implements Executor {
  static final int MAX_RUNNING = 256;
  static final BlockingThreads OF_PROCESS = new BlockingThreads();

  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>(); // under the lock
  private int running; // under the lock

  private BlockingThreads() {}

  @Override
  public void execute(Runnable task) {
    lock.lock();
    try {
      if (running == MAX_RUNNING) {
        waiting.add(task);
        return;
      }
      running++;
    } finally {
      lock.unlock();
    }
    start(task);
  }

  /** Each task on a thread of its own: none finds the thread-locals of the one before. */
  private void start(Runnable task) {
    VirtualThreads.unstarted("waterspout-blocking", () -> work(task)).start();
  }

  private void work(Runnable task) {
    try {
      task.run();
    } finally {
      var next = next();
      if (next != null) {
        start(next);
      }
    }
  }

  private @Nullable Runnable next() {
    lock.lock();
    try {
      var next = waiting.poll();
      if (next == null) {
        running--;
      }
      return next;
    } finally {
      lock.unlock();
    }
  }
}
