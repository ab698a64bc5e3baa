// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.blocking;
import static org.waterspout.gen.Gen.multi;
import static org.waterspout.gen.Gen.spawn;

import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BlockingTest {
  private static final ThreadLocal<String> LEFT_BEHIND = new ThreadLocal<>();

  private RunningLoop running;
  private IOLoop loop;

  @BeforeEach
  void start() throws Exception {
    running = new RunningLoop();
    loop = running.loop;
  }

  @AfterEach
  void close() throws Exception {
    running.close();
  }

  @Test
  void runsOffTheLoopWhichGoesOnMeanwhile() throws Exception {
    running.run(
        () -> {
          var latch = new CountDownLatch(1);
          var result =
              blocking(
                  () -> {
                    latch.await();
                    return loop.onLoop();
                  });
          await(spawn(() -> 0));
          latch.countDown();
          assertThat(await(result)).isFalse();
        });
  }

  @Test
  void knowsTheLoopOfItsCallerAndMayAwaitItsFutures() throws Exception {
    running.run(
        () -> {
          assertThat(await(blocking(IOLoop::current))).isSameAs(loop);
          assertThat(await(blocking(() -> await(spawn(loop::onLoop))))).isTrue();
        });
  }

  @Test
  void hasTheCallersClassLoader() throws Exception {
    var mine = new ClassLoader() {};
    running.run(
        () -> {
          Thread.currentThread().setContextClassLoader(mine);
          assertThat(await(blocking(() -> Thread.currentThread().getContextClassLoader())))
              .isSameAs(mine);
        });
  }

  @Test
  void failsWithWhatTheBodyThrows() throws Exception {
    var failure = new IllegalStateException("failed");
    var error = new AssertionError("error");
    running.run(
        () -> {
          assertThatThrownBy(
                  () ->
                      await(
                          blocking(
                              () -> {
                                throw failure;
                              })))
              .isSameAs(failure);
          assertThatThrownBy(
                  () ->
                      await(
                          blocking(
                              () -> {
                                throw error;
                              })))
              .isSameAs(error);
        });
  }

  @Test
  void runsSoManyAtATimeAndNoMore() throws Exception {
    int max = BlockingThreads.MAX_RUNNING;
    var atOnce = new AtomicInteger();
    var most = new AtomicInteger();
    var allIn = new CyclicBarrier(max); // passed only if that many are in at the same time
    running.run(
        () -> {
          var results = new ArrayList<LoopFuture<Integer>>();
          for (int i = 0; i < 2 * max; i++) {
            results.add(
                blocking(
                    () -> {
                      most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                      allIn.await(40, TimeUnit.SECONDS);
                      return atOnce.decrementAndGet();
                    }));
          }
          await(multi(results));
        });
    assertThat(most).hasValue(max);
  }

  @Test
  void oneThatIsCancelledBeforeItsTurnDoesNotRun() throws Exception {
    var latch = new CountDownLatch(1);
    var ran = new AtomicBoolean();
    running.run(
        () -> {
          var first = fillAllPlaces(latch);
          var waiting = blocking(() -> ran.getAndSet(true));
          waiting.cancel(true);
          var last = blocking(() -> "last");
          latch.countDown();
          await(multi(first));
          assertThat(await(last)).isEqualTo("last");
        });
    assertThat(ran).isFalse();
  }

  @Test
  void oneThatHadToWaitFindsNoThreadLocalsOfAnother() throws Exception {
    var latch = new CountDownLatch(1);
    running.run(
        () -> {
          var first = fillAllPlaces(latch);
          var waiting = new ArrayList<LoopFuture<String>>();
          for (int i = 0; i < 20; i++) {
            waiting.add(blocking(LEFT_BEHIND::get));
          }
          latch.countDown();
          await(multi(first));
          assertThat(await(multi(waiting))).containsOnlyNulls();
        });
  }

  private static ArrayList<LoopFuture<Integer>> fillAllPlaces(CountDownLatch latch) {
    var results = new ArrayList<LoopFuture<Integer>>();
    for (int i = 0; i < BlockingThreads.MAX_RUNNING; i++) {
      results.add(
          blocking(
              () -> {
                LEFT_BEHIND.set("somebody's user");
                latch.await();
                return 0;
              }));
    }
    return results;
  }
}
