// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.ioloop.RunningLoop.get;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.waterspout.gen.Gen;

class CallbackTest {
  @Test
  void runInTheOrderOfTheCalls() throws Exception {
    try (var running = new RunningLoop()) {
      var order = new ArrayList<Integer>();
      running.run(
          () -> {
            for (int i = 0; i < 2000; i++) { // more than one turn takes
              int number = i;
              running.loop.addCallback(() -> order.add(number));
            }
            assertThat(order).as("none runs inside of addCallback").isEmpty();
          });
      running.turns(6);
      assertThat(running.call(() -> List.copyOf(order))).hasSize(2000).isSorted();
    }
  }

  @Test
  void ofAFloodFromOutsideDoNotKeepADueTimeoutWaiting() throws Exception {
    try (var running = new RunningLoop()) {
      var before = new AtomicInteger(-1);
      var ran = new AtomicInteger();
      var timeoutRan = new CountDownLatch(1);
      running.run(
          () -> {
            running.loop.callLater(
                Duration.ZERO,
                () -> {
                  before.set(ran.get());
                  timeoutRan.countDown();
                });
            var flood =
                Thread.ofPlatform()
                    .start(
                        () -> {
                          for (int i = 0; i < 5000; i++) {
                            running.loop.addCallback(ran::incrementAndGet);
                          }
                        });
            flood.join(); // the loop sees nothing of it before all of it is there
          });
      assertThat(timeoutRan.await(40, TimeUnit.SECONDS)).isTrue();
      assertThat(before.get()).isLessThan(2000);
    }
  }

  @Test
  void thatTakeLongLetTimeoutsAndCallersFromOutsideInBetween() throws Exception {
    try (var running = new RunningLoop()) {
      var chunks = new AtomicInteger();
      var atTimeout = new CompletableFuture<Integer>();
      var chunk =
          new Runnable() {
            @Override
            public void run() {
              var end = System.nanoTime() + 1_000_000;
              while (System.nanoTime() < end) {
                Thread.onSpinWait();
              }
              if (chunks.incrementAndGet() == 40) {
                running.loop.callLater(Duration.ZERO, () -> atTimeout.complete(chunks.get()));
              }
              if (!atTimeout.isDone()) {
                running.loop.addCallback(this);
              }
            }
          };
      running.loop.addCallback(chunk);
      assertThat(get(atTimeout)).isBetween(40, 44);
    }
  }

  @Test
  void runInTheNextTurnNotInThisOne() throws Exception {
    try (var running = new RunningLoop()) {
      var order = new ArrayList<String>();
      running.run(
          () -> {
            running.loop.addCallback(
                () -> {
                  order.add("first");
                  running.loop.addCallback(() -> order.add("third"));
                });
            running.loop.addCallback(() -> order.add("second"));
          });
      running.turns(3);
      assertThat(running.call(() -> order)).containsExactly("first", "second", "third");
    }
  }

  @Test
  void aCallbackThatQueuesItselfForEverDoesNotStarveTimeouts() throws Exception {
    try (var running = new RunningLoop()) {
      var due = new AtomicBoolean();
      var done = new CompletableFuture<Void>();
      running.run(
          () -> {
            running.loop.callLater(Duration.ofMillis(1), () -> due.set(true));
            new Runnable() {
              @Override
              public void run() {
                if (due.get()) {
                  done.complete(null);
                } else {
                  running.loop.addCallback(this);
                }
              }
            }.run();
          });
      get(done);
    }
  }

  @Test
  void wakeALoopThatSleeps() throws Exception {
    try (var running = new RunningLoop()) {
      for (int i = 0; i < 2000; i++) { // races of all phases with the loop's going to sleep
        running.call(() -> 0);
      }
    }
  }

  @Test
  void comeFromManyThreadsAndKeepEachOnesOrder() throws Exception {
    try (var running = new RunningLoop()) {
      var seen = new ArrayList<List<Integer>>();
      var done = new CountDownLatch(4 * 5000);
      for (int i = 0; i < 4; i++) {
        var mine = new ArrayList<Integer>();
        seen.add(mine);
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int n = 0; n < 5000; n++) {
                    int number = n;
                    running.loop.addCallback(
                        () -> {
                          mine.add(number);
                          done.countDown();
                        });
                  }
                });
      }
      assertThat(done.await(40, TimeUnit.SECONDS)).isTrue();
      for (var one : running.call(() -> List.copyOf(seen))) {
        assertThat(one).hasSize(5000).isSorted();
      }
    }
  }

  @Test
  void whatTheyThrowIsLoggedAndTheLoopGoesOn() throws Exception {
    try (var running = new RunningLoop();
        var log = LogCapture.application()) {
      var unchecked = new IllegalArgumentException("unchecked");
      var checked = new IOException("checked");
      var error = new AssertionError("error");
      for (Throwable failure : List.of(unchecked, checked, error)) {
        running.loop.addCallback(() -> CallbackTest.<RuntimeException>sneak(failure));
      }
      running.turns(2);
      assertThat(log.thrown()).containsExactly(unchecked, checked, error);
    }
  }

  @Test
  void aStackOverflowIsSurvived() throws Exception {
    try (var running = new RunningLoop();
        var log = LogCapture.application()) {
      running.loop.addCallback(() -> overflow(0));
      running.turns(2);
      assertThat(log.thrown()).singleElement().isInstanceOf(StackOverflowError.class);
    }
  }

  @Test
  void anErrorOfTheVirtualMachineStopsTheLoopAndStartThrowsIt() throws Exception {
    var error = new OutOfMemoryError("by hand");
    try (var log = LogCapture.application();
        var loop = new IOLoop()) {
      loop.addCallback(
          () -> {
            throw error;
          });
      assertThatThrownBy(loop::start).isSameAs(error);
      assertThat(log.thrown()).containsExactly(error);
      assertThat(loop.isRunning()).isFalse();
      assertThat(loop.<String>runSync(() -> "again")).isEqualTo("again");
    }
  }

  @Test
  void anErrorOfTheVirtualMachineStopsTheLoopFromACoroutineToo() {
    var error = new InternalError("by hand");
    try (var log = LogCapture.application();
        var loop = new IOLoop()) {
      var future =
          loop.spawn(
              () -> {
                throw error;
              });
      assertThatThrownBy(loop::start).isSameAs(error);
      assertThat(future.exceptionNow()).isSameAs(error);
      assertThat(log.thrown()).containsExactly(error);
    }
  }

  @Test
  void anInterruptThatOneLeavesNeitherReachesTheNextTurnNorKeepsTheLoopAwake() throws Exception {
    var looks = new AtomicInteger(); // a turn looks at the clock once or twice
    LongSupplier clock =
        () -> {
          looks.incrementAndGet();
          return System.nanoTime();
        };
    try (var running = new RunningLoop(clock)) {
      running.loop.addCallback(() -> Thread.currentThread().interrupt());
      running.turns(1);
      assertThat(running.call(() -> Thread.currentThread().isInterrupted())).isFalse();
      running.run(() -> Gen.await(Gen.sleep(Duration.ofMillis(100))));
      assertThat(looks).hasValueLessThan(100);
    }
  }

  @Test
  void callsOffTheLoopAreRefusedAndNameAddCallback() throws Exception {
    try (var loop = new IOLoop();
        var channel = SocketChannel.open()) {
      var calls =
          List.<Runnable>of(
              () -> loop.callLater(Duration.ZERO, () -> {}),
              () -> loop.updateHandler(channel, 0),
              () -> loop.removeHandler(channel),
              () -> loop.context(),
              () -> loop.checkOnLoop("something"));
      for (var call : calls) {
        assertThatIllegalStateException()
            .isThrownBy(call::run)
            .withMessageContaining("addCallback");
      }
      assertThatIllegalStateException()
          .isThrownBy(() -> loop.addHandler(channel, 0, (ignored, ops) -> {}))
          .withMessageContaining("addCallback");
    }
  }

  @Test
  void onTheLoopMeansTheLoopThatTheThreadHolds() throws Exception {
    try (var one = new RunningLoop();
        var other = new RunningLoop()) {
      assertThat(one.loop.onLoop()).isFalse();
      assertThat(one.call(one.loop::onLoop)).isTrue();
      assertThat(one.call(other.loop::onLoop)).isFalse();
      assertThat(one.call(IOLoop::current)).isSameAs(one.loop);
    }
  }

  @Test
  void aClosedLoopIgnoresThem() {
    var loop = new IOLoop();
    loop.close();
    var ran = new AtomicBoolean();
    loop.addCallback(() -> ran.set(true));
    assertThatIllegalStateException().isThrownBy(loop::start).withMessageContaining("closed");
    assertThat(ran).isFalse();
  }

  private static int overflow(int depth) {
    return overflow(depth + 1) + 1;
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void sneak(Throwable failure) throws E {
    throw (E) failure;
  }
}
