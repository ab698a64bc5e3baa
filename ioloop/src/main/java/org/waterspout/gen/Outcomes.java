// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.gen;

import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.log.Log;

/** How futures ended: passed on, or logged where nobody waits for the failure any more. */
final class Outcomes {
  private Outcomes() {}

  /** The failure of a future that is done, without what dependents wrap around it. */
  static @Nullable Throwable failureOf(LoopFuture<?> future) {
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

  /** Passes an outcome on; a failure that comes too late for that is logged. */
  static <T> void pass(
      LoopFuture<T> future,
      LoopFuture<T> to,
      String whenLate,
      List<Class<? extends Throwable>> quiet) {
    if (pass(future, to)) {
      return;
    }
    var failure = failureOf(future);
    if (failure != null) {
      logUnlessQuiet(whenLate, failure, quiet);
    }
  }

  /** One line with the stack; none for cancellations and the kinds that the caller named. */
  static void logUnlessQuiet(
      String what, Throwable failure, List<Class<? extends Throwable>> quiet) {
    if (failure instanceof CancellationException
        || quiet.stream().anyMatch(kind -> kind.isInstance(failure))) {
      return;
    }
    Log.APPLICATION.log(Level.ERROR, what, failure);
  }
}
