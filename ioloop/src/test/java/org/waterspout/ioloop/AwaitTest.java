// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.sleep;
import static org.waterspout.gen.Gen.spawn;
import static org.waterspout.ioloop.RunningLoop.get;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Awaiting on the loop. */
class AwaitTest {
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
  void returnsAtOnceWhatIsDone() throws Exception {
    running.run(
        () -> {
          var thread = Thread.currentThread();
          var others = new AtomicInteger();
          loop.addCallback(others::incrementAndGet);
          assertThat(await(LoopFuture.completed(loop, "value"))).isEqualTo("value");
          assertThat(await(CompletableFuture.completedStage("stage"))).isEqualTo("stage");
          assertThat(await(LoopFuture.done(loop))).isNull();
          assertThat(others).as("nothing else ran").hasValue(0);
          assertThat(Thread.currentThread()).isSameAs(thread);
        });
  }

  @Test
  void goesOnInItsOwnThreadWhenTheFutureCompletes() throws Exception {
    running.run(
        () -> {
          var thread = Thread.currentThread();
          var future = new LoopFuture<String>(loop);
          loop.addCallback(() -> future.complete("value"));
          assertThat(await(future)).isEqualTo("value");
          assertThat(Thread.currentThread()).isSameAs(thread);
          assertThat(loop.onLoop()).isTrue();
        });
  }

  @Test
  void throwsTheVeryExceptionOfTheFuture() throws Exception {
    var unchecked = new IllegalArgumentException("unchecked");
    var checked = new IOException("checked");
    var error = new AssertionError("error");
    for (boolean foreign : new boolean[] {false, true}) {
      for (boolean late : new boolean[] {false, true}) {
        running.run(
            () -> {
              assertThatThrownBy(() -> await(failing(unchecked, foreign, late)))
                  .isSameAs(unchecked);
              assertThatThrownBy(() -> await(failing(error, foreign, late))).isSameAs(error);
              assertThatExceptionOfType(CompletionException.class)
                  .isThrownBy(() -> await(failing(checked, foreign, late)))
                  .havingCause()
                  .isSameAs(checked);
              assertThatThrownBy(() -> await(failing(unchecked, foreign, late).thenApply(x -> x)))
                  .as("through a dependent")
                  .isSameAs(unchecked);
            });
      }
    }
  }

  private CompletableFuture<String> failing(Throwable failure, boolean foreign, boolean late) {
    var future = foreign ? new CompletableFuture<String>() : new LoopFuture<String>(loop);
    if (late) {
      loop.addCallback(() -> future.completeExceptionally(failure));
    } else {
      future.completeExceptionally(failure);
    }
    return future;
  }

  @Test
  void throwsWhenTheFutureIsCancelled() throws Exception {
    running.run(
        () -> {
          var future = new LoopFuture<String>(loop);
          loop.addCallback(() -> future.cancel(true));
          assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> await(future));
          assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> await(future));
        });
  }

  @Test
  void resumesOnTheLoopWhenAnotherThreadCompletesTheFuture() throws Exception {
    for (int i = 0; i < 500; i++) {
      int number = i;
      running.run(
          () -> {
            var foreign = new CompletableFuture<Integer>();
            var completer = Thread.ofPlatform().start(() -> foreign.complete(number));
            assertThat(await(foreign)).isEqualTo(number);
            assertThat(loop.onLoop()).isTrue();
            completer.join();
          });
    }
  }

  @Test
  void waitsForAFutureOfAnotherLoop() throws Exception {
    try (var other = new RunningLoop()) {
      var its = other.loop.spawn(() -> await(spawn(() -> "from there")));
      assertThat(running.call(() -> await(its))).isEqualTo("from there");
    }
  }

  @Test
  void mayBeNestedToAnyDepth() throws Exception {
    assertThat(running.call(() -> nested(200))).isEqualTo(200);
  }

  private static int nested(int depth) {
    if (depth == 0) {
      return 0;
    }
    await(sleep(Duration.ZERO));
    return 1 + await(spawn(() -> nested(depth - 1)));
  }

  @Test
  void thousandsAwaitAtOnceAndGoOnInAnyOrder() throws Exception {
    var futures = new ArrayList<LoopFuture<Integer>>();
    var results = new ArrayList<LoopFuture<Integer>>();
    for (int i = 0; i < 5000; i++) {
      var future = new LoopFuture<Integer>(loop);
      futures.add(future);
      results.add(loop.spawn(() -> await(future) + await(spawn(() -> 1))));
    }
    running.turns(15);
    var order = new ArrayList<Integer>();
    for (int i = 0; i < futures.size(); i++) {
      order.add(i);
    }
    Collections.shuffle(order, new Random(1));
    running.run(() -> order.forEach(i -> futures.get(i).complete(i)));
    for (int i = 0; i < results.size(); i++) {
      assertThat(get(results.get(i))).isEqualTo(i + 1);
    }
  }

  @Test
  void nothingElseRunsBetweenTwoAwaits() throws Exception {
    var inside = new AtomicInteger();
    var turns = new AtomicInteger();
    var all = new ArrayList<LoopFuture<Integer>>();
    for (int seed = 0; seed < 40; seed++) {
      var random = new Random(seed);
      all.add(
          loop.spawn(
              () -> {
                for (int i = 0; i < 100; i++) {
                  assertThat(inside.getAndIncrement()).isZero();
                  for (int spin = random.nextInt(200); spin > 0; spin--) {
                    Thread.onSpinWait();
                  }
                  assertThat(loop.onLoop()).isTrue();
                  assertThat(inside.decrementAndGet()).isZero();
                  turns.incrementAndGet();
                  pause(random);
                }
                return 0;
              }));
    }
    for (var one : all) {
      get(one);
    }
    assertThat(turns).hasValue(4000);
  }

  private void pause(Random random) {
    switch (random.nextInt(4)) {
      case 0 -> await(sleep(Duration.ofNanos(random.nextInt(50_000))));
      case 1 -> await(spawn(() -> 0));
      case 2 -> await(CompletableFuture.supplyAsync(() -> 0));
      default -> {
        var future = new LoopFuture<Void>(loop);
        loop.addCallback(() -> future.complete(null));
        await(future);
      }
    }
  }

  @Test
  void theOthersOfTheTurnRunBeforeTheAwaitReturns() throws Exception {
    var order = new ArrayList<String>();
    running.run(
        () -> {
          var done = new LoopFuture<Void>(loop);
          loop.addCallback(
              () -> {
                order.add("awaits");
                var future = new LoopFuture<Void>(loop);
                loop.addCallback(() -> future.complete(null));
                await(future);
                order.add("goes on");
                done.complete(null);
              });
          loop.addCallback(
              () -> {
                order.add("same turn");
                loop.addCallback(() -> order.add("next turn"));
              });
          await(done);
        });
    assertThat(order).containsExactly("awaits", "same turn", "next turn", "goes on");
  }

  @Test
  void isAllowedInCallbacksTimeoutsDependentsAndCoroutines() throws Exception {
    for (var source : List.of("callback", "timeout", "dependent", "coroutine")) {
      var result = new CompletableFuture<String>();
      Runnable body =
          () -> {
            await(sleep(Duration.ofMillis(1)));
            result.complete(source);
          };
      running.run(
          () -> {
            switch (source) {
              case "callback" -> loop.addCallback(body);
              case "timeout" -> loop.callLater(Duration.ZERO, body);
              case "dependent" -> LoopFuture.done(loop).thenRun(body);
              default ->
                  spawn(
                      () -> {
                        body.run();
                        return 0;
                      });
            }
          });
      assertThat(get(result)).isEqualTo(source);
    }
  }

  @Test
  void keepsTheContextAndTheCoroutinesAreEachTheirOwn() throws Exception {
    var routed = new ArrayList<String>();
    running.run(
        () -> {
          var futures = new ArrayList<LoopFuture<Void>>();
          for (var name : List.of("a", "b", "c")) {
            var told = new LoopFuture<Void>(loop);
            futures.add(told);
            var mine =
                loop.context()
                    .withErrorRoute(
                        e -> {
                          routed.add(name + e.getMessage());
                          told.complete(null);
                        });
            mine.run(
                () ->
                    loop.addCallback(
                        () -> {
                          await(sleep(Duration.ofMillis(1)));
                          assertThat(loop.context()).isSameAs(mine);
                          throw new IllegalStateException("!");
                        }));
          }
          var outer = loop.context();
          futures.forEach(IOLoop::await);
          assertThat(loop.context()).isSameAs(outer);
        });
    assertThat(routed).containsExactlyInAnyOrder("a!", "b!", "c!");
  }

  @Test
  void keepsThreadLocalsApart() throws Exception {
    var local = new ThreadLocal<Integer>();
    var all = new ArrayList<LoopFuture<Boolean>>();
    for (int i = 0; i < 50; i++) {
      int number = i;
      all.add(
          loop.spawn(
              () -> {
                await(sleep(Duration.ZERO)); // from here on the thread is this coroutine's own
                local.set(number);
                await(sleep(Duration.ofNanos(number * 1000)));
                await(spawn(() -> 0));
                return local.get() == number;
              }));
    }
    for (var one : all) {
      assertThat(get(one)).isTrue();
    }
  }

  @Test
  void aMonitorMayBeHeldAcrossIt() throws Exception {
    var lock = new Object();
    running.run(
        () -> {
          synchronized (lock) {
            var others = spawn(() -> await(spawn(() -> "others go on")));
            assertThat(await(others)).isEqualTo("others go on");
            assertThat(Thread.holdsLock(lock)).isTrue();
          }
        });
  }

  @Test
  void anInterruptWhileParkedIsKeptAndDoesNotEndTheWait() throws Exception {
    var future = new LoopFuture<String>(loop);
    var thread = new CompletableFuture<Thread>();
    var interrupted =
        running.start(
            () -> {
              thread.complete(Thread.currentThread());
              var value = await(future);
              return value + Thread.interrupted();
            });
    get(thread).interrupt();
    running.turns(5);
    get(thread).interrupt();
    assertThat(interrupted).isNotDone();
    future.complete("value ");
    assertThat(get(interrupted)).isEqualTo("value true");
  }

  @Test
  void anInterruptSetBeforeDoesNotKeepItFromParking() throws Exception {
    assertThat(
            running.call(
                () -> {
                  Thread.currentThread().interrupt();
                  await(sleep(Duration.ofMillis(5)));
                  return Thread.interrupted();
                }))
        .isTrue();
  }

  @Test
  void getAndJoinOnTheLoopAwait() throws Exception {
    running.run(
        () -> {
          assertThat(spawn(() -> "got").get()).isEqualTo("got");
          assertThat(spawn(() -> "joined").join()).isEqualTo("joined");
          assertThat(spawn(() -> "in time").get(40, TimeUnit.SECONDS)).isEqualTo("in time");
          assertThat(spawn(() -> "any time").get(Long.MAX_VALUE, TimeUnit.DAYS))
              .isEqualTo("any time");
          var failed =
              spawn(
                  () -> {
                    throw new IOException("checked");
                  });
          assertThatExceptionOfType(ExecutionException.class)
              .isThrownBy(failed::get)
              .withCauseInstanceOf(IOException.class);
          assertThatExceptionOfType(CompletionException.class)
              .isThrownBy(failed::join)
              .withCauseInstanceOf(IOException.class);
          assertThatExceptionOfType(TimeoutException.class)
              .isThrownBy(() -> new LoopFuture<Void>(loop).get(1, TimeUnit.MILLISECONDS));
        });
  }

  @Test
  void aCoroutineThatIsResumedFinishesTheTurnItBelongsTo() throws Exception {
    var ran = new AtomicInteger();
    running.run(
        () -> {
          for (int i = 0; i < 1500; i++) { // more than a turn, and every third parks within it
            int number = i;
            loop.addCallback(
                () -> {
                  if (number % 3 == 0) {
                    await(sleep(Duration.ZERO));
                  }
                  ran.incrementAndGet();
                });
          }
        });
    running.turns(10);
    running.run(() -> await(sleep(Duration.ofMillis(1))));
    running.turns(10);
    assertThat(ran).hasValue(1500);
  }

  /** A stage of somebody else's. */
  private static final class Odd extends CompletableFuture<Void> {
    @Override
    public CompletableFuture<Void> whenComplete(
        BiConsumer<? super Void, ? super Throwable> action) {
      var _ = super.whenComplete(action);
      throw new IllegalStateException("odd");
    }
  }

  @Test
  void aStageThatRefusesToTellIsNotAwaitedAndItsEndDoesNotHurt() throws Exception {
    var odd = new Odd();
    running.run(
        () -> {
          assertThatIllegalStateException().isThrownBy(() -> await(odd)).withMessage("odd");
          odd.complete(null);
        });
    running.turns(2);
    running.assertNothingLeft();
  }
}
