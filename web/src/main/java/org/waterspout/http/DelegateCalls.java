// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.Context;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;

/** How what delegates return is waited for. */
final class DelegateCalls {
  private DelegateCalls() {}

  /**
   * Calls a delegate, which may park, and goes on when the stage that it returned is complete: in
   * the same step if there is nothing to wait for. At base level.
   *
   * @param root the context outside of all requests, to go on in
   * @param failed gets what the call has thrown, or why the stage failed
   */
  static void run(
      IOLoop loop,
      Context root,
      Callable<@Nullable CompletionStage<?>> call,
      Runnable next,
      Consumer<Throwable> failed) {
    CompletionStage<?> held;
    try {
      held = call.call();
    } catch (Throwable e) {
      failed.accept(e);
      return;
    }
    if (held == null || Stages.succeeded(held)) {
      next.run();
      return;
    }
    // A callback of its own: what is thrown in a dependent of a future stays in that future.
    var _ =
        LoopFuture.of(loop, held)
            .whenComplete((value, failure) -> root.execute(() -> goOn(failure, next, failed)));
  }

  private static void goOn(@Nullable Throwable failure, Runnable next, Consumer<Throwable> failed) {
    if (failure == null) {
      next.run();
    } else {
      failed.accept(failure);
    }
  }
}
