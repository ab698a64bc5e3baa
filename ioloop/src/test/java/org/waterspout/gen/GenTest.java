// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.gen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.moment;
import static org.waterspout.gen.Gen.multi;
import static org.waterspout.gen.Gen.sleep;
import static org.waterspout.gen.Gen.spawn;
import static org.waterspout.gen.Gen.withTimeout;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LogCapture;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.ioloop.RunningLoop;

class GenTest {
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
  void multiGivesAllValuesInTheOrderOfTheStages() throws Exception {
    running.run(
        () -> {
          var slow = new LoopFuture<String>(loop);
          loop.callLater(Duration.ofMillis(5), () -> slow.complete("slow"));
          var foreign = CompletableFuture.supplyAsync(() -> "foreign");
          assertThat(
                  await(
                      multi(
                          slow, spawn(() -> "quick"), foreign, LoopFuture.completed(loop, "done"))))
              .containsExactly("slow", "quick", "foreign", "done");
          assertThat(await(multi(List.of(spawn(() -> 1), spawn(() -> 2))))).containsExactly(1, 2);
        });
  }

  @Test
  void multiTakesNullValuesNothingAndTheSameStageTwice() throws Exception {
    running.run(
        () -> {
          assertThat(await(multi(LoopFuture.done(loop), LoopFuture.done(loop))))
              .containsExactly(null, null);
          assertThat(await(Gen.<String>multi())).isEmpty();
          var one = spawn(() -> "x");
          assertThat(await(multi(one, one))).containsExactly("x", "x");
        });
  }

  @Test
  void multiOfAMapKeepsKeysAndOrder() throws Exception {
    running.run(
        () -> {
          var stages = new LinkedHashMap<String, LoopFuture<Integer>>();
          stages.put("z", spawn(() -> 1));
          stages.put("a", spawn(() -> null));
          var values = await(multi(stages));
          assertThat(values.keySet()).containsExactly("z", "a");
          assertThat(values.values()).containsExactly(1, null);
        });
  }

  @Test
  void multiWaitsForAllThenFailsWithTheFirstInOrderAndLogsTheOthers() throws Exception {
    try (var log = LogCapture.application()) {
      running.run(
          () -> {
            var first = new IllegalStateException("first");
            var second = new IllegalStateException("second");
            var third = new IllegalArgumentException("quiet");
            var slow = new LoopFuture<String>(loop);
            var cancelled = new LoopFuture<String>(loop);
            cancelled.cancel(true);
            List<LoopFuture<String>> stages =
                List.of(
                    slow,
                    LoopFuture.failed(loop, second),
                    LoopFuture.failed(loop, third),
                    cancelled);
            var all = multi(stages, IllegalArgumentException.class);
            for (int i = 0; i < 3; i++) {
              await(moment());
            }
            assertThat(all).isNotDone();
            slow.completeExceptionally(first);
            assertThatThrownBy(() -> await(all)).isSameAs(first);
            assertThat(log.thrown()).containsExactly(second);
          });
    }
  }

  @Test
  void aLoopOfMomentsLetsOthersRun() throws Exception {
    running.run(
        () -> {
          var ended = new boolean[1];
          loop.callLater(Duration.ofMillis(2), () -> ended[0] = true);
          while (!ended[0]) {
            await(moment());
          }
        });
  }

  @Test
  void sleepIsOverNotBeforeTheTime() throws Exception {
    running.run(
        () -> {
          var before = System.nanoTime();
          await(sleep(Duration.ofMillis(10)));
          assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(10_000_000);
        });
  }

  @Test
  void offTheLoopSleepAndWithTimeoutAreRefusedBeforeTheyStartAnything() throws Exception {
    var ran = new AtomicBoolean();
    loop.makeCurrent();
    try {
      assertThatIllegalStateException()
          .isThrownBy(() -> sleep(Duration.ZERO))
          .withMessageContaining("addCallback");
      assertThatIllegalStateException()
          .isThrownBy(() -> withTimeout(Duration.ZERO, () -> ran.getAndSet(true)));
    } finally {
      IOLoop.clearCurrent();
    }
    running.turns(3);
    assertThat(ran).isFalse();
  }

  @Test
  void awaitedThingsRunAtTheSameTime() throws Exception {
    running.run(
        () -> {
          var order = new ArrayList<String>();
          var one = spawn(() -> step(order, "one", 4));
          var two = spawn(() -> step(order, "two", 2));
          await(multi(one, two));
          assertThat(order).startsWith("one begins", "two begins");
        });
  }

  private static int step(List<String> order, String name, int millis) {
    order.add(name + " begins");
    await(sleep(Duration.ofMillis(millis)));
    order.add(name + " ends");
    return 0;
  }

  @Test
  void checkedExceptionsOfSpawnedBodiesComeWrapped() throws Exception {
    running.run(
        () ->
            assertThatThrownBy(
                    () ->
                        await(
                            spawn(
                                () -> {
                                  throw new IOException("checked");
                                })))
                .hasCauseInstanceOf(IOException.class));
  }
}
