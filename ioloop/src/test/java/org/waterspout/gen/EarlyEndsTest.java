// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.gen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.gen.Gen.asFuture;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.moment;
import static org.waterspout.gen.Gen.multi;
import static org.waterspout.gen.Gen.spawn;
import static org.waterspout.gen.Gen.withTimeout;
import static org.waterspout.ioloop.RunningLoop.get;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LogCapture;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.ioloop.RunningLoop;

/** Waits that end before what they wait for, which may live long, leave nothing on it. */
class EarlyEndsTest {
  private static final int TIMES = 20;

  private RunningLoop running;
  private IOLoop loop;
  private List<CompletableFuture<String>> longLived; // one of the loop, and somebody else's

  @BeforeEach
  void start() throws Exception {
    running = new RunningLoop();
    loop = running.loop;
    longLived = List.of(new LoopFuture<>(loop), new CompletableFuture<>());
  }

  @AfterEach
  void close() throws Exception {
    running.assertNothingLeft();
    running.close();
  }

  @Test
  void limitedGets() throws Exception {
    var future = new LoopFuture<String>(loop);
    running.run(
        () -> {
          for (int i = 0; i < TIMES; i++) {
            assertThatThrownBy(() -> future.get(1, TimeUnit.MICROSECONDS))
                .isInstanceOf(TimeoutException.class);
          }
        });
    assertThat(future.getNumberOfDependents()).isZero();
  }

  @Test
  void timeLimitsLeaveOneAtMostWhichLogsALateFailureOnce() throws Exception {
    for (var future : longLived) {
      try (var log = LogCapture.application()) {
        running.run(
            () -> {
              for (int i = 0; i < TIMES; i++) {
                assertThatThrownBy(() -> await(withTimeout(Duration.ofNanos(1), future)))
                    .hasCauseInstanceOf(TimeoutException.class);
                await(moment());
                assertThat(future.getNumberOfDependents()).isLessThanOrEqualTo(1);
              }
            });
        var late = new IllegalStateException("late");
        future.completeExceptionally(late);
        running.turns(2);
        assertThat(log.thrown()).containsExactly(late);
      }
    }
  }

  @Test
  void aLateFailureThatSomebodyElseGetsIsNotLogged() throws Exception {
    for (var future : longLived) {
      try (var log = LogCapture.application()) {
        var other = loop.spawn(() -> await(future));
        running.turns(2);
        running.run(
            () ->
                assertThatThrownBy(() -> await(withTimeout(Duration.ofNanos(1), future)))
                    .hasCauseInstanceOf(TimeoutException.class));
        running.turns(2);
        var late = new IllegalStateException("late");
        future.completeExceptionally(late);
        assertThatThrownBy(() -> get(other)).hasCause(late);
        running.turns(2);
        assertThat(log.messages()).isEmpty();
      }
    }
  }

  @Test
  void cancelledTimeLimits() throws Exception {
    for (var future : longLived) {
      running.run(
          () -> {
            for (int i = 0; i < TIMES; i++) {
              var limited = withTimeout(Duration.ofHours(1), future);
              limited.cancel(false);
              await(moment());
              await(moment());
            }
          });
      assertThat(future.getNumberOfDependents()).isLessThanOrEqualTo(1);
    }
  }

  @Test
  void cancelledMultis() throws Exception {
    running.run(
        () -> {
          for (int i = 0; i < TIMES; i++) {
            var all = multi(longLived);
            assertThat(longLived).allMatch(future -> future.getNumberOfDependents() > 0);
            all.cancel(false);
            await(moment());
            await(moment());
          }
        });
    assertThat(longLived).allMatch(future -> future.getNumberOfDependents() <= 1);
  }

  @Test
  void aFailureAfterACancelledMultiIsLogged() throws Exception {
    try (var log = LogCapture.application()) {
      var late = new IllegalStateException("late");
      running.run(
          () -> {
            var all = multi(longLived);
            all.cancel(false);
            await(moment());
            await(moment());
            longLived.getFirst().completeExceptionally(late);
            longLived.getLast().complete("value");
            await(moment());
          });
      running.turns(2);
      assertThat(log.thrown()).containsExactly(late);
    }
  }

  @Test
  void cancelledConversions() throws Exception {
    var foreign = new CompletableFuture<String>();
    for (int i = 0; i < TIMES; i++) {
      running.run(() -> asFuture(foreign).cancel(false));
    }
    assertThat(foreign.getNumberOfDependents()).isZero();
  }

  @Test
  void theOthersStillGetTheOutcome() throws Exception {
    for (var future : longLived) {
      var patient = loop.spawn(() -> await(future));
      var given = running.call(() -> withTimeout(Duration.ofHours(1), future));
      var cancelled = running.call(() -> spawn(() -> await(future)));
      running.turns(2);
      cancelled.cancel(true);
      running.turns(2);
      future.complete("value");
      assertThat(get(patient)).isEqualTo("value");
      assertThat(get(given)).isEqualTo("value");
      assertThatThrownBy(() -> get(cancelled)).isInstanceOf(CancellationException.class);
    }
  }
}
