// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.gen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.moment;
import static org.waterspout.gen.Gen.sleep;
import static org.waterspout.gen.Gen.spawn;
import static org.waterspout.gen.Gen.withTimeout;
import static org.waterspout.ioloop.RunningLoop.get;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LogCapture;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.ioloop.RunningLoop;

class WithTimeoutTest {
  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(5);

  private RunningLoop running;
  private IOLoop loop;

  @BeforeEach
  void start() throws Exception {
    running = new RunningLoop();
    loop = running.loop;
  }

  @AfterEach
  void close() throws Exception {
    running.assertNothingLeft(); // no timeout, no coroutine
    running.close();
  }

  @Test
  void givesTheOutcomeOfAStage() throws Exception {
    running.run(
        () -> {
          var foreign = CompletableFuture.supplyAsync(() -> "value");
          assertThat(await(withTimeout(LONG, foreign))).isEqualTo("value");
          var failure = new IllegalStateException("failed");
          assertThatThrownBy(
                  () -> await(withTimeout(LONG, CompletableFuture.failedFuture(failure))))
              .isSameAs(failure);
        });
  }

  @Test
  void aStageThatIsDoneWinsOverAnyLimit() throws Exception {
    running.run(
        () -> {
          for (var limit : new Duration[] {Duration.ZERO, Duration.ofSeconds(-1)}) {
            assertThat(await(withTimeout(limit, LoopFuture.completed(loop, 1)))).isEqualTo(1);
            assertThat(await(withTimeout(limit, CompletableFuture.completedFuture(2))))
                .isEqualTo(2);
          }
        });
  }

  @Test
  void aStageIsNotCancelledAndItsLateFailureIsLogged() throws Exception {
    try (var log = LogCapture.application()) {
      running.run(
          () -> {
            var stage = new LoopFuture<String>(loop);
            assertThatThrownBy(() -> await(withTimeout(SHORT, stage)))
                .hasCauseInstanceOf(TimeoutException.class)
                .hasMessageContaining("PT0.005S");
            assertThat(stage).isNotDone();
            var failure = new IllegalStateException("late");
            stage.completeExceptionally(failure);
            await(moment());
            assertThat(log.thrown()).containsExactly(failure);
          });
    }
  }

  @Test
  void lateCancellationsValuesAndQuietFailuresAreNotLogged() throws Exception {
    try (var log = LogCapture.application()) {
      running.run(
          () -> {
            var value = new LoopFuture<String>(loop);
            var quiet = new LoopFuture<String>(loop);
            var cancelled = new LoopFuture<String>(loop);
            var one = withTimeout(SHORT, value);
            var two = withTimeout(SHORT, quiet, IllegalStateException.class);
            var three = withTimeout(SHORT, cancelled);
            for (var future : new LoopFuture<?>[] {one, two, three}) {
              assertThatThrownBy(() -> await(future)).hasCauseInstanceOf(TimeoutException.class);
            }
            value.complete("late");
            quiet.completeExceptionally(new IllegalStateException("expected"));
            cancelled.cancel(true);
            await(moment());
            await(moment());
            assertThat(log.messages()).isEmpty();
          });
    }
  }

  @Test
  void cancellingTheFutureLeavesTheStageAlone() throws Exception {
    running.run(
        () -> {
          var stage = new LoopFuture<String>(loop);
          var limited = withTimeout(LONG, stage);
          assertThat(limited.cancel(true)).isTrue();
          await(moment());
          assertThat(stage).isNotDone();
          stage.complete("value"); // which removes the timeout
          assertThat(limited).isCancelled();
        });
  }

  @Test
  void givesWhatTheBodyReturnsOrThrows() throws Exception {
    running.run(
        () -> {
          assertThat(await(withTimeout(LONG, () -> "value"))).isEqualTo("value");
          var failure = new IllegalStateException("failed");
          assertThatThrownBy(
                  () ->
                      await(
                          withTimeout(
                              LONG,
                              () -> {
                                await(sleep(Duration.ZERO));
                                throw failure;
                              })))
              .isSameAs(failure);
        });
  }

  @Test
  void cancelsTheBodyWhenTheLimitIsOver() throws Exception {
    var seen = new CompletableFuture<Throwable>();
    running.run(
        () ->
            assertThatThrownBy(
                    () ->
                        await(
                            withTimeout(
                                SHORT,
                                () -> {
                                  try {
                                    return await(new LoopFuture<Void>(loop));
                                  } catch (Throwable e) {
                                    seen.complete(e);
                                    throw e;
                                  }
                                })))
                .hasCauseInstanceOf(TimeoutException.class)
                .hasMessageContaining("PT0.005S"));
    assertThat(get(seen)).isInstanceOf(CancellationException.class);
  }

  @Test
  void cancellingTheFutureCancelsTheBody() throws Exception {
    var seen = new CompletableFuture<Throwable>();
    running.run(
        () -> {
          var limited = withTimeout(LONG, () -> parkAndNote(seen));
          await(moment());
          await(moment());
          limited.cancel(true);
          assertThat(await(seen)).isInstanceOf(CancellationException.class);
        });
  }

  private Void parkAndNote(CompletableFuture<Throwable> seen) {
    try {
      return await(new LoopFuture<Void>(loop));
    } catch (Throwable e) {
      seen.complete(e);
      throw e;
    }
  }

  @Test
  void whatABodyThrowsAfterTheLimitIsLoggedUnlessItIsTheCancellation() throws Exception {
    var failure = new IllegalStateException("in the clean-up");
    try (var log = LogCapture.application()) {
      running.run(
          () -> {
            assertThatThrownBy(() -> await(withTimeout(SHORT, () -> parkAndThrow(failure))))
                .hasCauseInstanceOf(TimeoutException.class);
            assertThatThrownBy(
                    () -> await(withTimeout(SHORT, () -> await(new LoopFuture<Void>(loop)))))
                .hasCauseInstanceOf(TimeoutException.class);
          });
      running.assertNothingLeft();
      assertThat(log.thrown()).containsExactly(failure);
    }
  }

  private Void parkAndThrow(RuntimeException failure) {
    try {
      return await(new LoopFuture<Void>(loop));
    } catch (CancellationException e) {
      throw failure;
    }
  }

  @Test
  void aBodyThatEndsInTimeLeavesNoTimeout() throws Exception {
    running.run(() -> assertThat(await(withTimeout(LONG, () -> "value"))).isEqualTo("value"));
    running.run(() -> assertThat(await(withTimeout(LONG, spawn(() -> 1)))).isEqualTo(1));
    running.assertNothingLeft();
  }
}
