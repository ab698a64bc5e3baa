// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.sleep;
import static org.waterspout.gen.Gen.spawn;
import static org.waterspout.ioloop.RunningLoop.get;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What spawn starts. */
class CoroutineTest {
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
  void startsInTheNextTurn() throws Exception {
    running.run(
        () -> {
          var order = new ArrayList<String>();
          var spawned = spawn(() -> order.add("body"));
          order.add("spawner");
          await(spawned);
          assertThat(order).containsExactly("spawner", "body");
        });
  }

  @Test
  void whatItThrowsGoesIntoItsFutureAndNotToTheLog() throws Exception {
    try (var log = LogCapture.application()) {
      for (Throwable failure :
          List.of(new IOException("checked"), new StackOverflowError("by hand"))) {
        var spawned =
            loop.spawn(
                () -> {
                  await(sleep(Duration.ZERO));
                  if (failure instanceof Error error) {
                    throw error;
                  }
                  throw (Exception) failure;
                });
        running.turns(1);
        get(spawned.handle((value, e) -> 0));
        assertThat(spawned.exceptionNow()).isSameAs(failure);
      }
      assertThat(log.thrown()).isEmpty();
    }
  }

  @Test
  void isNotStartedOnceItIsCancelled() throws Exception {
    var ran = new AtomicBoolean();
    running.run(
        () -> {
          var spawned = spawn(() -> ran.getAndSet(true));
          assertThat(spawned.cancel(true)).isTrue();
        });
    running.turns(3);
    assertThat(ran).isFalse();
  }

  @Test
  void cancellingFailsThePendingAwaitAndItsFinallyRuns() throws Exception {
    var seen = new CompletableFuture<Throwable>();
    var cleaned = new CompletableFuture<Boolean>();
    var spawned =
        loop.spawn(
            () -> {
              try {
                return await(new LoopFuture<Void>(loop));
              } catch (Throwable e) {
                seen.complete(e);
                throw e;
              } finally {
                await(sleep(Duration.ZERO)); // the cancellation was delivered: it may await
                cleaned.complete(loop.onLoop());
              }
            });
    running.turns(2);
    assertThat(spawned.cancel(true)).isTrue(); // from a thread that is not on the loop
    assertThat(get(seen)).isInstanceOf(CancellationException.class);
    assertThat(get(cleaned)).isTrue();
    assertThat(spawned).isCancelled();
  }

  @Test
  void aCancellationIsNotLostWhenTheAwaitWasAboutToReturn() throws Exception {
    running.run(
        () -> {
          var future = new LoopFuture<String>(loop);
          var went = new AtomicInteger();
          var spawned =
              spawn(
                  () -> {
                    while (true) {
                      CompletionStage<?> next =
                          went.getAndIncrement() == 0 ? future : sleep(Duration.ZERO);
                      await(next);
                    }
                  });
          await(sleep(Duration.ofMillis(1)));
          spawned.cancel(true); // first in the queue
          future.complete("at the same moment"); // the resumption comes after it
          for (int i = 0; i < 5; i++) {
            await(sleep(Duration.ofMillis(1)));
          }
          var before = went.get();
          await(sleep(Duration.ofMillis(5)));
          assertThat(went).hasValue(before).hasValueLessThan(3);
        });
  }

  @Test
  void cancellingItselfFailsItsNextAwait() throws Exception {
    running.run(
        () -> {
          var self = new ArrayList<LoopFuture<String>>();
          var seen = new LoopFuture<Throwable>(loop);
          self.add(
              spawn(
                  () -> {
                    self.getFirst().cancel(true);
                    try {
                      return await(new LoopFuture<String>(loop));
                    } catch (CancellationException e) {
                      seen.complete(e);
                      throw e;
                    }
                  }));
          assertThat(await(seen)).isInstanceOf(CancellationException.class);
        });
  }

  @Test
  void cancellingWhatIsDoneDoesNothing() throws Exception {
    var spawned = loop.spawn(() -> "value");
    get(spawned);
    assertThat(spawned.cancel(true)).isFalse();
    assertThat(spawned.resultNow()).isEqualTo("value");
  }

  @Test
  void cancellingOneDoesNotTouchAnotherThatAwaitsTheSame() throws Exception {
    var future = new LoopFuture<String>(loop);
    var one = loop.spawn(() -> await(future));
    var other = loop.spawn(() -> await(future));
    running.turns(2);
    one.cancel(true);
    running.turns(2);
    future.complete("value");
    assertThat(get(other)).isEqualTo("value");
    assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> get(one));
  }
}
