// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import java.time.Duration;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** A loop that runs in a thread of its own while a test works with it from outside. */
public final class RunningLoop implements AutoCloseable {
  public static final Duration DEADLINE = Duration.ofSeconds(40);

  public final IOLoop loop;
  public final Thread runner;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  public RunningLoop() throws Exception {
    this(System::nanoTime);
  }

  public RunningLoop(LongSupplier clock) throws Exception {
    loop = new IOLoop(clock);
    runner = Thread.ofPlatform().daemon().name("runner").start(this::run);
    call(() -> 0); // from here on it runs
  }

  private void run() {
    try {
      loop.start();
      ended.complete(null);
    } catch (Throwable e) {
      ended.completeExceptionally(e);
    }
  }

  /** The result of a body that is run on the loop. */
  public <T> T call(Callable<T> body) throws Exception {
    return get(start(body));
  }

  public void run(RunnableThatThrows body) throws Exception {
    call(
        () -> {
          body.run();
          return 0;
        });
  }

  /** Runs a body on the loop, and does not wait for it. */
  public <T> CompletableFuture<T> start(Callable<T> body) {
    var result = new CompletableFuture<T>();
    loop.addCallback(
        () -> {
          try {
            result.complete(body.call());
          } catch (Throwable e) {
            result.completeExceptionally(e);
          }
        });
    return result;
  }

  /** Returns after the loop has gone through whole turns. */
  public void turns(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      call(() -> 0);
    }
  }

  /** Waits until something is true on the loop. */
  public void until(Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    while (!call(condition)) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("not within " + DEADLINE);
      }
    }
  }

  /**
   * Fails if the loop still holds anything: a channel's handler, a timeout, a coroutine or a
   * callback. What is about to end has some time for it. For the end of a test, on a running loop.
   */
  public void assertNothingLeft() throws Exception {
    assertNothingLeft(DEADLINE);
  }

  void assertNothingLeft(Duration within) throws Exception {
    var deadline = System.nanoTime() + within.toNanos();
    var left = call(this::left);
    while (!left.isEmpty() && System.nanoTime() < deadline) {
      left = call(this::left);
    }
    if (!left.isEmpty()) {
      throw new AssertionError(loop + " still holds " + left);
    }
  }

  private String left() {
    var turns = loop.turns();
    var left = new StringJoiner(", ");
    addIfAny(left, turns.events().count(), "handlers of channels");
    addIfAny(left, turns.timers().size(), "timeouts");
    addIfAny(left, loop.baton().parkedCount(), "parked coroutines");
    addIfAny(left, turns.readyCount(), "ready callbacks");
    return left.toString();
  }

  private static void addIfAny(StringJoiner left, long count, String what) {
    if (count != 0) {
      left.add(count + " " + what);
    }
  }

  /** Waits until start() has returned, or throws what it threw. */
  public void awaitEnd() throws Exception {
    get(ended);
  }

  public static <T> T get(CompletableFuture<T> future) throws Exception {
    return future.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
  }

  @Override
  public void close() throws InterruptedException {
    loop.close();
    if (!runner.join(DEADLINE)) {
      throw new AssertionError("start() has not returned after close()");
    }
  }

  /** A piece of a test. */
  public interface RunnableThatThrows {
    void run() throws Exception;
  }
}
