// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import java.lang.System.Logger.Level;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.waterspout.log.Log;

/**
 * A task started by {@link IOLoop#spawn}, and the future of its result. It starts from base level;
 * cancelling it before then keeps it from starting, and afterwards fails the await in which it is
 * parked, once. What the body throws when the future is done already is logged, as nobody else
 * would learn of it; its ordinary ends, cancellation and close, are not.
 */
final class Coroutine<T> extends LoopFuture<T> implements Runnable {
  private final Callable<T> body;
  private @Nullable Parked parked; // while it awaits
  private boolean cancellationDelivered; // on the loop
  private @Nullable Membership membership; // null: in no scope

  Coroutine(IOLoop loop, Callable<T> body) {
    super(loop);
    this.body = body;
  }

  /** From here on it ends with a scope. Before it starts. */
  void enterScope(Scope scope) {
    membership = new Membership(this);
    scope.add(membership);
  }

  /** Whether the end of that scope is its end. */
  @SuppressWarnings("ReferenceEquality") // this very scope is meant
  boolean isIn(Scope scope) {
    return membership != null && membership.scope == scope;
  }

  @Override
  public void run() {
    runBody();
    if (membership != null) {
      membership.leave();
    }
  }

  private void runBody() {
    if (isDone()) {
      return;
    }
    loop().enter(loop().context(), this);
    try {
      complete(body.call());
    } catch (Throwable e) {
      var seen = completeExceptionally(e);
      IOLoop.rethrowIfFatal(e);
      if (!seen && !(e instanceof CancellationException || e instanceof LoopClosedException)) {
        Log.APPLICATION.log(
            Level.ERROR, "A coroutine failed after its future was done", Log.cleaned(e));
      }
    }
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    var cancelled = super.cancel(mayInterruptIfRunning);
    if (cancelled) {
      loop().schedule(this::deliverCancellation);
    }
    return cancelled;
  }

  /** Once: a second cancel returns true as well, and the body may have swallowed the first. */
  private void deliverCancellation() {
    if (!cancellationDelivered) {
      cancellationDelivered = true;
      failPendingAwait();
    }
  }

  void setParked(@Nullable Parked parked) {
    this.parked = parked;
  }

  /** On the loop only. */
  void failPendingAwait() {
    if (parked != null) {
      parked.cancel(new CancellationException("the coroutine was cancelled"));
    }
  }

  /** That it ends with the scope in which it was started. */
  private static final class Membership extends ScopeMember {
    private final Coroutine<?> coroutine;

    Membership(Coroutine<?> coroutine) {
      this.coroutine = coroutine;
    }

    @Override
    void cancel(String reason) {
      coroutine.cancel(false);
      coroutine.loop().schedule(coroutine::deliverCancellation); // be its future done already
    }
  }
}
