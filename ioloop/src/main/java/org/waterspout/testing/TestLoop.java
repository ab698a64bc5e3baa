// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.testing;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.InvocationInterceptor.Invocation;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopClosedException;

/**
 * The loop of one test: made before it, run once for each of its methods, closed after it. Used by
 * JUnit's thread, which it keeps waiting, but never for longer than the limit and some grace.
 */
final class TestLoop {
  private static final String DEFAULT_LIMIT = "5";

  private final Duration limit;
  private final @Nullable FakeClock clock; // null: the system's
  private final IOLoop loop;
  private final Failures failures = new Failures();
  private volatile boolean closing;

  TestLoop(Duration limit, boolean withClock) {
    this.limit = limit;
    clock = withClock ? new FakeClock() : null;
    loop = clock == null ? new IOLoop() : clock.newLoop();
    loop.handleCallbackException(this::failed);
  }

  /** The limit as in the environment; null if it is not set there. */
  static Duration limit(@Nullable String seconds) {
    var text = seconds == null || seconds.isBlank() ? DEFAULT_LIMIT : seconds.strip();
    try {
      return limit(Double.parseDouble(text));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("ASYNC_TEST_TIMEOUT is no number: " + text, e);
    }
  }

  /**
   * A limit in seconds.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  static Duration limit(double seconds) {
    if (!(seconds > 0)) { // true for NaN
      throw new IllegalArgumentException("a timeout must be positive, not " + seconds);
    }
    return Duration.ofNanos((long) (seconds * TimeUnit.SECONDS.toNanos(1))); // at most 292 years
  }

  IOLoop loop() {
    return loop;
  }

  FakeClock clock() {
    return Objects.requireNonNull(clock, "the loop goes by the system's clock");
  }

  /** Runs a method on the loop; throws what was thrown by it, or by callbacks so far. */
  void run(Invocation<?> method) throws Throwable {
    new TestStep(loop, failures, method).run(limit);
    failures.throwFirst();
  }

  /** Closes the loop; throws what was not thrown yet. */
  void close() throws Exception {
    closing = true;
    var closer = Thread.ofPlatform().daemon().name(loop + "-close").start(this::closeLoop);
    if (!closer.join(limit)) {
      failures.add(new TimeoutException(loop + " could not be closed within " + limit));
    }
    failures.throwFirst();
  }

  private void closeLoop() {
    try {
      loop.close(true);
    } catch (Throwable e) {
      failures.add(e);
    }
  }

  /** A callback failed. */
  private void failed(Throwable failure) {
    if (!(closing && failure instanceof LoopClosedException)) { // what a close does to awaits
      failures.add(failure);
    }
  }
}
