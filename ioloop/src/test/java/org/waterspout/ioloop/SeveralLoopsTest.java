// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.sleep;
import static org.waterspout.gen.Gen.spawn;
import static org.waterspout.ioloop.RunningLoop.get;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two loops of one process that have to do with each other. */
class SeveralLoopsTest {
  private RunningLoop left;
  private RunningLoop right;

  @BeforeEach
  void start() throws Exception {
    left = new RunningLoop();
    right = new RunningLoop();
  }

  @AfterEach
  void close() throws Exception {
    left.assertNothingLeft();
    left.close();
    right.close();
  }

  @Test
  void awaitEachOthersFuturesBackAndForth() throws Exception {
    assertThat(get(left.loop.spawn(() -> bounce(200)))).isEqualTo(200);
    right.assertNothingLeft();
  }

  private int bounce(int times) {
    if (times == 0) {
      return 0;
    }
    var here = IOLoop.current();
    var there = here == left.loop ? right.loop : left.loop;
    int result = 1 + await(there.spawn(() -> bounce(times - 1)));
    assertThat(here.onLoop()).isTrue();
    assertThat(there.onLoop()).isFalse();
    return result;
  }

  @Test
  void manyCoroutinesOfBothAwaitTheOthers() throws Exception {
    var all = new ArrayList<LoopFuture<Integer>>();
    for (int i = 0; i < 500; i++) {
      int number = i;
      all.add(left.loop.spawn(() -> await(right.loop.spawn(() -> await(spawn(() -> number))))));
      all.add(right.loop.spawn(() -> await(left.loop.spawn(() -> await(spawn(() -> number))))));
    }
    for (int i = 0; i < all.size(); i++) {
      assertThat(get(all.get(i))).isEqualTo(i / 2);
    }
    right.assertNothingLeft();
  }

  @Test
  void aCoroutineOfOneIsCancelledByTheOther() throws Exception {
    var seen = new CompletableFuture<Throwable>();
    var parked =
        right.loop.spawn(
            () -> {
              try {
                return await(new LoopFuture<Void>(right.loop));
              } catch (Throwable e) {
                assertThat(right.loop.onLoop()).isTrue();
                seen.complete(e);
                throw e;
              }
            });
    right.turns(2);
    left.run(
        () -> {
          parked.cancel(true);
          assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> await(parked));
        });
    assertThat(get(seen)).isInstanceOf(CancellationException.class);
    right.assertNothingLeft();
  }

  @Test
  void theCloseOfOneEndsTheWaitsOfTheOtherForItsFutures() throws Exception {
    var waits = new ArrayList<CompletableFuture<Object>>();
    for (int i = 0; i < 50; i++) {
      waits.add(left.start(() -> await(new LoopFuture<>(right.loop))));
    }
    left.turns(2);
    right.close();
    for (var wait : waits) {
      Throwable failure = get(wait.handle((value, thrown) -> thrown));
      assertThat(failure).isInstanceOf(LoopClosedException.class);
    }
  }

  @Test
  void aFutureOfALoopThatIsClosedIsNotWaitedForUnlessItIsDone() throws Exception {
    right.close();
    left.run(
        () -> {
          assertThat(await(LoopFuture.completed(right.loop, "done"))).isEqualTo("done");
          assertThatExceptionOfType(LoopClosedException.class)
              .isThrownBy(() -> await(new LoopFuture<>(right.loop)));
        });
  }

  @Test
  void bothAreClosedWhileTheyWaitForEachOther() throws Exception {
    var ended = new ArrayList<CompletableFuture<?>>();
    for (int i = 0; i < 20; i++) {
      var ofLeft = new LoopFuture<Void>(left.loop);
      var ofRight = new LoopFuture<Void>(right.loop);
      ended.add(left.start(() -> await(ofRight)));
      ended.add(right.start(() -> await(ofLeft)));
    }
    left.turns(1);
    right.turns(1);
    left.close();
    right.close();
    assertThat(ended).allMatch(CompletableFuture::isCompletedExceptionally);
    start(); // for the end of the test
  }

  @Test
  void aWaitThatIsOverLeavesNothingAtTheOtherLoop() throws Exception {
    left.run(
        () -> {
          await(right.loop.spawn(() -> await(sleep(Duration.ofMillis(1)))));
          assertThat(right.loop.waiters().count()).isZero();
        });
  }
}
