// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the programs of the clients share. Each line of their input is an order, how many fetches to
 * have under way and for how many milliseconds; they answer with two numbers, fetches and
 * nanoseconds. Connections are kept from one order to the next.
 */
final class Fetches<R> {
  private final Executor where;
  private final Supplier<CompletionStage<R>> fetch;
  private final ToIntFunction<R> length;
  private final int expected;

  /**
   * @param where fetches are begun
   * @param length of an answer's body
   * @param expected what that has to be
   */
  Fetches(
      Executor where, Supplier<CompletionStage<R>> fetch, ToIntFunction<R> length, int expected) {
    this.where = where;
    this.fetch = fetch;
    this.length = length;
    this.expected = expected;
  }

  /** Says who is ready and obeys until the input ends, and with it the process. */
  void obey(String version) throws IOException, InterruptedException {
    System.out.println(version);
    var orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    for (var order = orders.readLine(); order != null; order = orders.readLine()) {
      var words = order.split(" ", 2);
      System.out.println(run(Integer.parseInt(words[0]), Long.parseLong(words[1])));
    }
    Runtime.getRuntime().halt(0);
  }

  private String run(int concurrency, long millis) throws InterruptedException {
    long begin = System.nanoTime();
    var order = new Order(begin + millis * 1_000_000, new CountDownLatch(concurrency));
    for (int i = 0; i < concurrency; i++) {
      where.execute(() -> next(order));
    }
    order.ended.await();
    return order.fetched.sum() + " " + (System.nanoTime() - begin);
  }

  private static final class Order {
    final long end;
    final CountDownLatch ended;
    final LongAdder fetched = new LongAdder();

    Order(long end, CountDownLatch ended) {
      this.end = end;
      this.ended = ended;
    }
  }

  private void next(Order order) {
    if (System.nanoTime() - order.end >= 0) {
      order.ended.countDown();
      return;
    }
    var _ =
        fetch
            .get()
            .whenComplete(
                (answer, failure) -> {
                  check(answer, failure);
                  order.fetched.increment();
                  next(order);
                });
  }

  /** A measurement with failures is none. */
  private void check(@Nullable R answer, @Nullable Throwable failure) {
    if (failure != null || answer == null || length.applyAsInt(answer) != expected) {
      new IOException("not the answer that was expected: " + answer, failure).printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }
}
