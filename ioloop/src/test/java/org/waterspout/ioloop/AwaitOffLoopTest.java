// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.ioloop.RunningLoop.get;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AwaitOffLoopTest {
  @Test
  void blocksTheThreadUntilTheRunningLoopCompletesTheFuture() throws Exception {
    try (var running = new RunningLoop()) {
      assertThat(await(running.loop.spawn(() -> "value"))).isEqualTo("value");
      assertThat(running.loop.spawn(() -> "value").get()).isEqualTo("value");
      assertThat(running.loop.spawn(() -> "value").join()).isEqualTo("value");
      assertThat(running.loop.spawn(() -> "value").get(40, TimeUnit.SECONDS)).isEqualTo("value");
    }
  }

  @Test
  void losesNoWakeUpWhereverTheFutureCompletes() throws Exception {
    try (var running = new RunningLoop()) {
      for (int i = 0; i < 3000; i++) {
        int number = i;
        assertThat(await(running.loop.spawn(() -> number))).isEqualTo(number);
      }
    }
  }

  @Test
  void throwsTheFuturesOwnException() throws Exception {
    try (var running = new RunningLoop()) {
      var unchecked = new IllegalArgumentException("unchecked");
      assertThatThrownBy(() -> await(running.loop.spawn(() -> fail(unchecked))))
          .isSameAs(unchecked);
      var checked = new IOException("checked");
      assertThatExceptionOfType(CompletionException.class)
          .isThrownBy(() -> await(running.loop.spawn(() -> fail(checked))))
          .havingCause()
          .isSameAs(checked);
    }
  }

  private static String fail(Exception e) throws Exception {
    throw e;
  }

  @Test
  void namesRunSyncWhereNoLoopRuns() {
    try (var loop = new IOLoop()) {
      assertThatIllegalStateException()
          .isThrownBy(() -> await(new LoopFuture<Void>(loop)))
          .withMessageContaining("runSync");
      assertThatIllegalStateException()
          .isThrownBy(() -> await(new CompletableFuture<Void>()))
          .withMessageContaining("runSync");
      assertThat(await(LoopFuture.completed(loop, "done anyway"))).isEqualTo("done anyway");
    }
  }

  @Test
  void anInterruptEndsTheWait() throws Exception {
    try (var running = new RunningLoop()) {
      var never = new LoopFuture<Void>(running.loop);
      Thread.currentThread().interrupt();
      assertThatIllegalStateException()
          .isThrownBy(() -> await(never))
          .withMessageContaining("interrupted");
      assertThat(Thread.interrupted()).isTrue();
      Thread.currentThread().interrupt();
      assertThatExceptionOfType(InterruptedException.class).isThrownBy(never::get);
      assertThat(Thread.interrupted()).isFalse();
    }
  }

  @Test
  void closingTheLoopFailsThoseWhoWait() throws Exception {
    for (int i = 0; i < 50; i++) { // at any moment of their beginning to wait
      var failure = new CompletableFuture<Throwable>();
      var about = new CountDownLatch(1);
      try (var running = new RunningLoop()) {
        var never = new LoopFuture<Void>(running.loop);
        Thread.ofVirtual()
            .start(
                () -> {
                  about.countDown();
                  try {
                    await(never);
                  } catch (Throwable e) {
                    failure.complete(e);
                  }
                });
        about.await();
        if (i % 2 == 0) {
          running.turns(1);
        }
      }
      assertThat(get(failure))
          .isInstanceOfAny(LoopClosedException.class, IllegalStateException.class);
    }
  }

  @Test
  void theExceptionOfAClosedLoopSaysThatItWasClosed() throws Exception {
    var running = new RunningLoop();
    var never = new LoopFuture<Void>(running.loop);
    var failure = new CompletableFuture<Throwable>();
    Thread.ofPlatform()
        .start(
            () -> {
              try {
                await(never);
              } catch (Throwable e) {
                failure.complete(e);
              }
            });
    running.until(() -> running.loop.waiters().count() == 1);
    running.close();
    assertThat(get(failure)).isInstanceOf(LoopClosedException.class).hasMessageContaining("closed");
  }
}
