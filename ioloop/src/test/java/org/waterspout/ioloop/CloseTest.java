// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.waterspout.gen.Gen.await;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CloseTest {
  @Test
  void failsEveryAwaitAndReturnsAfterTheFinallyBlocks() throws Exception {
    var failures = new CopyOnWriteArrayList<Throwable>();
    var cleaned = new CountDownLatch(500);
    var threads = new CopyOnWriteArrayList<Thread>();
    try (var running = new RunningLoop()) {
      for (int i = 0; i < 500; i++) {
        running.loop.spawn(
            () -> {
              threads.add(Thread.currentThread());
              try {
                return await(new LoopFuture<Void>(running.loop));
              } catch (Throwable e) {
                failures.add(e);
                throw e;
              } finally {
                cleaned.countDown();
              }
            });
      }
      running.turns(5);
    }
    assertThat(cleaned.getCount()).isZero();
    assertThat(failures).hasSize(500).allMatch(LoopClosedException.class::isInstance);
    for (var thread : threads) {
      assertThat(thread.join(RunningLoop.DEADLINE)).as("nothing stays parked").isTrue();
    }
  }

  @Test
  void anAwaitInAFinallyBlockFailsAtOnce() throws Exception {
    var second = new CompletableFuture<Throwable>();
    try (var running = new RunningLoop()) {
      running.loop.spawn(
          () -> {
            try {
              return await(new LoopFuture<Void>(running.loop));
            } finally {
              try {
                await(new LoopFuture<Void>(running.loop));
              } catch (Throwable e) {
                second.complete(e);
              }
            }
          });
      running.turns(2);
    }
    assertThat(second.getNow(null)).isInstanceOf(LoopClosedException.class);
  }

  @Test
  void aFinallyBlockMayRemoveItsTimeout() throws Exception {
    var removed = new CompletableFuture<Boolean>();
    var timedGet = new CompletableFuture<Throwable>();
    try (var running = new RunningLoop()) {
      running.loop.spawn(
          () -> {
            var timeout = running.loop.callLater(Duration.ofHours(1), () -> {});
            try {
              return await(new LoopFuture<Void>(running.loop));
            } finally {
              running.loop.removeTimeout(timeout);
              removed.complete(true);
            }
          });
      running.loop.spawn(
          () -> {
            try {
              return new LoopFuture<Void>(running.loop).get(1, TimeUnit.HOURS);
            } catch (Throwable e) {
              timedGet.complete(e);
              throw e;
            }
          });
      running.turns(2);
    }
    assertThat(removed.getNow(false)).isTrue();
    assertThat(timedGet.getNow(null)).isInstanceOf(LoopClosedException.class);
  }

  @Test
  void dropsCallbacksTimeoutsAndHandlers() throws Exception {
    var ran = new CopyOnWriteArrayList<String>();
    var pipe = Pipe.open();
    pipe.source().configureBlocking(false);
    var now = new AtomicLong();
    var loop = new IOLoop(now::get);
    loop.runSync(
        () -> {
          loop.callLater(Duration.ofMillis(1), () -> ran.add("timeout"));
          loop.addHandler(pipe.source(), SelectionKey.OP_READ, (channel, ops) -> ran.add("event"));
          return 0;
        });
    now.set(Duration.ofMillis(2).toNanos());
    pipe.sink().write(ByteBuffer.allocate(1));
    loop.addCallback(() -> ran.add("callback"));
    loop.spawn(() -> ran.add("coroutine"));
    loop.close();
    assertThat(ran).isEmpty();
    assertThat(pipe.source().isOpen()).isTrue();
    assertThat(pipe.source().isRegistered()).isFalse();
    pipe.source().close();
    pipe.sink().close();
  }

  @Test
  void closesTheChannelsThatHaveAHandlerIfAskedTo() throws Exception {
    var registered = Pipe.open();
    var removed = Pipe.open();
    var loop = new IOLoop();
    loop.runSync(
        () -> {
          for (var source : List.of(registered.source(), removed.source())) {
            source.configureBlocking(false);
            loop.addHandler(source, SelectionKey.OP_READ, (channel, ops) -> {});
          }
          loop.removeHandler(removed.source());
          return 0;
        });
    loop.close(true);
    assertThat(registered.source().isOpen()).isFalse();
    assertThat(removed.source().isOpen()).isTrue();
    registered.sink().close();
    removed.source().close();
    removed.sink().close();
  }

  /** A log handler may be what throws. */
  @Test
  void aChannelWhoseCloseThrowsKeepsNoOtherOpen() throws Exception {
    var failures =
        List.of(new IOException("checked"), new IllegalStateException("unchecked"), new Error("e"));
    var open = Pipe.open();
    var channels = new ArrayList<Channel>();
    failures.forEach(failure -> channels.add(new Stubborn(failure)));
    channels.add(open.source());
    try (var log = LogCapture.general()) {
      Events.closeEach(channels);
      assertThat(log.thrown()).isEqualTo(failures);
    }
    assertThat(open.source().isOpen()).isFalse();
    channels.set(channels.size() - 1, open.sink());
    try (var log = LogCapture.generalThatThrows(new IllegalStateException("handler"))) {
      assertThatIllegalStateException()
          .isThrownBy(() -> Events.closeEach(channels))
          .withMessage("handler");
      assertThat(log.thrown()).isEqualTo(failures);
    }
    assertThat(open.sink().isOpen()).isFalse();
  }

  private record Stubborn(Throwable failure) implements Channel {
    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() throws IOException {
      switch (failure) {
        case IOException e -> throw e;
        case Error e -> throw e;
        default -> throw (RuntimeException) failure;
      }
    }
  }

  @Test
  void whatIsLeftOnALoopIsFound() throws Exception {
    try (var running = new RunningLoop()) {
      running.assertNothingLeft();
      var timeout = running.call(() -> running.loop.callLater(Duration.ofHours(1), () -> {}));
      var parked = running.loop.spawn(() -> await(new LoopFuture<Void>(running.loop)));
      assertThatExceptionOfType(AssertionError.class)
          .isThrownBy(() -> running.assertNothingLeft(Duration.ofMillis(20)))
          .withMessageContaining("1 timeouts, 1 parked coroutines");
      running.run(() -> running.loop.removeTimeout(timeout));
      parked.cancel(true);
      running.assertNothingLeft();
    }
  }

  @Test
  void closesALoopThatHoldsCoroutinesOfARunBefore() throws Exception {
    var failure = new CompletableFuture<Throwable>();
    var loop = new IOLoop();
    loop.spawn(
        () -> {
          try {
            return await(new LoopFuture<Void>(loop));
          } catch (Throwable e) {
            failure.complete(e);
            throw e;
          }
        });
    loop.runSync(() -> await(loop.spawn(() -> 0)));
    loop.close();
    assertThat(failure.getNow(null)).isInstanceOf(LoopClosedException.class);
  }

  @Test
  void anAwaitThatWasWokenBeforeReturnsItsValue() throws Exception {
    var result = new CompletableFuture<String>();
    var loop = new IOLoop();
    var future = new LoopFuture<String>(loop);
    loop.spawn(() -> result.complete(await(future)));
    loop.runSync(() -> await(loop.spawn(() -> 0)));
    future.complete("value");
    loop.close();
    assertThat(result.getNow("nothing")).isEqualTo("value");
  }

  @Test
  void futuresThatCompleteDuringTheCloseFromOtherThreadsDoNotHurtIt() throws Exception {
    for (int round = 0; round < 50; round++) {
      var futures = new ArrayList<LoopFuture<Integer>>();
      var ended = new CountDownLatch(100);
      try (var running = new RunningLoop()) {
        for (int i = 0; i < 100; i++) {
          var future = new LoopFuture<Integer>(running.loop);
          futures.add(future);
          running.loop.spawn(
              () -> {
                try {
                  return await(future);
                } finally {
                  ended.countDown();
                }
              });
        }
        running.turns(2);
        var all = List.copyOf(futures);
        Thread.ofPlatform().start(() -> all.forEach(future -> future.complete(1)));
      }
      assertThat(ended.getCount()).isZero();
    }
  }

  @Test
  void aSecondCloseAndCallsAfterwardsAreHarmless() throws Exception {
    var running = new RunningLoop();
    running.close();
    running.close();
    running.loop.stop();
    running.loop.addCallback(() -> {});
    assertThat(running.loop.spawn(() -> 0)).isNotDone();
    assertThat(running.loop.isRunning()).isFalse();
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> running.loop.runSync(() -> 0))
        .withMessageContaining("closed");
  }

  @Test
  void twoThreadsMayCloseAtOnceWhileAThirdStops() throws Exception {
    for (int i = 0; i < 50; i++) {
      var running = new RunningLoop();
      var threads =
          List.of(
              Thread.ofPlatform().start(running.loop::close),
              Thread.ofPlatform().start(running.loop::stop),
              Thread.ofPlatform().start(running.loop::close));
      for (var thread : threads) {
        assertThat(thread.join(RunningLoop.DEADLINE)).isTrue();
      }
      running.awaitEnd();
      running.close();
    }
  }

  private record Slow(CountDownLatch entered, CountDownLatch release) implements AutoCloseable {
    @Override
    public void close() throws InterruptedException {
      entered.countDown();
      assertThat(release.await(40, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aSecondCloseReturnsAfterTheFirst() throws Exception {
    var slow = new Slow(new CountDownLatch(1), new CountDownLatch(1));
    var loop = new IOLoop();
    var _ = new LoopLocal<>(it -> slow).get(loop);
    var first = Thread.ofPlatform().start(loop::close);
    assertThat(slow.entered().await(40, TimeUnit.SECONDS)).isTrue();
    var second = Thread.ofPlatform().start(loop::close);
    while (second.getState() != Thread.State.WAITING) {
      assertThat(second.isAlive()).isTrue();
      Thread.onSpinWait();
    }
    slow.release().countDown();
    assertThat(first.join(RunningLoop.DEADLINE)).isTrue();
    assertThat(second.join(RunningLoop.DEADLINE)).isTrue();
  }

  @Test
  void whoClosesItMayCloseItAgainMeanwhile() {
    var loop = new IOLoop();
    var closed = new AtomicBoolean();
    var _ =
        new LoopLocal<AutoCloseable>(
                it ->
                    () -> {
                      it.close();
                      closed.set(true);
                    })
            .get(loop);
    loop.close();
    assertThat(closed).isTrue();
  }

  @Test
  void anInterruptOfTheCloserIsKeptAndDoesNotCutTheCloseShort() throws Exception {
    var cleaned = new AtomicBoolean();
    var running = new RunningLoop();
    running.loop.spawn(
        () -> {
          try {
            return await(new LoopFuture<Void>(running.loop));
          } finally {
            cleaned.set(true);
          }
        });
    running.turns(2);
    Thread.currentThread().interrupt();
    running.loop.close();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(cleaned).isTrue();
    running.close();
  }

  @Test
  void aClosedLoopIsCollected() throws Exception {
    var reference = closedLoop();
    var deadline = System.nanoTime() + RunningLoop.DEADLINE.toNanos();
    while (reference.get() != null && System.nanoTime() < deadline) {
      System.gc();
    }
    assertThat(reference.get()).isNull();
  }

  private static WeakReference<IOLoop> closedLoop() throws Exception {
    var loop = new IOLoop();
    var future = new LoopFuture<Void>(loop);
    loop.spawn(() -> await(future));
    loop.runSync(() -> await(loop.spawn(() -> 0)));
    loop.close();
    return new WeakReference<>(loop);
  }

  @Test
  void threadsThatLedTheLoopEnd() throws Exception {
    var threads = new CopyOnWriteArrayList<Thread>();
    try (var running = new RunningLoop()) {
      for (int i = 0; i < 20; i++) {
        running.run(
            () -> {
              threads.add(Thread.currentThread());
              await(running.loop.spawn(() -> threads.add(Thread.currentThread())));
            });
      }
    }
    for (var thread : threads) {
      assertThat(thread.join(RunningLoop.DEADLINE)).isTrue();
    }
  }
}
