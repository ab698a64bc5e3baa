// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One run of a loop for one body: {@link IOLoop#runSync}. */
final class RunSync<T> {
  private final IOLoop loop;
  private final Coroutine<T> body;
  private final @Nullable Duration limit;
  private final AtomicBoolean waiting = new AtomicBoolean(true);
  private boolean expired; // set on the loop, read after the run

  RunSync(IOLoop loop, Callable<T> body, @Nullable Duration limit) {
    this.loop = loop;
    this.body = new Coroutine<>(loop, body);
    this.limit = limit;
  }

  T run() throws Exception {
    try {
      loop.run("runSync()", this::begin);
    } finally {
      waiting.set(false); // a body that another stop left parked does not stop the next run
    }
    if (!body.isDone()) {
      throw new LoopClosedException(loop + " was stopped before runSync's body ended");
    }
    if (!body.isCompletedExceptionally()) {
      return body.resultNow();
    }
    var failure = Failures.original(body);
    if (expired && failure instanceof CancellationException) {
      var timedOut = new TimeoutException("runSync's body did not end within " + limit);
      timedOut.initCause(failure);
      throw timedOut;
    }
    throw failure;
  }

  private void begin() {
    LoopFuture.observe(
        body,
        (value, failure) -> {
          if (waiting.get()) {
            loop.stop();
          }
        });
    loop.addCallback(limit == null ? body : () -> runWithin(limit));
  }

  private void runWithin(Duration time) {
    var timeout = loop.callLater(time, this::expire);
    try {
      body.run();
    } finally {
      loop.removeTimeout(timeout);
    }
  }

  /** The body is parked, or its end is among the callbacks of this turn. */
  private void expire() {
    if (!body.isDone() && waiting.get()) {
      expired = true;
      body.failPendingAwait();
    }
  }
}
