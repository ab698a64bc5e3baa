// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.gen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.gen.Gen.asFuture;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.ioloop.RunningLoop.get;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.ioloop.RunningLoop;

class AsFutureTest {
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
  void stagesBecomeFuturesOfTheLoop() throws Exception {
    running.run(
        () -> {
          var foreign = new CompletableFuture<Thread>();
          var future = asFuture(foreign);
          assertThat(future.loop()).isSameAs(loop);
          var onLoop = future.thenApply(value -> loop.onLoop());
          Thread.ofPlatform().start(() -> foreign.complete(Thread.currentThread()));
          assertThat(await(onLoop)).isTrue();
          CompletionStage<String> stage = CompletableFuture.completedStage("value");
          assertThat(await(asFuture(stage))).isEqualTo("value");
          var ours = new LoopFuture<String>(loop);
          assertThat(asFuture(ours)).isSameAs(ours);
          assertThat(asFuture((Future<String>) ours)).isSameAs(ours);
        });
  }

  @Test
  void cancellingLeavesAForeignStageAlone() throws Exception {
    running.run(
        () -> {
          var foreign = new CompletableFuture<String>();
          asFuture(foreign).cancel(true);
          assertThat(foreign).isNotDone();
        });
  }

  @Test
  void plainFuturesAreWaitedForOffTheLoop() throws Exception {
    var begun = new CountDownLatch(1);
    var waiter = new CompletableFuture<Thread>();
    var task =
        new FutureTask<>(() -> "value") {
          @Override
          public String get() throws InterruptedException, java.util.concurrent.ExecutionException {
            waiter.complete(Thread.currentThread());
            begun.countDown();
            return super.get();
          }
        };
    var awaited = loop.spawn(() -> await(asFuture(task)));
    assertThat(begun.await(40, TimeUnit.SECONDS)).isTrue();
    running.turns(2); // the loop goes on
    task.run();
    assertThat(get(awaited)).isEqualTo("value");
    assertThat(get(waiter).isVirtual()).isTrue();
    assertThat(get(waiter).getName()).isEqualTo("waterspout-future");
  }

  @Test
  void plainFuturesGiveTheirOwnFailures() throws Exception {
    running.run(
        () -> {
          var failure = new IllegalStateException("failed");
          var failed =
              new FutureTask<String>(
                  () -> {
                    throw failure;
                  });
          var waiting = asFuture(failed);
          failed.run();
          assertThatThrownBy(() -> await(waiting)).isSameAs(failure);
          assertThatThrownBy(() -> await(asFuture(failed))).isSameAs(failure); // done already
          var cancelled = new FutureTask<>(() -> "value");
          cancelled.cancel(true);
          assertThatThrownBy(() -> await(asFuture(cancelled)))
              .isInstanceOf(CancellationException.class);
        });
  }

  @Test
  void cancellingEndsTheWaitAndLeavesThePlainFutureAlone() throws Exception {
    var ended = new CompletableFuture<Throwable>();
    var begun = new CountDownLatch(1);
    var task =
        new FutureTask<>(() -> "value") {
          @Override
          public String get() throws InterruptedException, java.util.concurrent.ExecutionException {
            begun.countDown();
            try {
              return super.get();
            } catch (Throwable e) {
              ended.complete(e);
              throw e;
            }
          }
        };
    var future = running.call(() -> asFuture((Future<String>) task));
    assertThat(begun.await(40, TimeUnit.SECONDS)).isTrue();
    assertThat(future.cancel(true)).isTrue();
    assertThat(get(ended)).isInstanceOf(InterruptedException.class);
    assertThat(task.isDone()).isFalse();
  }
}
