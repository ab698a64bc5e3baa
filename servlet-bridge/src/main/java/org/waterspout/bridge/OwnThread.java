// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.waterspout.ioloop.VirtualThreads;

/**
 * Runs start and stop of an application on a thread that ends with them: what the application has
 * left in its thread-locals goes too.
 */
final class OwnThread {
  private OwnThread() {}

  /** Runs a task and waits for it; whoever interrupts the caller interrupts the task. */
  static <T> T call(String name, Callable<T> task) throws Exception {
    var result = new FutureTask<T>(task);
    Thread thread = VirtualThreads.unstarted(name, result);
    thread.start();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return result.get();
        } catch (InterruptedException e) {
          interrupted = true;
          thread.interrupt();
        }
      }
    } catch (ExecutionException e) {
      throw unwrapped(e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static Exception unwrapped(ExecutionException e) {
    return switch (e.getCause()) {
      case Exception cause -> cause;
      case Error cause -> throw cause;
      case null, default -> new CancellationException(e.toString());
    };
  }
}
