// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** What is thrown for a future that failed, and what no catch may keep from the loop. */
final class Failures {
  private Failures() {}

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
