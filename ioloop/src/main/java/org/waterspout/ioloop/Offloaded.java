// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A body that runs in an executor, off the loop, and its future: {@link IOLoop#runInExecutor}. The
 * thread that runs it has the caller's class loader and loop, and its own back afterwards.
 */
final class Offloaded<T> implements Runnable {
  private final LoopFuture<T> result;
  private final Callable<T> body;
  private final @Nullable ClassLoader classLoader = Thread.currentThread().getContextClassLoader();

  Offloaded(IOLoop loop, Callable<T> body) {
    result = new LoopFuture<>(loop);
    this.body = body;
  }

  LoopFuture<T> handTo(Executor executor) {
    try {
      executor.execute(this);
    } catch (RuntimeException e) { // RejectedExecutionException, or what it throws in its place
      result.completeExceptionally(e);
    }
    return result;
  }

  @Override
  public void run() {
    if (result.isDone()) { // cancelled before its turn
      return;
    }
    if (CurrentLoop.held() != null) { // an executor that runs its tasks in the caller's thread
      complete();
      return;
    }
    var thread = Thread.currentThread();
    var itsClassLoader = thread.getContextClassLoader();
    var itsLoop = CurrentLoop.get();
    thread.setContextClassLoader(classLoader);
    CurrentLoop.set(result.loop());
    try {
      complete();
    } finally {
      CurrentLoop.restore(itsLoop);
      thread.setContextClassLoader(itsClassLoader);
    }
  }

  private void complete() {
    try {
      result.complete(body.call());
    } catch (Throwable e) {
      result.completeExceptionally(e);
    }
  }
}
