// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;

/** How what the delegates of messages return is waited for. */
final class DelegateCalls {
  private DelegateCalls() {}

  /**
   * Who calls delegates: a connection.
   *
   * @param <X> an exchange
   */
  interface Caller<X> {
    IOLoop loop();

    /** Runs a task at base level. */
    void post(Runnable task);

    /** Goes on with an exchange behind a call of its delegate, unless it is over by then. */
    void ifStillCalled(X exchange, Runnable next);

    /** A call of the delegate has thrown, or what it returned has failed. */
    void failed(X exchange, Throwable thrown);
  }

  /**
   * Calls the delegate of a message, which may park, and goes on when the stage that it returned is
   * complete: in the same step if there is nothing to wait for. At base level.
   */
  static <X> void run(
      Caller<X> connection, X current, Callable<@Nullable CompletionStage<?>> call, Runnable next) {
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

  private static <X> void released(
      Caller<X> connection, X current, @Nullable Throwable failure, Runnable next) {
    if (failure == null) {
      connection.ifStillCalled(current, next);
    } else {
      connection.failed(current, failure);
    }
  }
}
