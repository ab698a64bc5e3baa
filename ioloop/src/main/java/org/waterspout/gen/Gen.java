// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.gen;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;

/**
 * Waiting and doing several things at once. Import statically. Tornado: {@code tornado.gen}.
 *
 * <pre>{@code
 * var user = await(blocking(() -> users.find(id)));
 * var both = await(multi(spawn(() -> likes(post)), spawn(() -> related(post))));
 * }</pre>
 */
public final class Gen {
  private Gen() {}

  /**
   * Waits for a stage and returns its value.
   *
   * <p>On a loop it suspends the calling code, and the loop does other work meanwhile; any code
   * that the loop called may await. Off the loop it blocks the thread.
   *
   * @throws RuntimeException the stage's own exception; a checked one comes inside a {@link
   *     java.util.concurrent.CompletionException}
   * @throws org.waterspout.ioloop.LoopClosedException if the loop is closed meanwhile
   * @throws IllegalStateException off the loop, if no loop runs that could complete the stage
   */
  public static <T> T await(CompletionStage<T> stage) {
    return IOLoop.await(stage);
  }

  /**
   * Starts a coroutine on the current loop, in its next turn. Cancelling the future fails the await
   * in which it is parked.
   */
  public static <T> LoopFuture<T> spawn(Callable<T> body) {
    return IOLoop.current().spawn(body);
  }

  /** {@link #multi(List, Class[])} of these stages. */
  @SafeVarargs
  @SuppressWarnings("varargs") // the array is only read
  public static <T> LoopFuture<List<T>> multi(CompletionStage<? extends T>... stages) {
    return multi(Arrays.asList(stages));
  }

  /**
   * All values, in the order of the stages. It waits for every stage, also when one has failed;
   * then it fails with the first failure in the order of the stages, and the others are logged,
   * except cancellations. Cancelling the future leaves the stages alone.
   *
   * @param quietExceptions kinds of further failures that are not logged
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // the array is only read
  public static <T> LoopFuture<List<T>> multi(
      List<? extends CompletionStage<? extends T>> stages,
      Class<? extends Throwable>... quietExceptions) {
    return Multi.all(
        stages,
        futures -> {
          var values = new ArrayList<T>(futures.size()); // not List.of: values may be null
          futures.forEach(future -> values.add(future.resultNow()));
          return values;
        },
        List.of(quietExceptions));
  }

  /** {@link #multi(List, Class[])} by key: the values stand in the order of the given map. */
  @SafeVarargs
  @SuppressWarnings("varargs") // the array is only read
  public static <K, T> LoopFuture<Map<K, T>> multi(
      Map<K, ? extends CompletionStage<? extends T>> stages,
      Class<? extends Throwable>... quietExceptions) {
    var keys = new ArrayList<>(stages.keySet());
    return Multi.all(
        new ArrayList<CompletionStage<? extends T>>(stages.values()),
        futures -> {
          var values = new LinkedHashMap<K, T>();
          for (int i = 0; i < keys.size(); i++) {
            values.put(keys.get(i), futures.get(i).resultNow());
          }
          return values;
        },
        List.of(quietExceptions));
  }

  /**
   * A future that is done in the loop's next turn: awaiting it lets the other callbacks run. From
   * any thread.
   */
  public static LoopFuture<Void> moment() {
    var next = new LoopFuture<Void>(IOLoop.current());
    next.completeLater(null);
    return next;
  }

  /** A future that is done when the time has passed. On the loop only. */
  public static LoopFuture<Void> sleep(Duration time) {
    var loop = IOLoop.current();
    loop.checkOnLoop("Gen.sleep");
    var over = new LoopFuture<Void>(loop);
    loop.callLater(time, () -> over.complete(null));
    return over;
  }

  /**
   * Starts a coroutine that is cancelled when the limit is over; the future fails with {@link
   * TimeoutException} then. On the loop only.
   */
  public static <T> LoopFuture<T> withTimeout(Duration limit, Callable<T> body) {
    var loop = IOLoop.current();
    loop.checkOnLoop("Gen.withTimeout");
    var result = new LoopFuture<T>(loop);
    var coroutine = loop.spawn(body);
    var timeout =
        loop.callLater(
            limit,
            () -> {
              result.completeExceptionally(new TimeoutException("not done within " + limit));
              coroutine.cancel(true);
            });
    var _ =
        coroutine.whenComplete(
            (value, failure) -> {
              loop.removeTimeout(timeout);
              if (failure == null) {
                result.complete(value);
              } else {
                result.completeExceptionally(failure);
              }
            });
    return result;
  }

  /**
   * Runs a body that blocks (JDBC, files) off the loop: {@link IOLoop#runInExecutor(Callable)} of
   * the current loop. {@link IOLoop#current} is the caller's loop there. Cancelling the future
   * before the body's turn keeps it from running.
   */
  public static <T> LoopFuture<T> blocking(Callable<T> body) {
    return IOLoop.current().runInExecutor(body);
  }
}
