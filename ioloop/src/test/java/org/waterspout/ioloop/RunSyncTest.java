// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.sleep;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a runSync that is over leaves behind, and that it does not disturb the next run. */
class RunSyncTest {
  private final AtomicLong now = new AtomicLong();
  private final IOLoop loop = new IOLoop(now::get);
  private final LoopFuture<String> future = new LoopFuture<>(loop);
  private final CompletableFuture<Object> bodysEnd = new CompletableFuture<>();

  @AfterEach
  void close() {
    loop.close();
  }

  /** A body that stays parked when its run is ended by something else. */
  private String waitForFuture() {
    try {
      var value = await(future);
      bodysEnd.complete(value);
      return value;
    } catch (RuntimeException e) {
      bodysEnd.complete(e);
      throw e;
    }
  }

  /** In the next run, the body that was left ends; the run goes on. */
  private void assertThatTheNextRunIsWhole() throws Exception {
    Callable<String> next =
        () -> {
          future.complete("too late");
          for (int i = 0; i < 5; i++) {
            await(loop.spawn(() -> 0));
          }
          return "whole";
        };
    assertThat(loop.runSync(next)).isEqualTo("whole");
    assertThat(bodysEnd.getNow("nothing")).isEqualTo("too late");
  }

  @Test
  void aBodyLeftByAFatalErrorDoesNotStopTheNextRun() throws Exception {
    var fatal = new InternalError("thrown");
    try (var log = LogCapture.application()) {
      assertThatThrownBy(
              () ->
                  loop.runSync(
                      () -> {
                        loop.addCallback(
                            () -> {
                              throw fatal;
                            });
                        return waitForFuture();
                      }))
          .isSameAs(fatal);
      assertThat(log.thrown()).containsExactly(fatal);
    }
    assertThatTheNextRunIsWhole();
  }

  @Test
  void aBodyLeftByAnInterruptDoesNotStopTheNextRun() throws Exception {
    loop.addCallback(Thread.currentThread()::interrupt);
    assertThatExceptionOfType(LoopClosedException.class)
        .isThrownBy(() -> loop.runSync(this::waitForFuture));
    assertThat(Thread.interrupted()).isTrue();
    assertThatTheNextRunIsWhole();
  }

  @Test
  void theLimitOfARunThatIsOverCancelsNothing() throws Exception {
    var limit = Duration.ofSeconds(1);
    assertThatExceptionOfType(LoopClosedException.class)
        .isThrownBy(
            () ->
                loop.runSync(
                    limit,
                    () -> {
                      loop.addCallback(loop::stop);
                      return waitForFuture();
                    }));
    now.addAndGet(2 * limit.toNanos());
    assertThat(loop.<String>runSync(() -> await(loop.spawn(() -> "past the limit"))))
        .isEqualTo("past the limit");
    assertThat(bodysEnd).isNotDone();
    assertThatTheNextRunIsWhole();
  }

  @Test
  void aBodyThatThrowsOrIsCancelledLeavesNothing() throws Exception {
    var failure = new IllegalStateException("thrown");
    Callable<String> throwing =
        () -> {
          await(loop.spawn(() -> 0));
          throw failure;
        };
    assertThatThrownBy(() -> loop.runSync(throwing)).isSameAs(failure);
    assertThatThrownBy(() -> loop.runSync(Duration.ofHours(1), throwing)).isSameAs(failure);
    assertThatExceptionOfType(TimeoutException.class)
        .isThrownBy(() -> loop.runSync(Duration.ZERO, () -> await(new LoopFuture<String>(loop))));
    assertThat(loop.turns().timers().size()).isZero();
    assertThat(loop.baton().parkedCount()).isZero();
    future.complete("now");
    assertThat(loop.runSync(this::waitForFuture)).isEqualTo("now");
  }

  @Test
  void oneInsideAnotherIsRefusedUnlessItIsAnotherLoopsOffTheLoop() throws Exception {
    try (var other = new IOLoop()) {
      Callable<String> inner = () -> await(other.spawn(() -> "inner"));
      Callable<String> outer =
          () -> {
            assertThatIllegalStateException()
                .isThrownBy(() -> loop.runSync(inner))
                .withMessageContaining("was called on a loop");
            assertThatIllegalStateException()
                .isThrownBy(() -> await(loop.runInExecutor(() -> loop.runSync(inner))))
                .withMessageContaining("is running already");
            var value = await(loop.runInExecutor(() -> other.runSync(inner)));
            await(sleep(Duration.ZERO));
            return value + " and outer";
          };
      assertThat(loop.runSync(outer)).isEqualTo("inner and outer");
    }
  }
}
