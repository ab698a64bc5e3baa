// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.gen;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.ioloop.VirtualThreads;

/** Waits for a plain {@link Future} in a thread of its own, until somebody ends the result. */
final class Waiter {
  private Waiter() {}

  static <T> LoopFuture<T> waitFor(Future<T> future) {
    var result = new LoopFuture<T>(IOLoop.current());
    if (future.isDone()) {
      take(future, result);
      return result;
    }
    var thread = VirtualThreads.unstarted("waterspout-future", () -> take(future, result));
    thread.start();
    var _ = result.whenComplete((value, failure) -> thread.interrupt());
    return result;
  }

  private static <T> void take(Future<T> future, LoopFuture<T> result) {
    try {
      result.complete(future.get());
    } catch (ExecutionException e) {
      result.completeExceptionally(e.getCause() == null ? e : e.getCause());
    } catch (Throwable e) { // cancelled; or interrupted, as the result is done
      result.completeExceptionally(e);
    }
  }
}
