// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How code waits for a stage: on a loop by parking its stack, elsewhere by blocking its thread.
 * Called from any thread; what concerns a loop's own state happens on that loop.
 */
final class Awaits {
  private Awaits() {}

  static <T> T await(CompletionStage<T> stage) {
    var future = stage.toCompletableFuture();
    suspendUninterruptibly(future);
    return switch (future.state()) {
      case SUCCESS -> future.resultNow();
      case CANCELLED, FAILED -> throw Failures.ofAwait(future);
      case RUNNING -> throw new IllegalStateException("still running after its end");
    };
  }

  /**
   * Suspends the caller until the stage is complete or the limit is over: on a loop by parking its
   * stack, elsewhere by blocking its thread, which is not done where a limit is given.
   *
   * @return whether the caller was on a loop
   * @throws InterruptedException off the loop, if the calling thread is interrupted
   */
  static boolean suspendUntilDone(CompletableFuture<?> future, @Nullable Duration limit)
      throws InterruptedException {
    var loop = CurrentLoop.held();
    if (future.isDone()) {
      return loop != null;
    }
    if (loop != null && limit != null) {
      suspendWithin(limit, loop, future);
    } else if (loop != null) {
      suspend(loop, future, null);
    } else if (limit == null) {
      var its = future instanceof LoopFuture<?> ours ? ours.loop() : IOLoop.current();
      its.waiters().block(future);
    }
    return loop != null;
  }

  /** For callers that may not throw InterruptedException. */
  static void suspendUninterruptibly(CompletableFuture<?> future) {
    try {
      suspendUntilDone(future, null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting off the loop", e);
    }
  }

  /** Leaves nothing on the future when the time is over. */
  private static void suspendWithin(Duration limit, IOLoop loop, CompletableFuture<?> future) {
    var copy = LoopFuture.copyOf(loop, future);
    try {
      suspend(loop, copy, limit);
    } finally {
      copy.cancel(false);
    }
  }

  private static void suspend(IOLoop loop, CompletionStage<?> stage, @Nullable Duration limit) {
    if (loop.isClosing()) {
      throw new LoopClosedException(loop + " was closed during an await");
    }
    var parked = new Parked(loop);
    if (stage instanceof LoopFuture<?> future && future.loop() != loop) {
      suspendFor(future.loop(), loop, parked, stage, limit);
    } else {
      suspend(loop, parked, stage, limit);
    }
    parked.throwIfFailed();
  }

  /** The close of the other loop, which would complete the stage, ends the wait too. */
  private static void suspendFor(
      IOLoop other,
      IOLoop loop,
      Parked parked,
      CompletionStage<?> stage,
      @Nullable Duration limit) {
    Consumer<LoopClosedException> onClose = parked::fail;
    other.waiters().add(onClose);
    try {
      suspend(loop, parked, stage, limit);
    } finally {
      other.waiters().remove(onClose);
    }
  }

  private static void suspend(
      IOLoop loop, Parked parked, CompletionStage<?> stage, @Nullable Duration limit) {
    var context = loop.context();
    var coroutine = loop.coroutine();
    var timeout = limit == null ? null : loop.callLater(limit, parked::wake);
    try {
      LoopFuture.observe(stage, (value, failure) -> parked.wake());
      if (coroutine != null) {
        coroutine.setParked(parked);
      }
      if (context.scope() != null && (coroutine == null || !coroutine.isIn(context.scope()))) {
        context.scope().add(parked);
      }
      loop.baton().suspend(parked);
    } catch (Throwable e) { // the stage refuses, or no other thread could take over
      parked.abandon();
      throw e;
    } finally {
      loop.enter(context, coroutine);
      if (coroutine != null) {
        coroutine.setParked(null);
      }
      parked.leave();
      if (timeout != null) {
        loop.removeTimeout(timeout);
      }
    }
  }
}
