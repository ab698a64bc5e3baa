// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.testing;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.waterspout.gen.Gen;
import org.waterspout.ioloop.IOLoop;

/**
 * A clock that stands still until it is {@linkplain #advance advanced}, and loops that go by it.
 *
 * <pre>{@code
 * var clock = new FakeClock();
 * try (var loop = clock.newLoop()) {
 *   loop.runSync(() -> {
 *     var slept = Gen.sleep(Duration.ofHours(1));
 *     clock.advance(Duration.ofHours(1));
 *     return Gen.await(slept);
 *   });
 * }
 * }</pre>
 *
 * <p>May be used from any thread.
 */
public final class FakeClock implements LongSupplier {
  private final AtomicLong now = new AtomicLong();
  private final List<IOLoop> loops = new CopyOnWriteArrayList<>(); // to be woken

  /** A clock that shows 0. */
  public FakeClock() {}

  /** The time, in nanoseconds since the clock was made. */
  @Override
  public long getAsLong() {
    return now.get();
  }

  /** A loop that goes by this clock. The caller closes it. */
  public IOLoop newLoop() {
    var loop = new IOLoop(this);
    loops.add(loop);
    return loop;
  }

  /**
   * Lets time pass, in one leap: a timeout that is set by another that became due counts from the
   * end of the leap.
   *
   * <p>Called on one of this clock's loops, it awaits twice. Before the leap, callbacks and
   * coroutines that are queued there run, or park: a sleep with which a coroutine begins counts
   * from here. After the leap, timeouts there that became due run, or park. Other loops of this
   * clock are woken, and run theirs when they come to it.
   *
   * @throws IllegalArgumentException if the time is negative
   */
  public void advance(Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException("time does not go back, not even by " + time);
    }
    var onLoop = loops.stream().anyMatch(IOLoop::onLoop);
    if (onLoop) {
      Gen.await(Gen.moment());
    }
    now.addAndGet(time.toNanos());
    loops.forEach(loop -> loop.addCallback(() -> {})); // after which it looks at the clock
    if (onLoop) {
      Gen.await(Gen.sleep(Duration.ZERO)); // the last of those that are due
    }
  }
}
