// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.waterspout.gen.Gen;

/** start, stop, runSync, and which loop is current. */
class LifeTest {
  @Test
  void aStopBeforeTheStartEndsItAfterOneTurn() {
    try (var loop = new IOLoop()) {
      var order = new ArrayList<String>();
      loop.addCallback(
          () -> {
            order.add("first turn");
            loop.addCallback(() -> order.add("second turn"));
          });
      loop.stop();
      loop.start();
      assertThat(order).containsExactly("first turn");
      loop.stop();
      loop.start();
      assertThat(order).containsExactly("first turn", "second turn");
    }
  }

  @Test
  void startsAndStopsAnyNumberOfTimes() {
    try (var loop = new IOLoop()) {
      for (int i = 0; i < 100; i++) {
        loop.addCallback(loop::stop);
        loop.start();
        assertThat(loop.isRunning()).isFalse();
      }
    }
  }

  @Test
  void aRunningLoopIsNotStartedAgain() throws Exception {
    try (var running = new RunningLoop()) {
      assertThatIllegalStateException()
          .isThrownBy(running.loop::start)
          .withMessageContaining("running");
      assertThat(running.call(() -> "goes on")).isEqualTo("goes on");
    }
  }

  @Test
  void startIsRefusedOnALoop() throws Exception {
    try (var running = new RunningLoop();
        var other = new IOLoop()) {
      running.run(
          () -> {
            assertThatIllegalStateException().isThrownBy(other::start);
            assertThatIllegalStateException().isThrownBy(running.loop::start);
            assertThatIllegalStateException().isThrownBy(running.loop::close);
          });
    }
  }

  @Test
  void anInterruptOfTheCallerStopsTheLoopAndIsKept() throws Exception {
    try (var running = new RunningLoop()) {
      running.runner.interrupt();
      running.awaitEnd();
      assertThat(running.loop.isRunning()).isFalse();
    }
    try (var loop = new IOLoop()) {
      Thread.currentThread().interrupt();
      loop.start();
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void anotherThreadMayStartItAsSoonAsItNoLongerRuns() throws Exception {
    try (var loop = new IOLoop()) {
      for (int i = 0; i < 100; i++) {
        var started = new CountDownLatch(1);
        loop.addCallback(started::countDown);
        var runner = Thread.ofPlatform().start(loop::start);
        started.await();
        loop.stop();
        while (loop.isRunning()) {
          Thread.yield();
        }
        loop.addCallback(
            () -> {
              assertThat(loop.onLoop()).isTrue();
              loop.stop();
            });
        loop.start();
        assertThat(runner.join(RunningLoop.DEADLINE)).isTrue();
      }
    }
  }

  @Test
  void parkedCoroutinesOutliveAStop() throws Exception {
    try (var loop = new IOLoop()) {
      var future = new LoopFuture<String>(loop);
      var waiting = loop.spawn(() -> Gen.await(future));
      loop.addCallback(() -> loop.addCallback(loop::stop));
      loop.start();
      assertThat(waiting).isNotDone();
      future.complete("late");
      assertThat(loop.<String>runSync(() -> Gen.await(waiting))).isEqualTo("late");
    }
  }

  @Test
  void runSyncReturnsTheResultOrThrowsTheBodysOwnException() throws Exception {
    try (var loop = new IOLoop()) {
      assertThat(loop.<IOLoop>runSync(IOLoop::current)).isSameAs(loop);
      var checked = new IOException("checked");
      assertThatThrownBy(
              () ->
                  loop.runSync(
                      () -> {
                        Gen.await(Gen.sleep(Duration.ofMillis(1)));
                        throw checked;
                      }))
          .isSameAs(checked);
      var error = new AssertionError("error");
      assertThatThrownBy(
              () ->
                  loop.runSync(
                      () -> {
                        throw error;
                      }))
          .isSameAs(error);
    }
  }

  @Test
  void runSyncWithALimitCancelsTheBody() throws Exception {
    try (var loop = new IOLoop()) {
      var seen = new AtomicReference<Throwable>();
      assertThatExceptionOfType(TimeoutException.class)
          .isThrownBy(
              () ->
                  loop.runSync(
                      Duration.ofMillis(20),
                      () -> {
                        try {
                          return Gen.await(new LoopFuture<String>(loop));
                        } catch (Throwable e) {
                          seen.set(e);
                          throw e;
                        }
                      }))
          .withMessageContaining("PT0.02S");
      loop.addCallback(loop::stop);
      loop.start();
      assertThat(seen.get()).isInstanceOf(CancellationException.class);
      assertThat(loop.<String>runSync(Duration.ofSeconds(40), () -> "in time"))
          .isEqualTo("in time");
    }
  }

  @Test
  void runSyncWithALimitReturnsAfterTheBodysFinallyBlocks() throws Exception {
    try (var loop = new IOLoop()) {
      var order = new ArrayList<String>();
      assertThatExceptionOfType(TimeoutException.class)
          .isThrownBy(
              () ->
                  loop.runSync(
                      Duration.ofMillis(5),
                      () -> {
                        try {
                          return Gen.await(new LoopFuture<String>(loop));
                        } finally {
                          Gen.await(Gen.sleep(Duration.ofMillis(5)));
                          order.add("cleaned up");
                        }
                      }));
      assertThat(order).containsExactly("cleaned up");
    }
  }

  @Test
  void runSyncWithALimitReturnsWhatABodyReturnsInTheTurnOfTheLimitOrInSpiteOfIt() throws Exception {
    var now = new AtomicLong();
    try (var loop = new IOLoop(now::get)) {
      var inTheSameTurn =
          loop.<String>runSync(
              Duration.ofNanos(10),
              () -> {
                var future = new LoopFuture<String>(loop);
                loop.addCallback(
                    () -> {
                      future.complete("value"); // the body goes on in the next turn
                      now.set(10); // and so does the limit
                    });
                return Gen.await(future);
              });
      assertThat(inTheSameTurn).isEqualTo("value");
      assertThat(
              loop.<String>runSync(
                  Duration.ZERO,
                  () -> {
                    try {
                      return Gen.await(new LoopFuture<String>(loop));
                    } catch (CancellationException e) {
                      return "in spite of it";
                    }
                  }))
          .isEqualTo("in spite of it");
    }
  }

  @Test
  void aCancellationOfTheBodysOwnIsNoTimeout() {
    try (var loop = new IOLoop()) {
      assertThatExceptionOfType(CancellationException.class)
          .isThrownBy(
              () ->
                  loop.runSync(
                      Duration.ofSeconds(40),
                      () -> {
                        var cancelled = new LoopFuture<String>(loop);
                        cancelled.cancel(true);
                        return Gen.await(cancelled);
                      }));
    }
  }

  @Test
  void runSyncIsRefusedOnALoop() throws Exception {
    try (var running = new RunningLoop();
        var other = new IOLoop()) {
      running.run(
          () ->
              assertThatIllegalStateException()
                  .isThrownBy(() -> other.runSync(() -> 0))
                  .withMessageContaining("runSync() was called on a loop"));
    }
  }

  @Test
  void anInterruptOfTheCallerEndsRunSync() {
    try (var loop = new IOLoop()) {
      Thread.currentThread().interrupt();
      assertThatExceptionOfType(LoopClosedException.class)
          .isThrownBy(() -> loop.runSync(() -> Gen.await(new LoopFuture<String>(loop))));
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void anInterruptThatMeetsTheEndOfARunDoesNotStopTheNext() throws Exception {
    try (var loop = new IOLoop()) {
      for (int i = 0; i < 300; i++) {
        loop.addCallback(loop::stop);
        Thread.currentThread().interrupt();
        loop.start();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(loop.<Integer>runSync(() -> Gen.await(loop.spawn(() -> 1)))).isEqualTo(1);
      }
    }
  }

  @Test
  void aRunThatCannotBeginIsOver() throws Exception {
    var failure = new OutOfMemoryError("thrown");
    try (var loop = new IOLoop()) {
      assertThatThrownBy(
              () ->
                  loop.run(
                      "run()",
                      () -> {
                        throw failure;
                      }))
          .isSameAs(failure);
      assertThat(loop.isRunning()).isFalse();
      assertThat(loop.<String>runSync(() -> "whole")).isEqualTo("whole");
    }
  }

  @Test
  void runSyncThatSomethingElseStoppedSaysSoAndItsBodyDoesNotStopTheNextRun() throws Exception {
    try (var loop = new IOLoop()) {
      var future = new LoopFuture<String>(loop);
      assertThatExceptionOfType(LoopClosedException.class)
          .isThrownBy(
              () ->
                  loop.runSync(
                      () -> {
                        loop.addCallback(loop::stop);
                        return Gen.await(future);
                      }))
          .withMessageContaining("runSync");
      var later =
          loop.<String>runSync(
              () -> {
                future.complete("too late");
                for (int i = 0; i < 5; i++) {
                  Gen.await(Gen.sleep(Duration.ofMillis(1)));
                }
                return "whole";
              });
      assertThat(later).isEqualTo("whole");
    }
  }

  @Test
  void runSyncOnARunningLoopIsRefusedAndDoesNotRunItsBody() throws Exception {
    try (var running = new RunningLoop()) {
      var ran = new CompletableFuture<Void>();
      assertThatIllegalStateException()
          .isThrownBy(() -> running.loop.runSync(() -> ran.complete(null)));
      running.turns(3);
      assertThat(ran).isNotDone();
      assertThat(running.loop.isRunning()).isTrue();
    }
  }

  @Test
  void theBoundLoopIsCurrentElseTheProcessesOwn() {
    try (var loop = new IOLoop()) {
      assertThat(IOLoop.current()).isSameAs(IOLoop.instance());
      loop.makeCurrent();
      assertThat(IOLoop.current()).isSameAs(loop);
      IOLoop.clearCurrent();
      assertThat(IOLoop.current()).isSameAs(IOLoop.instance());
    }
  }

  @Test
  void aThreadOnALoopIsNotBoundToAnother() throws Exception {
    try (var running = new RunningLoop();
        var other = new IOLoop()) {
      running.run(
          () -> {
            assertThatIllegalStateException().isThrownBy(other::makeCurrent);
            assertThatIllegalStateException().isThrownBy(IOLoop::clearCurrent);
            assertThat(IOLoop.current()).isSameAs(running.loop);
          });
    }
  }
}
