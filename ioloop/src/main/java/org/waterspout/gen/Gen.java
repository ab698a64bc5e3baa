// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.gen;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
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
   * <p>An await that is cancelled leaves a small object on the stage, until that is done; one
   * within {@link #withTimeout(Duration, CompletionStage, Class...)} leaves nothing.
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
   * Starts a coroutine on the current loop, in its next turn, and gives the future of its result.
   * From any thread.
   *
   * <p>Cancelling the future, from any thread, keeps the body from starting. If it has started, the
   * await in which the loop then finds it parked fails with a {@link
   * java.util.concurrent.CancellationException}; {@code finally} blocks run, and may await. That
   * happens once: a body that catches the exception goes on undisturbed, but nobody gets its
   * result. What was awaited is left alone, also if it is another coroutine: that one goes on.
   *
   * <p>What the body throws once its future is done is logged, except cancellations and {@link
   * org.waterspout.ioloop.LoopClosedException}.
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
   * except cancellations. Cancelling the future leaves the stages alone, and lets go of them.
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
   * The outcome of a stage, or {@link TimeoutException} once the limit is over. The stage is not
   * cancelled, neither by the limit nor by cancelling the future, and nothing of them is left on
   * it; but if nobody else waits for it then, a failure that comes afterwards is logged, except
   * cancellations. A stage that is done wins over any limit. On the loop only.
   *
   * @param quietExceptions kinds of late failures that are not logged
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // the array is only read
  public static <T> LoopFuture<T> withTimeout(
      Duration limit, CompletionStage<T> stage, Class<? extends Throwable>... quietExceptions) {
    var loop = IOLoop.current();
    loop.checkOnLoop("Gen.withTimeout");
    var quiet = List.of(quietExceptions);
    var future = stage.toCompletableFuture();
    var result = LoopFuture.copyOf(loop, future);
    var timeout = loop.callLater(limit, () -> expire(limit, result));
    var _ =
        result.whenComplete(
            (value, failure) -> {
              loop.removeTimeout(timeout);
              Outcomes.logIfLate(future, result, "A stage failed after its time was over", quiet);
            });
    return result;
  }

  private static void expire(Duration limit, LoopFuture<?> result) {
    result.completeExceptionally(new TimeoutException("not done within " + limit));
  }

  /**
   * Starts a coroutine that is cancelled when the limit is over; the future fails with {@link
   * TimeoutException} then. Cancelling the future cancels the coroutine too. What the body throws
   * after that is logged, as {@link #spawn} says. On the loop only.
   */
  public static <T> LoopFuture<T> withTimeout(Duration limit, Callable<T> body) {
    var loop = IOLoop.current();
    loop.checkOnLoop("Gen.withTimeout");
    Objects.requireNonNull(limit, "limit");
    var coroutine = loop.spawn(body);
    var result = withTimeout(limit, coroutine);
    var _ = result.whenComplete((value, failure) -> coroutine.cancel(true));
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

  /**
   * A stage as a future of the current loop, on which its dependents run; the stage itself if it is
   * one. Cancelling the future leaves any other stage alone. From any thread.
   */
  public static <T> LoopFuture<T> asFuture(CompletionStage<T> stage) {
    return LoopFuture.of(IOLoop.current(), stage);
  }

  /** {@link #asFuture(CompletionStage)}, for what is a {@link Future} as well. */
  public static <T> LoopFuture<T> asFuture(CompletableFuture<T> future) {
    return LoopFuture.of(IOLoop.current(), future);
  }

  /**
   * A future that can only be waited for, as a future of the current loop. A virtual thread of its
   * own waits; cancelling our future ends the wait by an interrupt and leaves the given one alone.
   * From any thread.
   */
  public static <T> LoopFuture<T> asFuture(Future<T> future) {
    return future instanceof CompletableFuture<T> completable
        ? asFuture(completable)
        : Waiter.waitFor(future);
  }
}
