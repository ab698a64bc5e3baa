// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.gen;

import java.lang.System.Logger.Level;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.log.Log;

/**
 * A publisher's items, pulled one by one by a coroutine.
 *
 * <pre>
 *   next()     subscribes, the first time; leaves a future in `wanted`, and asks for one item
 *   onNext     takes the future out of `wanted`, and completes it; without one, nobody asked
 *   the end    is kept in `ended`, and completes what is in `wanted`, or the future of a later next()
 *   close()    cancels the subscription, and lets later signals come to nothing
 * </pre>
 *
 * <p>The signals may come from any thread, also while {@code next} asks; all else is on the loop.
 */
final class Items<T> implements Flow.Subscriber<T>, AutoCloseable {
  private static final Flow.Subscription NONE =
      new Flow.Subscription() {
        @Override
        public void request(long count) {}

        @Override
        public void cancel() {}
      };

  private final IOLoop loop = IOLoop.current();
  private final Flow.Publisher<T> publisher;
  private final LoopFuture<Flow.Subscription> subscribed = new LoopFuture<>(loop);
  private final AtomicReference<@Nullable LoopFuture<T>> wanted = new AtomicReference<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private Flow.@Nullable Subscription subscription; // from the first next() on

  Items(Flow.Publisher<T> publisher) {
    this.publisher = publisher;
  }

  /** Awaits the next item; null after the last. Throws the publisher's failure. */
  @Nullable T next() {
    if (subscription == null) {
      publisher.subscribe(this);
      subscription = Gen.await(subscribed);
    }
    var next = new LoopFuture<T>(loop);
    wanted.set(next);
    if (ended.isDone()) { // looked at after the entry: the end either sees it or is seen
      passEnd();
    } else {
      subscription.request(1);
    }
    return Gen.await(next);
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    Objects.requireNonNull(given, "subscription");
    if (!subscribed.complete(given)) { // a second one, or too late
      loop.addCallback(given::cancel);
    }
  }

  @Override
  public void onNext(T item) {
    if (item == null) {
      end(new NullPointerException("the publisher sent null"));
      throw new NullPointerException("item");
    }
    if (ended.isDone()) {
      return;
    }
    var next = wanted.getAndSet(null);
    if (next == null) {
      end(new IllegalStateException("the publisher sent more items than were asked for"));
    } else {
      next.completeLater(item); // in another turn, so that a publisher cannot keep the loop busy
    }
  }

  @Override
  public void onError(Throwable failure) {
    end(Objects.requireNonNull(failure, "failure"));
  }

  @Override
  public void onComplete() {
    end(null);
  }

  private void end(@Nullable Throwable failure) {
    var first = failure == null ? ended.complete(null) : ended.completeExceptionally(failure);
    if (first) {
      subscribed.complete(NONE); // if it ends before it began
      passEnd();
    }
  }

  private void passEnd() {
    var next = wanted.getAndSet(null);
    if (next == null) {
      return; // for the next call; or the other thread has taken it
    }
    if (ended.isCompletedExceptionally()) {
      next.failLater(ended.exceptionNow());
    } else {
      next.completeLater(null);
    }
  }

  @Override
  public void close() {
    ended.complete(null);
    if (subscribed.complete(NONE)) {
      return;
    }
    try {
      subscribed.resultNow().cancel();
    } catch (RuntimeException e) { // the outcome counts, not this
      Log.APPLICATION.log(Level.WARNING, "A subscription could not be cancelled", e);
    }
  }
}
