// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.waterspout.ioloop.Context;
import org.waterspout.ioloop.LoopFuture;

/** What {@link CompletionStage} does not say itself. */
final class Stages {
  private Stages() {}

  /** Whether there is nothing left to wait for, and nothing went wrong. */
  static boolean succeeded(CompletionStage<?> stage) {
    return stage instanceof CompletableFuture<?> future
        && future.isDone()
        && !future.isCompletedExceptionally();
  }

  /** Goes on in a step of its own, and in a context, when a future has succeeded. */
  static void then(LoopFuture<?> future, Context context, Runnable next) {
    if (succeeded(future)) {
      context.execute(next);
    } else {
      context.run(
          () -> {
            var _ = future.thenRun(next);
          });
    }
  }

  /** What was thrown in the first place. */
  static Throwable unwrap(Throwable thrown) {
    Throwable cause = thrown.getCause();
    return thrown instanceof CompletionException && cause != null ? cause : thrown;
  }
}
