// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.LoopFuture;

/** How what the delegates of requests return is waited for. */
final class DelegateCalls {
  private DelegateCalls() {}

  /**
   * Calls the delegate of a request, which may park, and goes on when the stage that it returned is
   * complete: in the same step if there is nothing to wait for. At base level.
   */
  static void run(
      HTTP1ServerConnection connection,
      HTTP1Connection current,
      Callable<@Nullable CompletionStage<?>> call,
      Runnable next) {
    CompletionStage<?> held;
    try {
      held = call.call();
    } catch (Throwable e) {
      connection.failed(current, e);
      return;
    }
    if (held == null || Stages.succeeded(held)) {
      connection.ifStillCalled(current, next);
      return;
    }
    // A callback of its own: what is thrown in a dependent of a future stays in that future.
    var _ =
        LoopFuture.of(connection.loop(), held)
            .whenComplete(
                (value, failure) ->
                    connection.post(() -> released(connection, current, failure, next)));
  }

  private static void released(
      HTTP1ServerConnection connection,
      HTTP1Connection current,
      @Nullable Throwable failure,
      Runnable next) {
    if (failure == null) {
      connection.ifStillCalled(current, next);
    } else {
      connection.failed(current, failure);
    }
  }
}
