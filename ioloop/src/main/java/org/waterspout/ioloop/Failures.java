// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.waterspout.log.Log;

/** What is thrown for a future that failed, and what no catch may keep from the loop. */
final class Failures {
  private Failures() {}

  /**
   * Loads what a loop needs when something fails. Then may be too late: a class in a folder is not
   * found while there are no descriptors left, and a loop that missed one would end.
   */
  static void load() {
    var _ = new Checked(new IOException());
    var _ = Log.APPLICATION.isLoggable(Level.ERROR);
    var _ = Log.GENERAL.isLoggable(Level.ERROR);
  }

  /**
   * Whether a loop cannot be trusted to go on. A stack overflow is not: it ends one request's
   * recursion and leaves nothing behind.
   */
  static boolean isFatal(@Nullable Throwable failure) {
    return failure instanceof VirtualMachineError && !(failure instanceof StackOverflowError);
  }

  /** Unchecked ones as they are, checked ones in a CompletionException. */
  static RuntimeException ofAwait(CompletableFuture<?> failed) {
    var failure = of(failed);
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof RuntimeException unchecked
        ? unchecked
        : new CompletionException(failure);
  }

  /** As it is, checked or not. */
  static Exception original(CompletableFuture<?> failed) {
    var failure = of(failed);
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof Exception exception ? exception : new CompletionException(failure);
  }

  static RuntimeException unchecked(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof RuntimeException exception
        ? exception
        : new IllegalStateException("the loop failed", failure);
  }

  /** To the JVM's last resort: the log may be what failed. */
  static void toLastResort(Throwable failure) {
    var thread = Thread.currentThread();
    try {
      thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
    } catch (Throwable ignored) { // as the JVM does
      return;
    }
  }

  /** Runs each step, whatever those before it threw; then throws what was thrown first. */
  @SuppressWarnings("ReferenceEquality") // a throwable cannot suppress itself
  static void runAll(Runnable... steps) {
    Throwable first = null;
    for (var step : steps) {
      try {
        step.run();
      } catch (Throwable e) {
        if (first == null) {
          first = e;
        } else if (first != e) {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw unchecked(first);
    }
  }

  /** For the loop's guard: a checked exception comes in a {@link Checked}. */
  static void callUnchecked(Callable<?> callback) {
    try {
      callback.call();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new Checked(e);
    }
  }

  /** Carries a callback's checked exception to the loop's guard, which takes the cause. */
  static final class Checked extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Checked(Exception cause) {
      super(cause);
    }
  }

  /** What a CompletableFuture wraps when it passes a failure on to its dependents. */
  static Throwable unwrap(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  private static Throwable of(CompletableFuture<?> failed) {
    if (failed.state() == Future.State.CANCELLED) {
      return new CancellationException("what was awaited was cancelled");
    }
    return unwrap(failed.exceptionNow());
  }
}
