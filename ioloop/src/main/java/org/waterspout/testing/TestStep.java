// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.testing;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.InvocationInterceptor.Invocation;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopClosedException;

/**
 * One method of a test, run on the test's loop.
 *
 * <pre>
 *   JUnit's thread     starts the runner, waits for the method, stops the loop, waits for the runner
 *     the runner       starts the loop, and is kept until that was stopped
 *       the loop       runs the method as a coroutine
 * </pre>
 *
 * <p>So neither a method that parks for good nor one that blocks the loop keeps JUnit's thread.
 */
final class TestStep {
  private static final Duration GRACE = Duration.ofSeconds(3); // for the end of what was cancelled

  private final IOLoop loop;
  private final Failures failures;
  private final Invocation<?> method;
  private final CountDownLatch ended = new CountDownLatch(1); // the method, or before it the loop
  private volatile @Nullable Thread thread; // of the method, once it has begun
  private volatile boolean givenUp;
  private volatile boolean over;

  TestStep(IOLoop loop, Failures failures, Invocation<?> method) {
    this.loop = loop;
    this.failures = failures;
    this.method = method;
  }

  /** Adds to the failures what is thrown, or the lack of an end. */
  void run(Duration limit) throws InterruptedException {
    var coroutine = loop.spawn(this::callMethod);
    var runner = Thread.ofPlatform().daemon().name(loop + "-test").start(this::runLoop);
    var patience = limit;
    try {
      if (!endsWithin(limit)) {
        failures.add(timedOut(limit));
        patience = GRACE;
        givenUp = true;
        coroutine.cancel(true);
        if (!endsWithin(GRACE)) {
          interruptMethod(); // it is not parked but blocked
        }
      }
    } finally { // an interrupt of this thread is JUnit's own timeout
      givenUp = true;
      coroutine.cancel(true); // never to begin, if it has not
      loop.addCallback(this::stopLoop); // behind what other threads have added by now
      if (!runner.join(patience)) {
        failures.add(new TimeoutException("after the method, callbacks still hold " + loop));
      }
      over = true;
    }
  }

  private boolean endsWithin(Duration time) throws InterruptedException {
    return ended.await(time.toNanos(), TimeUnit.NANOSECONDS);
  }

  private TimeoutException timedOut(Duration limit) {
    var its = thread;
    var timedOut =
        new TimeoutException((its == null ? "not begun within " : "not done within ") + limit);
    var stack = its == null ? new StackTraceElement[0] : its.getStackTrace();
    if (stack.length != 0) {
      timedOut.setStackTrace(stack);
    }
    return timedOut;
  }

  private void interruptMethod() {
    var its = thread;
    if (its != null) {
      its.interrupt();
    }
  }

  private void stopLoop() {
    if (!over) { // else this run of the loop ended by itself, and it is another now
      loop.stop();
    }
  }

  /** On the loop. */
  private @Nullable Void callMethod() {
    thread = Thread.currentThread();
    try {
      method.proceed();
    } catch (Throwable e) {
      if (!(givenUp && (e instanceof CancellationException || e instanceof LoopClosedException))) {
        failures.add(e);
      }
      IOLoop.rethrowIfFatal(e);
    } finally {
      ended.countDown();
    }
    return null;
  }

  /** In the runner. */
  private void runLoop() {
    try {
      loop.start();
      if (ended.getCount() != 0) {
        failures.add(new IllegalStateException(loop + " was stopped before the method ended"));
      }
    } catch (Throwable e) { // an error of the JVM; or the method before still holds the loop
      failures.add(e);
    } finally {
      ended.countDown();
    }
  }
}
