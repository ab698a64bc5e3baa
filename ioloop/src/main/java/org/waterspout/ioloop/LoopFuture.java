// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A future of a loop.
 *
 * <p>It may be completed from any thread and is done at once; its dependents ({@code thenApply} and
 * the rest, in their plain form) run later, as callbacks of the loop, in the context in which they
 * were added. So completing it does not enter their code. Two things are CompletableFuture's own:
 * what {@code allOf} and {@code anyOf} return is not of any loop, and its dependents run wherever
 * the last of its parts is completed (use {@link org.waterspout.gen.Gen#multi}); and an exception
 * that a dependent throws goes into the dependent's future, to be seen only by who looks there.
 * Tornado: {@code Future}.
 *
 * <p>{@code get} and {@code join} on the loop await instead of blocking it; {@link
 * org.waterspout.gen.Gen#await} is the same with plainer exceptions.
 */
public class LoopFuture<T> extends CompletableFuture<T> {
  private final IOLoop loop;

  /** A future of the calling thread's loop. */
  public LoopFuture() {
    this(IOLoop.current());
  }

  /** A future of a loop. */
  public LoopFuture(IOLoop loop) {
    this.loop = loop;
  }

  /** A future that is done already. */
  public static <T> LoopFuture<T> completed(IOLoop loop, T value) {
    var future = new LoopFuture<T>(loop);
    future.complete(value);
    return future;
  }

  /** A future without a value that is done already. */
  public static LoopFuture<Void> done(IOLoop loop) {
    var future = new LoopFuture<Void>(loop);
    future.complete(null);
    return future;
  }

  /** A future that has failed already. */
  public static <T> LoopFuture<T> failed(IOLoop loop, Throwable reason) {
    var future = new LoopFuture<T>(loop);
    future.completeExceptionally(reason);
    return future;
  }

  /** The same result as a future of a loop; the stage itself if it is one. */
  public static <T> LoopFuture<T> of(IOLoop loop, CompletionStage<T> stage) {
    if (stage instanceof LoopFuture<T> future && future.loop == loop) {
      return future;
    }
    return copyOf(loop, stage);
  }

  /**
   * A new future of a loop that gets the outcome of a stage. Completing or cancelling it before
   * gives the stage up: that is left alone, and if it is a {@link CompletableFuture} it keeps
   * nothing of the copy. From any thread.
   */
  public static <T> LoopFuture<T> copyOf(IOLoop loop, CompletionStage<T> stage) {
    var copy = new LoopFuture<T>(loop);
    var source = stage.toCompletableFuture();
    if (source.isDone()) {
      observe(source, copy::completeWith);
    } else { // a future forgets dependents that wait for any of several, once another one is done
      var _ = anyOf(source, copy).whenComplete((ignored, failure) -> copy.completeAs(source));
    }
    return copy;
  }

  private void completeAs(CompletableFuture<T> source) {
    if (!isDone()) {
      observe(source, this::completeWith);
    }
  }

  /**
   * Completes the future in the loop's next turn. For code that is in the middle of its own work:
   * what hangs on the future by {@code allOf} runs in the call that completes it, and may call back
   * into that code. From any thread.
   */
  public final void completeLater(@Nullable T value) {
    loop.schedule(() -> complete(value));
  }

  /** Fails the future in the loop's next turn; see {@link #completeLater}. From any thread. */
  public final void failLater(Throwable reason) {
    loop.schedule(() -> completeExceptionally(reason));
  }

  /** The loop on which dependents run. */
  public final IOLoop loop() {
    return loop;
  }

  /**
   * Calls {@code action} in the very thread that completes the stage. Only for actions that enter
   * no user code and may run in any thread.
   */
  static <T> void observe(
      CompletionStage<T> stage, BiConsumer<? super T, @Nullable Throwable> action) {
    if (stage instanceof LoopFuture<T> future) {
      future.observeDirectly(action);
    } else {
      var _ = stage.whenComplete(action);
    }
  }

  private void observeDirectly(BiConsumer<? super T, @Nullable Throwable> action) {
    var _ = super.whenComplete(action);
  }

  private void completeWith(T value, @Nullable Throwable failure) {
    if (failure == null) {
      complete(value);
    } else {
      completeExceptionally(Failures.unwrap(failure));
    }
  }

  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    return new LoopFuture<>(loop);
  }

  @Override
  public Executor defaultExecutor() {
    return loop.contextOfCaller();
  }

  /** Waits: on a loop by awaiting, elsewhere by blocking the thread. */
  @Override
  public T join() {
    Awaits.suspendUninterruptibly(this);
    return super.join();
  }

  /** Waits: on a loop by awaiting, elsewhere by blocking the thread. */
  @Override
  public T get() throws InterruptedException, ExecutionException {
    Awaits.suspendUntilDone(this, null);
    return super.get();
  }

  /** Waits for a limited time: on a loop by awaiting, elsewhere by blocking the thread. */
  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    if (Awaits.suspendUntilDone(this, Duration.ofNanos(unit.toNanos(timeout)))) {
      return super.get(0, unit);
    }
    return super.get(timeout, unit);
  }

  /**
   * A copy that {@code CompletableFuture} would let run its dependents in the completing thread.
   */
  @Override
  public CompletionStage<T> minimalCompletionStage() {
    return copy();
  }

  // The plain forms, as callbacks of the loop. CompletableFuture's own would run in the thread that
  // completes, inside whatever it is doing.

  @Override
  public <U> CompletableFuture<U> thenApply(Function<? super T, ? extends U> fn) {
    return thenApplyAsync(fn);
  }

  @Override
  public CompletableFuture<Void> thenAccept(Consumer<? super T> action) {
    return thenAcceptAsync(action);
  }

  @Override
  public CompletableFuture<Void> thenRun(Runnable action) {
    return thenRunAsync(action);
  }

  @Override
  public <U, V> CompletableFuture<V> thenCombine(
      CompletionStage<? extends U> other, BiFunction<? super T, ? super U, ? extends V> fn) {
    return thenCombineAsync(other, fn);
  }

  @Override
  public <U> CompletableFuture<Void> thenAcceptBoth(
      CompletionStage<? extends U> other, BiConsumer<? super T, ? super U> action) {
    return thenAcceptBothAsync(other, action);
  }

  @Override
  public CompletableFuture<Void> runAfterBoth(CompletionStage<?> other, Runnable action) {
    return runAfterBothAsync(other, action);
  }

  @Override
  public <U> CompletableFuture<U> applyToEither(
      CompletionStage<? extends T> other, Function<? super T, U> fn) {
    return applyToEitherAsync(other, fn);
  }

  @Override
  public CompletableFuture<Void> acceptEither(
      CompletionStage<? extends T> other, Consumer<? super T> action) {
    return acceptEitherAsync(other, action);
  }

  @Override
  public CompletableFuture<Void> runAfterEither(CompletionStage<?> other, Runnable action) {
    return runAfterEitherAsync(other, action);
  }

  @Override
  public <U> CompletableFuture<U> thenCompose(
      Function<? super T, ? extends CompletionStage<U>> fn) {
    return thenComposeAsync(fn);
  }

  @Override
  public CompletableFuture<T> whenComplete(BiConsumer<? super T, ? super Throwable> action) {
    return whenCompleteAsync(action);
  }

  @Override
  public <U> CompletableFuture<U> handle(BiFunction<? super T, Throwable, ? extends U> fn) {
    return handleAsync(fn);
  }

  @Override
  public CompletableFuture<T> exceptionally(Function<Throwable, ? extends T> fn) {
    return exceptionallyAsync(fn);
  }

  @Override
  public CompletableFuture<T> exceptionallyCompose(
      Function<Throwable, ? extends CompletionStage<T>> fn) {
    return exceptionallyComposeAsync(fn);
  }
}
