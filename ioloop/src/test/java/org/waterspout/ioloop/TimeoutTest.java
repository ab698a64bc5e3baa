// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.waterspout.ioloop.RunningLoop.get;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TimeoutTest {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1000); // about to wrap
  private final List<Object> ran = new ArrayList<>();
  private RunningLoop running;
  private IOLoop loop;

  @BeforeEach
  void start() throws Exception {
    running = new RunningLoop(now::get);
    loop = running.loop;
  }

  @AfterEach
  void close() throws Exception {
    running.close();
  }

  private List<Object> ranAfter(long nanos) throws Exception {
    now.addAndGet(nanos);
    running.turns(3);
    return running.call(() -> List.copyOf(ran));
  }

  private Timeout later(long nanos, Object name) {
    return loop.callLater(Duration.ofNanos(nanos), () -> ran.add(name));
  }

  @Test
  void runByDeadlineAndEqualOnesInTheOrderOfTheCalls() throws Exception {
    running.run(
        () -> {
          later(3000, "c");
          later(2000, "b1");
          later(2000, "b2");
          later(1000, "a");
          later(2000, "b3");
        });
    assertThat(ranAfter(999)).isEmpty();
    assertThat(ranAfter(1)).containsExactly("a");
    assertThat(ranAfter(2000)).containsExactly("a", "b1", "b2", "b3", "c");
  }

  @Test
  void areNotRunAfterTheirRemoval() throws Exception {
    var timeout = running.call(() -> later(10, "removed"));
    running.run(() -> loop.removeTimeout(timeout));
    running.run(() -> loop.removeTimeout(timeout));
    assertThat(ranAfter(10)).isEmpty();
  }

  @Test
  void ofAnotherLoopAreNotRemoved() throws Exception {
    try (var other = new RunningLoop(now::get)) {
      var foreign = other.call(() -> other.loop.callLater(Duration.ofNanos(10), () -> {}));
      running.run(
          () -> {
            later(10, "mine");
            assertThatIllegalArgumentException()
                .isThrownBy(() -> loop.removeTimeout(foreign))
                .withMessage("a timeout of " + other.loop + ", not of " + loop);
          });
      assertThat(ranAfter(10)).containsExactly("mine");
    }
  }

  @Test
  void areNotRunAfterTheirRemovalEvenIfTheyWereDue() throws Exception {
    var second = new Timeout[1];
    running.run(
        () -> {
          loop.callLater(Duration.ofNanos(10), () -> loop.removeTimeout(second[0]));
          second[0] = later(10, "due and removed");
          later(10, "after it");
        });
    assertThat(ranAfter(10)).containsExactly("after it");
  }

  @Test
  void mayBeRemovedWhenTheyHaveRun() throws Exception {
    var timeout = running.call(() -> later(10, "ran"));
    assertThat(ranAfter(10)).containsExactly("ran");
    running.run(() -> loop.removeTimeout(timeout));
    assertThat(ranAfter(10)).containsExactly("ran");
  }

  @Test
  void withNoOrANegativeDelayRunInTheNextTurn() throws Exception {
    running.run(
        () -> {
          later(0, "zero");
          later(-5, "negative");
          loop.callLater(Duration.ofSeconds(Long.MIN_VALUE), () -> ran.add("most negative"));
          assertThat(ran).isEmpty();
        });
    assertThat(ranAfter(0)).containsExactly("zero", "negative", "most negative");
  }

  @Test
  void withAHugeDelayNeitherRunNorDisturbTheOthers() throws Exception {
    running.run(
        () -> {
          loop.callLater(Duration.ofSeconds(Long.MAX_VALUE), () -> ran.add("never"));
          loop.callLater(Duration.ofDays(365 * 100), () -> ran.add("in a century"));
          later(10, "soon");
        });
    assertThat(ranAfter(10)).containsExactly("soon");
    assertThat(ranAfter(Duration.ofDays(365 * 100).toNanos()))
        .containsExactly("soon", "in a century");
  }

  @Test
  void thatAreSetByADueOneWaitForTheNextTurn() throws Exception {
    running.run(
        () ->
            loop.callLater(
                Duration.ofNanos(10),
                () -> {
                  ran.add("outer");
                  later(0, "inner");
                  loop.addCallback(() -> ran.add("callback"));
                }));
    assertThat(ranAfter(10)).containsExactly("outer", "callback", "inner");
  }

  @Test
  void mayBeSetForATimeOfTheLoopsClock() throws Exception {
    running.run(
        () -> {
          loop.callAt(loop.time() + 3000, () -> ran.add("c"));
          later(2000, "b1");
          loop.callAt(loop.time() + 2000, () -> ran.add("b2"));
          loop.addTimeout(Duration.ofNanos(2000), () -> ran.add("b3"));
          loop.callAt(loop.time() + 1000, () -> ran.add("a"));
        });
    assertThat(ranAfter(999)).isEmpty();
    assertThat(ranAfter(1)).containsExactly("a");
    assertThat(ranAfter(2000)).containsExactly("a", "b1", "b2", "b3", "c");
  }

  @Test
  void forTimesThatHavePassedRunInTheNextTurnByTheirTimes() throws Exception {
    running.run(
        () -> {
          loop.callAt(loop.time(), () -> ran.add("now"));
          loop.callAt(loop.time() - 5, () -> ran.add("passed"));
          loop.callAt(loop.time() + Long.MIN_VALUE, () -> ran.add("long passed"));
          loop.callAt(loop.time() + Long.MAX_VALUE, () -> ran.add("never"));
          assertThat(ran).isEmpty();
        });
    assertThat(ranAfter(0)).containsExactly("long passed", "passed", "now");
  }

  @Test
  void mayBeSetForATimeOfTheWallClock() throws Exception {
    running.run(
        () -> {
          loop.addTimeout(Instant.now().plus(Duration.ofHours(1)), () -> ran.add("in an hour"));
          loop.addTimeout(Instant.now().minusSeconds(1), () -> ran.add("passed"));
          loop.addTimeout(Instant.MIN, () -> ran.add("long passed"));
          loop.addTimeout(Instant.MAX, () -> ran.add("never"));
        });
    assertThat(ranAfter(0)).containsExactly("passed", "long passed");
    assertThat(ranAfter(Duration.ofMinutes(59).toNanos())).hasSize(2);
    assertThat(ranAfter(Duration.ofMinutes(2).toNanos())).hasSize(3).contains("in an hour");
  }

  @Test
  void areNeverEarlyOnTheSystemClock() throws Exception {
    try (var real = new RunningLoop()) {
      for (long micros : new long[] {1, 500, 999, 1001, 1500, 10_700}) {
        var early = new CompletableFuture<Long>();
        real.run(
            () -> {
              long deadline = real.loop.time() + micros * 1000;
              Runnable callback = () -> early.complete(real.loop.time() - deadline);
              if (micros % 2 == 0) {
                real.loop.callLater(Duration.ofNanos(micros * 1000), callback);
              } else {
                real.loop.callAt(deadline, callback);
              }
            });
        assertThat(get(early)).isNotNegative();
      }
    }
  }
}
