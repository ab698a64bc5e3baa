// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.testing.FakeClock;

class HalfClosedTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private final FakeClock clock = new FakeClock();
  private final IOLoop loop = clock.newLoop();
  private final AtomicInteger closes = new AtomicInteger();
  private final HalfClosed halfClosed = new HalfClosed(loop, LIMIT, closes::incrementAndGet);

  @AfterEach
  void closeLoop() {
    loop.close();
  }

  @Test
  void closesWhatNobodyUses() throws Exception {
    loop.runSync(
        () -> {
          halfClosed.begin();
          clock.advance(LIMIT.minusNanos(1));
          assertThat(closes).hasValue(0);
          clock.advance(Duration.ofNanos(1));
          assertThat(closes).hasValue(1);
          clock.advance(LIMIT.multipliedBy(3));
          assertThat(closes).as("once").hasValue(1);
          return null;
        });
  }

  @Test
  void countsFromTheLastUseAndNotFromTheSecondEnd() throws Exception {
    loop.runSync(
        () -> {
          halfClosed.begin();
          clock.advance(LIMIT.dividedBy(2));
          halfClosed.used();
          clock.advance(LIMIT.dividedBy(2));
          assertThat(closes).hasValue(0);
          halfClosed.begin();
          clock.advance(LIMIT.dividedBy(2));
          assertThat(closes).hasValue(1);
          return null;
        });
  }

  @Test
  void doesNothingBeforeOneSideHasEndedNorWhenTheConnectionIsClosed() throws Exception {
    loop.runSync(
        () -> {
          halfClosed.used();
          clock.advance(LIMIT.multipliedBy(2));
          halfClosed.begin();
          halfClosed.end();
          halfClosed.begin();
          clock.advance(LIMIT.multipliedBy(2));
          assertThat(closes).hasValue(0);
          return null;
        });
  }
}
