// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.exchange;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPMessageDelegate;
import org.waterspout.http.HTTPServerConnectionDelegate;
import org.waterspout.ioloop.LoopFuture;

/**
 * Whom the Application has chosen for a request: called in the order of the seam, and with nothing
 * until what came before is received. On the loop, each call as the last act of a callback.
 */
final class Receiver {
  private final Exchange exchange;
  private final BooleanSupplier waiting;
  private final Consumer<Throwable> onFailure;
  private @Nullable HTTPMessageDelegate delegate; // null until begun
  private boolean closed;

  /**
   * A receiver that is not chosen yet.
   *
   * @param waiting whether anybody still waits for the rest of the request
   * @param onFailure told what the delegate has thrown, or failed with later
   */
  Receiver(Exchange exchange, BooleanSupplier waiting, Consumer<Throwable> onFailure) {
    this.exchange = exchange;
    this.waiting = waiting;
    this.onFailure = onFailure;
  }

  void begin(HTTPServerConnectionDelegate application, Runnable next) {
    var head = exchange.head();
    deliver(
        () -> {
          delegate = application.startRequest(exchange, exchange);
          return delegate.headersReceived(head.startLine(), head.headers());
        },
        next);
  }

  void data(byte[] piece, Runnable next) {
    deliver(() -> chosen().dataReceived(piece), next);
  }

  void trailers(HTTPHeaders trailers, Runnable next) {
    deliver(
        () -> {
          chosen().trailersReceived(trailers);
          return null;
        },
        next);
  }

  void finish() {
    deliver(
        () -> {
          chosen().finish();
          return null;
        },
        () -> {});
  }

  /** Once, even after a failure: it may have threads that wait for the body. */
  void close() {
    if (delegate != null && !closed) {
      closed = true;
      delegate.onConnectionClose();
    }
  }

  /** Calls the delegate, and what is next when the stage that it returned is complete. */
  private void deliver(Callable<@Nullable CompletionStage<?>> call, Runnable next) {
    CompletionStage<?> stage;
    try {
      stage = call.call();
    } catch (Throwable e) {
      fail(e);
      return;
    }
    if (stage == null) {
      proceed(next);
      return;
    }
    // a callback of its own: what is thrown in a dependent of a future stays in that future
    var _ =
        LoopFuture.of(exchange.loop(), stage)
            .whenComplete((_, failure) -> exchange.post(() -> released(failure, next)));
  }

  private void released(@Nullable Throwable failure, Runnable next) {
    if (failure == null) {
      proceed(next);
    } else {
      fail(failure);
    }
  }

  private void fail(Throwable failure) {
    onFailure.accept(
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure);
  }

  private void proceed(Runnable next) {
    if (waiting.getAsBoolean()) {
      next.run();
    }
  }

  private HTTPMessageDelegate chosen() {
    if (delegate == null) {
      throw new IllegalStateException("not begun");
    }
    return delegate;
  }
}
