// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.gen;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.Flow.Publisher;
import java.util.function.Consumer;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;

/**
 * Reads publishers of {@link java.util.concurrent.Flow} on the current loop, one item at a time.
 * From any thread.
 *
 * <p>Each call starts a coroutine, which subscribes in the next turn: cancelling its future ends it
 * as {@link Gen#spawn} says. However it ends, the subscription is cancelled. {@code subscribe},
 * {@code request} and {@code cancel} are called on the loop; the publisher's signals may come from
 * any thread. Its failure is the future's. A publisher that sends null, or more than was asked for,
 * fails the future as well; what it sends after the end is ignored.
 */
public final class Publishers {
  private Publishers() {}

  /**
   * The first item; then the subscription is cancelled. Without any item the future fails with
   * {@link NoSuchElementException}.
   */
  public static <T> LoopFuture<T> first(Publisher<T> publisher) {
    Objects.requireNonNull(publisher, "publisher");
    return IOLoop.current()
        .spawn(
            () -> {
              try (var items = new Items<T>(publisher)) {
                var item = items.next();
                if (item == null) {
                  throw new NoSuchElementException("the publisher ended without an item");
                }
                return item;
              }
            });
  }

  /** All items, once the publisher has ended. They are all held in memory until then. */
  public static <T> LoopFuture<List<T>> all(Publisher<T> publisher) {
    Objects.requireNonNull(publisher, "publisher");
    return IOLoop.current()
        .spawn(
            () -> {
              var all = new ArrayList<T>();
              consume(publisher, all::add);
              return all;
            });
  }

  /**
   * Gives every item to a consumer, which runs on the loop and may await; only when it has returned
   * is the next item asked for. The future is done after the publisher's end. What the consumer
   * throws cancels the subscription and fails the future.
   */
  public static <T> LoopFuture<Void> forEach(Publisher<T> publisher, Consumer<? super T> consumer) {
    Objects.requireNonNull(publisher, "publisher");
    Objects.requireNonNull(consumer, "consumer");
    return IOLoop.current()
        .spawn(
            () -> {
              consume(publisher, consumer);
              return null;
            });
  }

  private static <T> void consume(Publisher<T> publisher, Consumer<? super T> consumer) {
    try (var items = new Items<T>(publisher)) {
      for (var item = items.next(); item != null; item = items.next()) {
        consumer.accept(item);
      }
    }
  }
}
