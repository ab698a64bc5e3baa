// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.sleep;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The lag of a loop. */
class PulseTest {
  private static final long MILLI = 1_000_000;
  private static final long START = Long.MAX_VALUE - MILLI; // about to wrap

  private final Pulse pulse = new Pulse(START);

  private static long at(long millis) {
    return START + millis * MILLI;
  }

  private void assertLag(long now, long millis) {
    assertThat(pulse.lag(at(now))).isEqualTo(Duration.ofMillis(millis));
  }

  @Test
  void theLongestTimeBetweenTwoLooksCountsForOneOrTwoSeconds() {
    pulse.awake(at(0));
    pulse.look(at(1));
    pulse.look(at(31));
    pulse.look(at(33));
    assertLag(33, 30);
    pulse.rest();
    assertLag(900, 30);
    pulse.awake(at(1200));
    pulse.look(at(1201));
    assertLag(1900, 699);
    pulse.rest();
    assertLag(2100, 30);
    pulse.awake(at(2300));
    pulse.look(at(2302));
    pulse.rest();
    assertLag(2300, 2);
  }

  @Test
  void aBusyLoopLagsSinceItsLastLook() {
    pulse.awake(at(0));
    pulse.look(at(1));
    assertLag(1, 1);
    assertLag(501, 500);
    assertLag(9001, 9000);
    pulse.look(at(9001));
    assertLag(9001, 9000);
  }

  @Test
  void aLoopThatSleepsForLongHasNone() {
    pulse.awake(at(0));
    pulse.look(at(100));
    pulse.rest();
    assertLag(50, 100);
    assertLag(2000, 100);
    assertLag(2001, 0);
    assertLag(3_600_000, 0);
  }

  @Test
  void aClockThatGoesBackGivesNone() {
    pulse.awake(at(100));
    pulse.look(at(90));
    assertLag(80, 0);
  }

  @Test
  void isThatOfTheLoopAndReadableFromAnyThread() throws Exception {
    var now = new AtomicLong();
    try (var running = new RunningLoop(now::get)) {
      assertThat(running.loop.lag()).isZero();
      var release = new CountDownLatch(1);
      var entered = new CountDownLatch(1);
      var blocked =
          running.start(
              () -> {
                entered.countDown();
                release.await();
                return 0;
              });
      entered.await();
      now.addAndGet(300 * MILLI);
      assertThat(running.loop.lag()).isEqualTo(Duration.ofMillis(300));
      release.countDown();
      RunningLoop.get(blocked);
      running.turns(2);
      assertThat(running.loop.lag()).isEqualTo(Duration.ofMillis(300));
      now.addAndGet(3000 * MILLI);
      running.run(() -> await(sleep(Duration.ZERO)));
      running.loop.stop();
      running.awaitEnd();
      now.addAndGet(3000 * MILLI);
      assertThat(running.loop.lag()).isZero();
    }
  }
}
