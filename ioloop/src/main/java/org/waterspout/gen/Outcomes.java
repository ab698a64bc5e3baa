// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.gen;

import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.log.Log;

/** How futures ended: passed on, or logged where nobody waits for the failure any more. */
final class Outcomes {
  private Outcomes() {}

  /** The failure of a future that is done, without what dependents wrap around it. */
  static @Nullable Throwable failureOf(CompletableFuture<?> future) {
    return switch (future.state()) {
      case SUCCESS -> null;
      case FAILED -> future.exceptionNow();
      case CANCELLED -> new CancellationException("what was awaited was cancelled");
      case RUNNING -> throw new IllegalStateException("still running after its end");
    };
  }

  /** Whether the outcome of a future that is done has become the other's. */
  static <T> boolean pass(LoopFuture<? extends T> future, LoopFuture<T> to) {
    var failure = failureOf(future);
    return failure == null ? to.complete(future.resultNow()) : to.completeExceptionally(failure);
  }

  /**
   * For a copy that is done, maybe before its stage: logs the stage's failure if the copy does not
   * have it. While somebody else hangs on the stage, that is left to them; so however often a stage
   * is given up, one of us hangs on it at most.
   */
  static void logIfLate(
      CompletableFuture<?> stage,
      LoopFuture<?> copy,
      String what,
      List<Class<? extends Throwable>> quiet) {
    if (stage.isDone()) {
      logUnlessTold(stage, failureOf(copy), what, quiet);
    } else if (stage.getNumberOfDependents() == 0) {
      var _ = stage.whenComplete((value, failure) -> logUnlessTold(stage, null, what, quiet));
    }
  }

  @SuppressWarnings("ReferenceEquality") // the same failure is meant
  private static void logUnlessTold(
      CompletableFuture<?> stage,
      @Nullable Throwable told,
      String what,
      List<Class<? extends Throwable>> quiet) {
    var failure = failureOf(stage);
    if (failure != null && failure != told) {
      logUnlessQuiet(what, failure, quiet);
    }
  }

  /** One line with the stack; none for cancellations and the kinds that the caller named. */
  static void logUnlessQuiet(
      String what, Throwable failure, List<Class<? extends Throwable>> quiet) {
    if (failure instanceof CancellationException
        || quiet.stream().anyMatch(kind -> kind.isInstance(failure))) {
      return;
    }
    Log.APPLICATION.log(Level.ERROR, what, Log.cleaned(failure));
  }
}
