// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.sleep;
import static org.waterspout.gen.Gen.spawn;
import static org.waterspout.ioloop.RunningLoop.get;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Trouble in and around an await, in every kind of callback. */
class FaultTest {
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();
  private RunningLoop running;
  private IOLoop loop;
  private Pipe pipe;

  /** From where the loop may call. */
  enum Source {
    CALLBACK,
    SPAWNED_CALLBACK,
    COROUTINE,
    TIMEOUT,
    PERIODIC,
    HANDLER,
    DEPENDENT,
    ADDED_FUTURE;

    /** What is thrown there goes into a future, to those who look there. */
    boolean hasFuture() {
      return this == COROUTINE || this == DEPENDENT;
    }
  }

  @BeforeEach
  void start() throws Exception {
    running = new RunningLoop();
    loop = running.loop;
    pipe = Pipe.open();
    pipe.source().configureBlocking(false);
  }

  @AfterEach
  void close() throws Exception {
    running.close();
    pipe.source().close();
    pipe.sink().close();
  }

  /** Has the loop call the body from there, once if it is not PERIODIC or HANDLER. */
  private PeriodicCallback arrange(Source source, Runnable body) throws Exception {
    var periodic = new PeriodicCallback(body, Duration.ofMillis(1));
    var _ = running.call(() -> arrange(source, body, periodic));
    return periodic;
  }

  private Object arrange(Source source, Runnable body, PeriodicCallback periodic)
      throws IOException {
    switch (source) {
      case CALLBACK -> loop.addCallback(body);
      case SPAWNED_CALLBACK -> loop.spawnCallback(() -> call(body));
      case COROUTINE -> {
        return loop.spawn(() -> call(body));
      }
      case TIMEOUT -> loop.callLater(Duration.ofNanos(1), body);
      case PERIODIC -> periodic.start();
      case HANDLER -> {
        loop.addHandler(pipe.source(), SelectionKey.OP_READ, (channel, ops) -> body.run());
        send();
      }
      case DEPENDENT -> {
        return LoopFuture.done(loop).thenRun(body);
      }
      case ADDED_FUTURE -> loop.addFuture(CompletableFuture.runAsync(() -> {}), _ -> body.run());
    }
    return source;
  }

  private static int call(Runnable body) {
    body.run();
    return 0;
  }

  private void send() throws IOException {
    pipe.sink().write(ByteBuffer.allocate(1));
  }

  private void endHandler() throws Exception {
    running.run(() -> loop.removeHandler(pipe.source()));
  }

  @ParameterizedTest
  @EnumSource
  void oneCallIsParkedWhileInputTimeoutsAndCallbacksArriveAndGoesOnAfterwards(Source source)
      throws Exception {
    var parked = new CompletableFuture<Void>();
    var future = new LoopFuture<Void>(loop);
    var others = new AtomicInteger();
    var periodic =
        arrange(
            source,
            () -> {
              calls.incrementAndGet();
              parked.complete(null);
              await(future);
              assertThat(loop.onLoop()).isTrue();
              ended.incrementAndGet();
            });
    get(parked);
    for (int i = 0; i < 20; i++) {
      send();
      running.run(
          () -> {
            loop.callLater(Duration.ofNanos(100), others::incrementAndGet);
            loop.addCallback(others::incrementAndGet);
            await(sleep(Duration.ofMillis(1)));
          });
    }
    assertThat(others).hasValue(40);
    assertThat(calls).hasValue(1);
    periodic.stop();
    endHandler();
    future.complete(null);
    running.assertNothingLeft();
    assertThat(ended).hasValue(1);
  }

  @ParameterizedTest
  @EnumSource
  void theChannelIsClosedByAnotherThreadWhileTheCallIsParked(Source source) throws Exception {
    var parked = new CompletableFuture<Void>();
    var future = new LoopFuture<Void>(loop);
    var periodic =
        arrange(
            source,
            () -> {
              parked.complete(null);
              await(future);
              ended.incrementAndGet();
            });
    get(parked);
    pipe.source().close();
    running.turns(3);
    periodic.stop();
    future.complete(null);
    running.assertNothingLeft();
    assertThat(ended).hasValue(1);
  }

  @ParameterizedTest
  @EnumSource
  void whateverACallThrowsBeforeOrAfterAnAwaitTheLoopGoesOn(Source source) throws Exception {
    var failures =
        List.of(
            new IllegalStateException("unchecked"),
            new IOException("checked"),
            new AssertionError("error"),
            new StackOverflowError("thrown"));
    try (var log = LogCapture.application()) {
      for (var failure : failures) {
        for (boolean after : new boolean[] {false, true}) {
          calls.set(0);
          var thrown = new CompletableFuture<PeriodicCallback>();
          var entered = new CompletableFuture<Void>();
          thrown.complete(
              arrange(
                  source,
                  () -> {
                    if (calls.incrementAndGet() == 1) {
                      entered.complete(null);
                      if (after) {
                        await(spawn(() -> 0));
                      }
                      FaultTest.<RuntimeException>sneak(failure);
                    }
                  }));
          get(entered);
          thrown.join().stop();
          endHandler();
          running.assertNothingLeft();
        }
      }
      var twiceEach = failures.stream().flatMap(failure -> List.of(failure, failure).stream());
      assertThat(log.thrown())
          .containsExactlyElementsOf(source.hasFuture() ? List.of() : twiceEach.toList());
    }
  }

  @ParameterizedTest
  @EnumSource
  void anExhaustedStackBeforeOrAfterAnAwaitIsSurvived(Source source) throws Exception {
    try (var log = LogCapture.application()) {
      var entered = new CompletableFuture<Void>();
      var periodic =
          arrange(
              source,
              () -> {
                if (calls.incrementAndGet() == 1) {
                  entered.complete(null);
                  await(spawn(() -> 0));
                  descend(0);
                }
              });
      get(entered);
      periodic.stop();
      endHandler();
      running.assertNothingLeft();
      assertThat(log.thrown()).hasSize(source.hasFuture() ? 0 : 1);
      assertThat(log.thrown()).hasOnlyElementsOfType(StackOverflowError.class);
    }
  }

  @SuppressWarnings("InfiniteRecursion") // wanted
  private static int descend(int depth) {
    return 1 + descend(depth + 1);
  }

  @ParameterizedTest
  @EnumSource
  void interruptsOfItsThreadDoNotEndAnAwaitNorReachOthers(Source source) throws Exception {
    var thread = new CompletableFuture<Thread>();
    var future = new LoopFuture<String>(loop);
    var result = new CompletableFuture<String>();
    var periodic =
        arrange(
            source,
            () -> {
              if (thread.complete(Thread.currentThread())) {
                result.complete(await(future) + Thread.currentThread().isInterrupted());
              }
            });
    get(thread).interrupt();
    running.turns(3);
    periodic.stop();
    endHandler();
    future.complete("kept: ");
    var after = running.start(() -> Thread.currentThread().isInterrupted());
    assertThat(get(result)).isEqualTo("kept: true");
    assertThat(get(after)).isFalse();
    running.assertNothingLeft();
  }

  @Test
  void anInterruptThatACallbackLeavesDoesNotReachTheNextOfTheTurn() throws Exception {
    running.run(
        () -> {
          var next = new LoopFuture<Boolean>(loop);
          loop.addCallback(() -> Thread.currentThread().interrupt());
          loop.addCallback(() -> next.complete(Thread.currentThread().isInterrupted()));
          assertThat(await(next)).isFalse();
        });
  }

  @ParameterizedTest
  @EnumSource
  void theCloseOfTheLoopEndsAParkedCallAndNoOtherComes(Source source) throws Exception {
    var parked = new CompletableFuture<Void>();
    var failure = new CompletableFuture<Throwable>();
    try (var log = LogCapture.application()) {
      arrange(
          source,
          () -> {
            calls.incrementAndGet();
            parked.complete(null);
            try {
              await(new LoopFuture<Void>(loop));
            } catch (RuntimeException e) {
              failure.complete(e);
            }
          });
      get(parked);
      send();
      loop.addCallback(() -> {});
      loop.close(true);
      assertThat(failure.getNow(null)).isInstanceOf(LoopClosedException.class);
      assertThat(calls).hasValue(1);
      assertThat(log.messages()).isEmpty();
      assertThat(pipe.source().isOpen()).isEqualTo(source != Source.HANDLER);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aLogHandlerThatThrowsEndsNoLoop(Source source) throws Exception {
    var failure = new IllegalStateException("handler");
    var lastResort = new CopyOnWriteArrayList<Throwable>();
    Thread.setDefaultUncaughtExceptionHandler((thread, e) -> lastResort.add(e));
    try (var log = LogCapture.applicationThatThrows(failure)) {
      var entered = new CompletableFuture<Void>();
      var periodic =
          arrange(
              source,
              () -> {
                if (entered.complete(null)) {
                  await(spawn(() -> 0));
                  throw new IllegalStateException("callback");
                }
              });
      get(entered);
      periodic.stop();
      endHandler();
      running.assertNothingLeft();
      assertThat(log.thrown()).hasSize(source.hasFuture() ? 0 : 1);
      assertThat(lastResort).isEqualTo(source.hasFuture() ? List.of() : List.of(failure));
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(null);
    }
  }

  @Test
  void manyTroublesAtOnceLeaveNothing() throws Exception {
    for (int seed = 0; seed < 20; seed++) {
      try (var log = LogCapture.application()) {
        var storm = new Storm(seed);
        storm.run();
        storm.end();
        running.assertNothingLeft();
        assertThat(ended.get()).as("seed " + seed).isEqualTo(calls.get());
        assertThat(log.thrown()).allMatch(Storm::isExpected);
      }
    }
  }

  @Test
  void theCloseOfTheLoopAmongManyTroublesEndsAllThatBegan() throws Exception {
    for (int seed = 0; seed < 20; seed++) {
      try (var log = LogCapture.application()) {
        var storm = new Storm(seed);
        storm.run();
        running.close();
        assertThat(ended.get()).as("seed " + seed).isEqualTo(calls.get());
        assertThat(log.thrown()).allMatch(Storm::isExpected);
        storm.closePipes();
      }
      start();
    }
  }

  /** Random calls that await, throw and are interrupted, and threads that interfere. */
  private final class Storm {
    private final Random random;
    private final List<LoopFuture<Void>> futures = new CopyOnWriteArrayList<>();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final List<Pipe> pipes = new CopyOnWriteArrayList<>();
    private final List<PeriodicCallback> periodics = new CopyOnWriteArrayList<>();
    private final List<LoopFuture<Integer>> coroutines = new CopyOnWriteArrayList<>();
    private final AtomicInteger expected = new AtomicInteger(); // calls that are sure to come

    Storm(int seed) {
      random = new Random(seed);
    }

    static boolean isExpected(Throwable thrown) {
      return String.valueOf(thrown.getMessage()).contains("storm")
          || thrown instanceof ClosedChannelException
          || thrown instanceof LoopClosedException;
    }

    void run() throws Exception {
      for (int i = 0; i < 60; i++) {
        var what = Source.values()[random.nextInt(Source.values().length)];
        var seed = random.nextInt();
        running.run(() -> begin(what, seed));
        interfere();
      }
    }

    private void begin(Source source, int seed) throws IOException {
      Runnable body = () -> body(new Random(seed));
      switch (source) {
        case PERIODIC -> {
          var periodic = new PeriodicCallback(body, Duration.ofNanos(200_000), 0.5);
          periodics.add(periodic);
          periodic.start();
        }
        case HANDLER -> {
          var channels = Pipe.open();
          pipes.add(channels);
          channels.source().configureBlocking(false);
          loop.addHandler(
              channels.source(),
              SelectionKey.OP_READ,
              (channel, ops) -> {
                channels.source().read(ByteBuffer.allocate(10));
                body.run();
              });
        }
        case COROUTINE -> coroutines.add(loop.spawn(() -> call(body)));
        default -> {
          expected.incrementAndGet();
          arrange(source, () -> bodyAsExpected(body), null);
        }
      }
    }

    private void bodyAsExpected(Runnable body) {
      expected.decrementAndGet();
      body.run();
    }

    private void body(Random chance) {
      calls.incrementAndGet();
      threads.add(Thread.currentThread());
      try {
        var future = new LoopFuture<Void>(loop);
        futures.add(future);
        switch (chance.nextInt(5)) {
          case 0 -> await(future);
          case 1 -> await(spawn(() -> await(future)));
          case 2 -> await(sleep(Duration.ofNanos(chance.nextInt(300_000))));
          case 3 -> await(CompletableFuture.runAsync(() -> {}));
          default -> throw new IllegalStateException("storm");
        }
        if (chance.nextBoolean()) {
          FaultTest.<RuntimeException>sneak(new IOException("storm"));
        }
      } finally {
        ended.incrementAndGet();
      }
    }

    private void interfere() throws IOException {
      switch (random.nextInt(6)) {
        case 0 -> some(futures, future -> future.complete(null));
        case 1 -> some(futures, future -> future.completeExceptionally(new IOException("storm")));
        case 2 -> some(threads, Thread::interrupt);
        case 3 -> some(coroutines, coroutine -> coroutine.cancel(true));
        case 4 -> some(pipes, this::sendIfOpen);
        default -> some(pipes, channels -> channels.source().close());
      }
    }

    private void sendIfOpen(Pipe channels) throws IOException {
      if (channels.source().isOpen()) {
        channels.sink().write(ByteBuffer.allocate(1));
      }
    }

    private <T> void some(List<T> all, Interference<T> interference) throws IOException {
      for (int i = 0; i < 3 && !all.isEmpty(); i++) {
        interference.on(all.get(random.nextInt(all.size())));
      }
    }

    /** Lets all that still waits go on, until nothing comes any more. */
    void end() throws Exception {
      periodics.forEach(PeriodicCallback::stop);
      closePipes();
      var deadline = System.nanoTime() + RunningLoop.DEADLINE.toNanos();
      for (int i = 0; i < 3 || (!isOver() && System.nanoTime() < deadline); i++) {
        running.turns(5);
        futures.forEach(future -> future.complete(null));
      }
    }

    private boolean isOver() {
      return expected.get() == 0 && ended.get() == calls.get();
    }

    void closePipes() throws IOException {
      for (var channels : pipes) {
        channels.source().close();
        channels.sink().close();
      }
    }
  }

  private interface Interference<T> {
    void on(T subject) throws IOException;
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // as other languages throw
  private static <E extends Throwable> void sneak(Throwable failure) throws E {
    throw (E) failure;
  }
}
