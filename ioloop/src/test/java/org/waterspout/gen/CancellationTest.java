// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.gen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.moment;
import static org.waterspout.gen.Gen.spawn;
import static org.waterspout.ioloop.RunningLoop.get;

import java.util.ArrayList;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LogCapture;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.ioloop.RunningLoop;

/** Cancelling what spawn started, in every state and under fire. */
class CancellationTest {
  private RunningLoop running;
  private IOLoop loop;

  @BeforeEach
  void start() throws Exception {
    running = new RunningLoop();
    loop = running.loop;
  }

  @AfterEach
  void close() throws Exception {
    running.assertNothingLeft();
    running.close();
  }

  @Test
  void cancellingACoroutineThatRunsFailsOneOfItsNextAwaits() throws Exception {
    var runs = new CountDownLatch(1);
    var cancelled = new CountDownLatch(1);
    var seen = new CompletableFuture<String>();
    var spawned =
        loop.spawn(
            () -> {
              runs.countDown();
              assertThat(cancelled.await(40, TimeUnit.SECONDS)).isTrue(); // holds the loop
              try {
                while (true) {
                  await(moment());
                }
              } catch (CancellationException e) {
                await(moment());
                seen.complete("cancelled, then left alone");
              }
              return 0;
            });
    assertThat(runs.await(40, TimeUnit.SECONDS)).isTrue();
    assertThat(spawned.cancel(true)).isTrue(); // from another thread
    cancelled.countDown();
    assertThat(get(seen)).isEqualTo("cancelled, then left alone");
  }

  @Test
  void aCoroutineThatRunsAndAwaitsNoMoreJustEnds() throws Exception {
    try (var log = LogCapture.application()) {
      running.run(
          () -> {
            var self = new ArrayList<LoopFuture<String>>();
            self.add(spawn(() -> self.getFirst().cancel(true) ? "value" : "not cancelled"));
            await(moment());
            await(moment());
            assertThat(self.getFirst()).isCancelled();
          });
      assertThat(log.messages()).isEmpty();
    }
  }

  @Test
  void theInnerCoroutineGoesOnWhenTheOuterIsCancelled() throws Exception {
    var gate = new LoopFuture<String>(loop);
    var inner = loop.spawn(() -> await(gate));
    var outer = loop.spawn(() -> await(inner));
    running.turns(2);
    outer.cancel(true);
    running.turns(3);
    assertThat(outer).isCancelled();
    assertThat(inner).isNotDone();
    gate.complete("value");
    assertThat(get(inner)).isEqualTo("value");
  }

  @Test
  void whoAwaitsACancelledCoroutineGetsTheCancellationAndIsNotCancelledItself() throws Exception {
    running.run(
        () -> {
          var inner = spawn(() -> await(new LoopFuture<String>(loop)));
          var outer =
              spawn(
                  () -> {
                    assertThatThrownBy(() -> await(inner))
                        .isInstanceOf(CancellationException.class);
                    await(moment());
                    return "went on";
                  });
          await(moment());
          await(moment());
          inner.cancel(true);
          assertThat(await(outer)).isEqualTo("went on");
        });
  }

  @Test
  void aSwallowedCancellationIsNotDeliveredAgainAndTheResultIsDropped() throws Exception {
    var awaits = new AtomicInteger();
    var ended = new CompletableFuture<String>();
    var spawned =
        loop.spawn(
            () -> {
              try {
                await(new LoopFuture<Void>(loop));
              } catch (CancellationException swallowed) {
                while (awaits.incrementAndGet() < 10) {
                  await(moment());
                }
              }
              ended.complete("whole");
              return "result";
            });
    running.turns(2);
    assertThat(spawned.cancel(true)).isTrue();
    assertThat(spawned.cancel(true)).isTrue(); // it is; but that is not delivered again
    assertThat(get(ended)).isEqualTo("whole");
    assertThat(awaits).hasValue(10);
    assertThat(spawned).isCancelled();
  }

  @Test
  void whatIsThrownAfterACancellationIsLoggedButNotTheCancellation() throws Exception {
    var failure = new IllegalStateException("in the clean-up");
    try (var log = LogCapture.application()) {
      var plain = loop.spawn(() -> await(new LoopFuture<Void>(loop)));
      var fails =
          loop.spawn(
              () -> {
                try {
                  return await(new LoopFuture<Void>(loop));
                } catch (CancellationException e) {
                  throw failure;
                }
              });
      running.turns(2);
      plain.cancel(true);
      fails.cancel(true);
      running.assertNothingLeft();
      assertThat(log.thrown()).containsExactly(failure);
    }
  }

  @Test
  void aCloseAfterTheCancellationIsNotLogged() throws Exception {
    try (var log = LogCapture.application()) {
      var swallowed = new CountDownLatch(1);
      var spawned =
          loop.spawn(
              () -> {
                try {
                  return await(new LoopFuture<Void>(loop));
                } catch (CancellationException e) {
                  swallowed.countDown();
                  return await(new LoopFuture<Void>(loop)); // until the close
                }
              });
      running.turns(2);
      spawned.cancel(true);
      assertThat(swallowed.await(40, TimeUnit.SECONDS)).isTrue();
      running.close();
      assertThat(log.messages()).isEmpty();
    } finally {
      running = new RunningLoop(); // for the end of the test
    }
  }

  @Test
  void everyCoroutineEndsOnceUnderFire() throws Exception {
    var started = new AtomicInteger();
    var cleaned = new AtomicInteger();
    var spawned = new ArrayList<LoopFuture<Integer>>();
    try (var log = LogCapture.application()) {
      for (int i = 0; i < 4_000; i++) {
        var hops = i % 7;
        spawned.add(
            loop.spawn(
                () -> {
                  started.incrementAndGet();
                  try {
                    for (int hop = 0; hop < hops; hop++) {
                      await(moment());
                    }
                    return hops;
                  } finally {
                    cleaned.incrementAndGet();
                  }
                }));
        if (i % 3 == 0) { // before start, parked, running or finished, as it happens
          spawned.get(i / 2).cancel(true);
        }
      }
      int cancelled = 0;
      for (var future : spawned) {
        get(future.handle((value, failure) -> 0));
        cancelled += future.isCancelled() ? 1 : 0;
        assertThat(future.isCancelled() || future.resultNow() < 7).isTrue();
      }
      running.assertNothingLeft();
      assertThat(cleaned).hasValue(started.get());
      assertThat(started.get()).isGreaterThanOrEqualTo(4_000 - cancelled);
      assertThat(log.messages()).isEmpty();
    }
  }
}
