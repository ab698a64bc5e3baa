// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.waterspout.ioloop.RunningLoop.get;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.gen.Gen;

class CarrierTest {
  private static final String WANTED = System.getProperty("waterspout.test.carrier");

  @Test
  void theRunHasTheCarrierThatTheBuildAskedFor() throws Exception {
    try (var running = new RunningLoop()) {
      assertThat(WANTED).isIn("custom", "default");
      assertThat(running.loop.customCarrier()).isEqualTo(WANTED.equals("custom"));
      var thread = running.call(Thread::currentThread);
      assertThat(thread.isVirtual()).isTrue();
      assertThat(running.call(() -> Thread.currentThread().toString().contains("-carrier")))
          .isEqualTo(WANTED.equals("custom"));
    }
  }

  @Test
  void aLoopThatCannotBeMadeLeavesNoCarrier() throws Exception {
    var before = Thread.getAllStackTraces().keySet();
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                new IOLoop(
                    () -> {
                      throw new IllegalStateException("no clock");
                    }));
    for (var thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().endsWith("-carrier") && !before.contains(thread)) {
        assertThat(thread.join(RunningLoop.DEADLINE)).isTrue();
      }
    }
  }

  @Test
  void threadsAfterAnAwaitRideTheSameCarrier() throws Exception {
    try (var running = new RunningLoop()) {
      var names =
          running.call(
              () -> {
                Gen.await(Gen.sleep(Duration.ofMillis(1)));
                var resumed = Thread.currentThread().toString();
                var fresh = Gen.await(Gen.spawn(() -> Thread.currentThread().toString()));
                return resumed + fresh;
              });
      assertThat(names.split("-carrier", -1)).hasSize(WANTED.equals("custom") ? 3 : 1);
    }
  }

  @Test
  void blockingBodiesDoNotRideTheLoopsCarrier() throws Exception {
    try (var running = new RunningLoop()) {
      var thread =
          running.call(() -> Gen.await(Gen.blocking(() -> Thread.currentThread().toString())));
      assertThat(thread).doesNotContain("-carrier");
    }
  }

  @Test
  void virtualThreadsMadeForBlockingWorkDoNotRideTheLoopsCarrier() throws Exception {
    try (var running = new RunningLoop()) {
      var seen = new CompletableFuture<String>();
      running.run(
          () ->
              VirtualThreads.unstarted(
                      "worker", () -> seen.complete(Thread.currentThread().toString()))
                  .start());
      assertThat(get(seen)).contains("worker").doesNotContain("-carrier");
    }
  }

  @Test
  void aVirtualThreadMadeOnTheLoopOutlivesTheLoop() throws Exception {
    var latch = new CountDownLatch(1);
    var entered = new CountDownLatch(1);
    Thread made;
    String loopName;
    try (var running = new RunningLoop()) {
      loopName = running.call(() -> Thread.currentThread().getName());
      made =
          running.call(
              () ->
                  Thread.ofVirtual()
                      .start(
                          () -> {
                            entered.countDown();
                            awaitUnchecked(latch);
                          }));
      assertThat(entered.await(40, TimeUnit.SECONDS)).isTrue();
    }
    joinThreadNamed(loopName + "-carrier");
    latch.countDown();
    assertThat(made.join(RunningLoop.DEADLINE)).isTrue();
  }

  @Test
  void aVirtualThreadThatNeverRestsLeavesTheLoopItsTurns() throws Exception {
    assumeThat(WANTED.equals("custom") || Runtime.getRuntime().availableProcessors() > 1)
        .as("the JVM's only carrier would be left to the one that yields")
        .isTrue();
    try (var running = new RunningLoop()) {
      var timeoutRan = new AtomicBoolean();
      var end = System.nanoTime() + RunningLoop.DEADLINE.toNanos();
      var sawIt = new CompletableFuture<Boolean>();
      running.run(
          () -> {
            running.loop.callLater(Duration.ofMillis(20), () -> timeoutRan.set(true));
            Thread.ofVirtual()
                .start(
                    () -> {
                      while (!timeoutRan.get() && System.nanoTime() < end) {
                        Thread.yield();
                      }
                      sawIt.complete(timeoutRan.get());
                    });
          });
      assertThat(sawIt.get(80, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void theCarrierEndsWithTheLoop() throws Exception {
    String name;
    try (var running = new RunningLoop()) {
      name = running.call(() -> Thread.currentThread().getName()) + "-carrier";
      assertThat(threadNamed(name) != null).isEqualTo(WANTED.equals("custom"));
    }
    joinThreadNamed(name);
    assertThat(threadNamed(name)).isNull();
  }

  @Test
  void aLoopThatIsNotRunningEndsItsCarrierToo() throws Exception {
    var loop = new IOLoop();
    var name = loop.runSync(() -> Thread.currentThread().getName()) + "-carrier";
    loop.close();
    joinThreadNamed(name);
    assertThat(threadNamed(name)).isNull();
  }

  @Test
  void anIdleLoopWaitsOnItsCarrierAndNotOnThreadsOfTheJVM() throws Exception {
    assumeThat(WANTED).isEqualTo("custom");
    try (var running = withChannel()) {
      var name = running.call(() -> Thread.currentThread().getName()) + "-carrier";
      var carrier = threadNamed(name);
      var end = System.nanoTime() + RunningLoop.DEADLINE.toNanos();
      while (!isSelecting(carrier)) {
        assertThat(System.nanoTime()).isLessThan(end);
        Thread.yield();
      }
    }
  }

  private static boolean isSelecting(Thread thread) {
    return Stream.of(thread.getStackTrace())
        .anyMatch(frame -> frame.getMethodName().equals("select"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anIdleLoopStillCarriesTheVirtualThreadsThatWereMadeOnIt(boolean channel) throws Exception {
    try (var running = channel ? withChannel() : new RunningLoop()) {
      var latch = new CountDownLatch(1);
      var waiting = new CountDownLatch(1);
      var made =
          running.call(
              () ->
                  Thread.ofVirtual()
                      .start(
                          () -> {
                            waiting.countDown();
                            awaitUnchecked(latch);
                          }));
      assertThat(waiting.await(40, TimeUnit.SECONDS)).isTrue();
      running.turns(1);
      latch.countDown();
      assertThat(made.join(RunningLoop.DEADLINE)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anIdleLoopOutlivesInterruptsOfItsThread(boolean channel) throws Exception {
    try (var running = channel ? withChannel() : new RunningLoop()) {
      for (int i = 0; i < 100; i++) {
        running.call(Thread::currentThread).interrupt();
      }
      assertThat(running.call(() -> "on")).isEqualTo("on");
    }
  }

  @Test
  void anIdleLoopWithoutChannelsHearsOfItsFirst() throws Exception {
    try (var running = new RunningLoop()) {
      var pipe = Pipe.open();
      var heard = new CompletableFuture<Void>();
      running.call(
          () -> {
            IOLoop.current().callLater(Duration.ofMillis(1), () -> listen(pipe.source(), heard));
            return null;
          });
      pipe.sink().write(ByteBuffer.wrap(new byte[] {1}));
      get(heard);
      pipe.sink().close();
    }
  }

  private static void listen(Pipe.SourceChannel source, CompletableFuture<Void> heard) {
    try {
      source.configureBlocking(false);
      IOLoop.current()
          .addHandler(
              source,
              SelectionKey.OP_READ,
              (channel, _) -> {
                IOLoop.current().removeHandler(channel);
                heard.complete(null);
              });
    } catch (IOException e) {
      heard.completeExceptionally(e);
    }
  }

  /** One that has something to select; by itself it has not. */
  private static RunningLoop withChannel() throws Exception {
    var running = new RunningLoop();
    var pipe = Pipe.open();
    running.call(
        () -> {
          pipe.source().configureBlocking(false);
          IOLoop.current().addHandler(pipe.source(), SelectionKey.OP_READ, (_, _) -> {});
          return null;
        });
    return running;
  }

  private static void joinThreadNamed(String name) throws InterruptedException {
    var thread = threadNamed(name);
    if (thread != null) {
      assertThat(thread.join(RunningLoop.DEADLINE)).isTrue();
    }
  }

  private static Thread threadNamed(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(name))
        .findAny()
        .orElse(null);
  }

  private static void awaitUnchecked(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
