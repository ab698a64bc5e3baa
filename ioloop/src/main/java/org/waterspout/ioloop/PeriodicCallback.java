// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls back every so often. Tornado: {@code PeriodicCallback}.
 *
 * <pre>{@code
 * new PeriodicCallback(sessions::removeExpired, Duration.ofMinutes(1)).start();
 * }</pre>
 *
 * <p>The first call comes one period after {@link #start}, and the others keep to that beat however
 * long the calls take: there is no drift. A call may await. The next one never begins before it has
 * ended; beats that pass meanwhile are left out. What a call throws is logged, or goes where the
 * {@link Context} of {@code start} sends it, and the beat goes on.
 *
 * <p>With a jitter, each period is longer or shorter by chance: a jitter of 0.1 by up to 5 %, so
 * that what started together does not stay together.
 *
 * <p>{@link #start}, {@link #stop} and {@link #isRunning} may be called from any thread.
 */
public final class PeriodicCallback {
  private final Runnable callback;
  private final long period; // nanoseconds
  private final double jitter;
  private final DoubleSupplier random; // from 0 up to 1
  private final AtomicReference<@Nullable Beat> current = new AtomicReference<>(); // null: stopped
  private volatile boolean calling; // a call has begun and not ended; perhaps of an earlier start

  /**
   * One that is not started yet.
   *
   * @throws IllegalArgumentException if the period is not positive
   */
  public PeriodicCallback(Runnable callback, Duration period) {
    this(callback, period, 0);
  }

  /**
   * One that is not started yet.
   *
   * @param jitter the part of the period that is left to chance, from 0 to 1
   * @throws IllegalArgumentException if the period is not positive, or there is no such jitter
   */
  public PeriodicCallback(Runnable callback, Duration period, double jitter) {
    this(callback, period, jitter, () -> ThreadLocalRandom.current().nextDouble());
  }

  PeriodicCallback(Runnable callback, Duration period, double jitter, DoubleSupplier random) {
    this.callback = Objects.requireNonNull(callback, "callback");
    if (!period.isPositive()) {
      throw new IllegalArgumentException("a period must be positive, not " + period);
    }
    if (!(jitter >= 0 && jitter <= 1)) { // false for NaN
      throw new IllegalArgumentException("a jitter must be from 0 to 1, not " + jitter);
    }
    this.period = Timers.nanos(period);
    this.jitter = jitter;
    this.random = random;
  }

  /**
   * Starts the beat on the current loop. Does nothing if it is started, unless the loop on which it
   * was is closed.
   */
  public void start() {
    var beat = new Beat(IOLoop.current());
    var before = current.get();
    if ((before == null || before.loop.isClosed()) && current.compareAndSet(before, beat)) {
      beat.onLoop(beat::begin);
    }
  }

  /**
   * Calls back no more. A call that is under way goes on to its end. Does nothing if it is not
   * started.
   */
  public void stop() {
    var beat = current.getAndSet(null);
    if (beat != null) {
      beat.onLoop(beat::end);
    }
  }

  /** Whether it is started, and its loop not closed. */
  public boolean isRunning() {
    var beat = current.get();
    return beat != null && !beat.loop.isClosed();
  }

  /** From a start to the next stop. Confined to its loop. */
  private final class Beat {
    private final IOLoop loop;
    private long next; // when the next call is due
    private @Nullable Timeout timeout; // for the next call; null before the first and during calls

    Beat(IOLoop loop) {
      this.loop = loop;
      next = loop.time();
    }

    void onLoop(Runnable step) {
      if (loop.onLoop()) {
        step.run();
      } else {
        loop.addCallback(step);
      }
    }

    void begin() {
      if (isCurrent()) {
        next += nextPeriod();
        schedule();
      }
    }

    void end() {
      if (timeout != null) {
        loop.removeTimeout(timeout);
      }
    }

    private boolean isCurrent() {
      return current.get() == this;
    }

    private void schedule() {
      timeout = loop.callAt(next, this::call);
    }

    private void call() {
      timeout = null;
      if (!isCurrent()) {
        return;
      }
      var mine = !calling; // false: a call of an earlier start is parked
      try {
        if (mine) {
          calling = true;
          callback.run();
        }
      } finally {
        if (mine) {
          calling = false;
        }
        if (isCurrent()) {
          advance(loop.time());
          schedule();
        }
      }
    }

    /** The first beat after now. */
    private void advance(long now) {
      var step = nextPeriod();
      var late = now - next;
      if (late >= 0) {
        next += (late / step + 1) * step;
      } else if (late > -step) {
        next += step; // the clock went back a little; or this beat would come twice
      } else {
        next = now + step; // it went back by more than a period: do not wait until it is back
      }
    }

    private long nextPeriod() {
      return Math.max(1, Math.round(period * (1 + jitter * (random.getAsDouble() - 0.5))));
    }
  }
}
