// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.waterspout.gen.Gen.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PeriodicCallbackTest {
  private static final Duration PERIOD = Duration.ofNanos(100);

  private final AtomicLong now = new AtomicLong();
  private final List<Long> calls = new CopyOnWriteArrayList<>();
  private RunningLoop running;
  private IOLoop loop;

  @BeforeEach
  void start() throws Exception {
    running = new RunningLoop(now::get);
    loop = running.loop;
  }

  @AfterEach
  void close() throws Exception {
    running.assertNothingLeft();
    running.close();
  }

  private PeriodicCallback started(Runnable body) throws Exception {
    var periodic = new PeriodicCallback(body, PERIOD);
    running.run(periodic::start);
    return periodic;
  }

  private PeriodicCallback started() throws Exception {
    return started(() -> calls.add(now.get()));
  }

  private void goTo(long... times) throws Exception {
    for (long time : times) {
      now.set(time);
      running.turns(4);
    }
  }

  private void stop(PeriodicCallback periodic) throws Exception {
    running.run(periodic::stop);
    assertThat(periodic.isRunning()).isFalse();
  }

  @Test
  void callsOncePerPeriodBeginningWithTheFirst() throws Exception {
    var periodic = started();
    assertThat(periodic.isRunning()).isTrue();
    goTo(99, 100, 199, 200, 201, 300);
    assertThat(calls).containsExactly(100L, 200L, 300L);
    stop(periodic);
    goTo(400, 1000);
    assertThat(calls).hasSize(3);
  }

  @Test
  void doesNotDriftThoughItIsCalledLate() throws Exception {
    var periodic = started();
    goTo(130, 199, 200, 290, 300);
    assertThat(calls).containsExactly(130L, 200L, 300L);
    stop(periodic);
  }

  @Test
  void leavesOutWhatPassedWhileItRan() throws Exception {
    var periodic =
        started(
            () -> {
              calls.add(now.get());
              if (calls.size() == 1) {
                now.set(350);
              }
            });
    goTo(100);
    goTo(399, 400, 500);
    assertThat(calls).containsExactly(100L, 400L, 500L);
    stop(periodic);
  }

  @Test
  void doesNotOverlapACallThatIsParked() throws Exception {
    var future = new LoopFuture<Void>(loop);
    var periodic =
        started(
            () -> {
              calls.add(now.get());
              await(future);
            });
    goTo(100, 200, 300, 420);
    assertThat(calls).containsExactly(100L);
    future.complete(null);
    goTo(430, 499, 500);
    assertThat(calls).containsExactly(100L, 500L);
    stop(periodic);
  }

  @Test
  void goesOnAfterWhatACallThrows() throws Exception {
    var failures =
        List.of(
            new IllegalStateException("one"), new AssertionError("two"), new StackOverflowError());
    try (var log = LogCapture.application()) {
      var periodic =
          started(
              () -> {
                calls.add(now.get());
                if (failures.get(calls.size() - 1) instanceof RuntimeException e) {
                  throw e;
                }
                throw (Error) failures.get(calls.size() - 1);
              });
      goTo(100, 200, 300);
      stop(periodic);
      assertThat(calls).containsExactly(100L, 200L, 300L);
      assertThat(log.thrown()).containsExactlyElementsOf(failures);
    }
  }

  @Test
  void whatACallThrowsGoesWhereTheContextOfItsStartSendsIt() throws Exception {
    var routed = new CopyOnWriteArrayList<String>();
    var periodic =
        new PeriodicCallback(
            () -> {
              throw new IllegalStateException("at " + now);
            },
            PERIOD);
    running.run(
        () -> loop.context().withErrorRoute(e -> routed.add(e.getMessage())).run(periodic::start));
    goTo(100, 200);
    stop(periodic);
    assertThat(routed).containsExactly("at 100", "at 200");
  }

  @Test
  void mayStopItselfInACall() throws Exception {
    var periodic = new CompletableFuture<PeriodicCallback>();
    periodic.complete(
        started(
            () -> {
              calls.add(now.get());
              periodic.join().stop();
            }));
    goTo(100, 200, 300);
    assertThat(calls).containsExactly(100L);
  }

  @Test
  void mayBeStartedAgainAndBeginsANewBeat() throws Exception {
    var periodic = started();
    running.run(periodic::start); // does nothing
    goTo(100, 150);
    stop(periodic);
    stop(periodic);
    running.run(periodic::start);
    goTo(200, 250, 350);
    assertThat(calls).containsExactly(100L, 250L, 350L);
    stop(periodic);
  }

  @Test
  void startedAgainWhileACallIsParkedItWaitsForThatCall() throws Exception {
    var future = new LoopFuture<Void>(loop);
    var periodic =
        started(
            () -> {
              calls.add(now.get());
              await(future);
            });
    goTo(100);
    stop(periodic);
    running.run(periodic::start);
    goTo(200, 300, 350);
    assertThat(calls).containsExactly(100L);
    future.complete(null);
    goTo(399, 400, 500);
    assertThat(calls).containsExactly(100L, 400L, 500L);
    stop(periodic);
  }

  @Test
  void stoppedWhileACallIsParkedItLeavesNothing() throws Exception {
    var future = new LoopFuture<Void>(loop);
    var periodic = started(() -> await(future));
    goTo(100);
    stop(periodic);
    future.complete(null);
    goTo(200);
    running.assertNothingLeft();
  }

  @Test
  void keepsItsBeatWhenTheClockGoesBackALittle() throws Exception {
    var periodic =
        started(
            () -> {
              calls.add(now.get());
              now.addAndGet(-10);
            });
    goTo(100);
    goTo(100, 199, 200);
    assertThat(calls).containsExactly(100L, 200L);
    stop(periodic);
  }

  @Test
  void doesNotWaitUntilAClockThatWentFarBackIsWhereItWas() throws Exception {
    var periodic =
        started(
            () -> {
              calls.add(now.get());
              if (calls.size() == 1) {
                now.addAndGet(-1_000_000);
              }
            });
    goTo(100);
    goTo(-999_801, -999_800, -999_700);
    assertThat(calls).containsExactly(100L, -999_800L, -999_700L);
    stop(periodic);
  }

  @Test
  void jitterMakesPeriodsLongerOrShorterByUpToHalfOfIt() throws Exception {
    var chances = new ArrayList<>(List.of(0.0, 0.5, 0.9));
    var periodic =
        new PeriodicCallback(
            () -> calls.add(now.get()),
            PERIOD,
            0.5,
            () -> chances.isEmpty() ? 0.5 : chances.removeFirst());
    running.run(periodic::start);
    goTo(74, 75, 174, 175, 294, 295);
    assertThat(calls).containsExactly(75L, 175L, 295L);
    stop(periodic);
    var real = new PeriodicCallback(() -> calls.add(now.get()), PERIOD, 1);
    for (int i = 0; i < 100; i++) {
      calls.clear();
      long begin = now.get();
      running.run(real::start);
      goTo(begin + 49);
      assertThat(calls).isEmpty();
      goTo(begin + 150);
      assertThat(calls).hasSize(1);
      stop(real);
    }
  }

  @Test
  void refusesPeriodsAndJittersThatMakeNoSense() {
    for (var period : List.of(Duration.ZERO, Duration.ofNanos(-1))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new PeriodicCallback(() -> {}, period))
          .withMessageContaining(period.toString());
    }
    for (double jitter : new double[] {-0.1, 1.1, Double.NaN}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new PeriodicCallback(() -> {}, PERIOD, jitter))
          .withMessageContaining("" + jitter);
    }
  }

  @Test
  void mayBeStartedAndStoppedFromOutsideTheLoop() throws Exception {
    var periodic = new PeriodicCallback(() -> calls.add(now.get()), PERIOD);
    loop.makeCurrent();
    try {
      periodic.start();
      periodic.stop();
      periodic.start();
    } finally {
      IOLoop.clearCurrent();
    }
    goTo(0, 100, 200);
    periodic.stop();
    goTo(300);
    assertThat(calls).containsExactly(100L, 200L);
  }

  @Test
  void closesWithItsLoopWhileACallIsParked() throws Exception {
    var failure = new CompletableFuture<Throwable>();
    started(
        () -> {
          try {
            await(new LoopFuture<Void>(loop));
          } catch (RuntimeException e) {
            failure.complete(e);
            throw e;
          }
        });
    goTo(100);
    try (var log = LogCapture.application()) {
      running.close();
      assertThat(failure.getNow(null)).isInstanceOf(LoopClosedException.class);
      assertThat(log.messages()).hasSizeLessThanOrEqualTo(1);
    }
    start(); // for the end of the test
  }

  @Test
  void mayBeStartedAgainOnceItsLoopIsClosed() throws Exception {
    var periodic = new PeriodicCallback(() -> calls.add(now.get()), PERIOD);
    try (var first = new RunningLoop(now::get)) {
      first.run(periodic::start);
      assertThat(periodic.isRunning()).isTrue();
    }
    assertThat(periodic.isRunning()).isFalse();
    running.run(periodic::start);
    goTo(100);
    assertThat(calls).containsExactly(100L);
    stop(periodic);
  }
}
