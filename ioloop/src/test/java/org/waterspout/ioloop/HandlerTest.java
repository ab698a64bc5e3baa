// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.ioloop.RunningLoop.get;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HandlerTest {
  private RunningLoop running;
  private IOLoop loop;
  private Pipe pipe;
  private final AtomicInteger calls = new AtomicInteger();

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

  private void send(int count) throws IOException {
    pipe.sink().write(ByteBuffer.allocate(count));
  }

  private int receive() throws IOException {
    return pipe.source().read(ByteBuffer.allocate(100));
  }

  private void add(IOHandler handler) throws Exception {
    running.run(() -> loop.addHandler(pipe.source(), SelectionKey.OP_READ, handler));
  }

  @Test
  void isCalledAsLongAsTheChannelIsReady() throws Exception {
    var bytes = new ArrayList<Byte>();
    var four = new CompletableFuture<Void>();
    add(
        (channel, ops) -> {
          assertThat(channel).isSameAs(pipe.source());
          assertThat(ops).isEqualTo(SelectionKey.OP_READ);
          var one = ByteBuffer.allocate(1);
          if (pipe.source().read(one) == 1) {
            bytes.add(one.get(0));
          }
          if (bytes.size() == 4) {
            four.complete(null);
          }
        });
    pipe.sink().write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
    pipe.sink().write(ByteBuffer.wrap(new byte[] {4}));
    get(four);
    assertThat(bytes).containsExactly((byte) 1, (byte) 2, (byte) 3, (byte) 4);
  }

  @Test
  void isNotCalledWhileItsCallIsParkedAndGetsTheEventAfterwards() throws Exception {
    var entered = new CompletableFuture<Void>();
    var second = new CompletableFuture<Integer>();
    var future = new LoopFuture<Void>(loop);
    add(
        (channel, ops) -> {
          if (calls.incrementAndGet() == 1) {
            receive();
            entered.complete(null);
            await(future);
          } else {
            second.complete(receive());
          }
        });
    send(1);
    get(entered);
    send(5);
    running.turns(20);
    assertThat(calls).hasValue(1);
    var key = running.call(() -> keyOf(pipe));
    assertThat(key.interestOps()).as("a loop with a parked handler can sleep").isZero();
    future.complete(null);
    assertThat(get(second)).isEqualTo(5);
    assertThat(key.interestOps()).isEqualTo(SelectionKey.OP_READ);
  }

  private SelectionKey keyOf(Pipe pipe) throws ReflectiveOperationException {
    var selector = (Selector) field(Events.class, "selector").get(loop.turns().events());
    return pipe.source().keyFor(selector);
  }

  private static Field field(Class<?> type, String name) throws NoSuchFieldException {
    var field = type.getDeclaredField(name);
    field.setAccessible(true);
    return field;
  }

  @Test
  void aChangeOfInterestDuringTheParkedCallHoldsAfterIt() throws Exception {
    var entered = new CompletableFuture<Void>();
    var future = new LoopFuture<Void>(loop);
    add(
        (channel, ops) -> {
          calls.incrementAndGet();
          entered.complete(null);
          await(future);
        });
    send(1);
    get(entered);
    running.run(() -> loop.updateHandler(pipe.source(), 0));
    future.complete(null);
    running.turns(10);
    assertThat(calls).hasValue(1);
    running.run(() -> loop.updateHandler(pipe.source(), SelectionKey.OP_READ));
    running.until(() -> calls.get() > 1);
  }

  @Test
  void isNotCalledAfterItsRemovalDuringTheParkedCall() throws Exception {
    var entered = new CompletableFuture<Void>();
    var future = new LoopFuture<Void>(loop);
    add(
        (channel, ops) -> {
          calls.incrementAndGet();
          entered.complete(null);
          await(future);
        });
    send(1);
    get(entered);
    running.run(() -> loop.removeHandler(pipe.source()));
    future.complete(null);
    running.turns(10);
    assertThat(calls).hasValue(1);
  }

  @Test
  void anotherMayTakeTheChannelInTheTurnOfTheRemoval() throws Exception {
    var replaced = new CompletableFuture<Integer>();
    add((channel, ops) -> calls.incrementAndGet());
    running.run(
        () -> {
          send(3); // ready, but not yet seen
          loop.removeHandler(pipe.source());
          loop.addHandler(
              pipe.source(), SelectionKey.OP_READ, (channel, ops) -> replaced.complete(receive()));
        });
    assertThat(get(replaced)).isEqualTo(3);
    assertThat(calls).hasValue(0);
  }

  @Test
  void isNotCalledForAnEventThatWasSeenBeforeTheRemoval() throws Exception {
    var other = Pipe.open();
    other.source().configureBlocking(false);
    IOHandler removesTheOther =
        (channel, ops) -> {
          calls.incrementAndGet();
          loop.removeHandler(pipe.source());
          loop.removeHandler(other.source());
        };
    running.run(
        () -> {
          loop.addHandler(pipe.source(), SelectionKey.OP_READ, removesTheOther);
          loop.addHandler(other.source(), SelectionKey.OP_READ, removesTheOther);
          send(1);
          other.sink().write(ByteBuffer.allocate(1));
        });
    running.until(() -> calls.get() > 0);
    running.turns(5);
    assertThat(calls).hasValue(1);
    other.source().close();
    other.sink().close();
  }

  @Test
  void aSecondOneForTheChannelIsRefused() throws Exception {
    add((channel, ops) -> {});
    running.run(
        () ->
            assertThatIllegalStateException()
                .isThrownBy(
                    () ->
                        loop.addHandler(pipe.source(), SelectionKey.OP_READ, (channel, ops) -> {}))
                .withMessageContaining("already has a handler"));
  }

  @Test
  void changesOfAChannelWithoutOneAreRefusedAndItsRemovalDoesNothing() throws Exception {
    running.run(
        () -> {
          assertThatIllegalStateException().isThrownBy(() -> loop.updateHandler(pipe.source(), 0));
          loop.removeHandler(pipe.source());
        });
  }

  @Test
  void whatItThrowsIsLoggedAndItIsCalledAgain() throws Exception {
    var again = new CompletableFuture<Void>();
    var failure = new IOException("checked");
    try (var log = LogCapture.application()) {
      add(
          (channel, ops) -> {
            if (calls.incrementAndGet() == 1) {
              throw failure;
            }
            receive();
            again.complete(null);
          });
      send(1);
      get(again);
      assertThat(log.thrown()).containsExactly(failure);
    }
  }

  @Test
  void isCalledThoughCallbacksAreAlwaysReady() throws Exception {
    long frozen = System.nanoTime();
    try (var busy = new RunningLoop(() -> frozen)) {
      var called = new CompletableFuture<Integer>();
      busy.run(
          () -> {
            busy.loop.addHandler(
                pipe.source(), SelectionKey.OP_READ, (channel, ops) -> called.complete(receive()));
            new Runnable() {
              @Override
              public void run() {
                if (!called.isDone()) {
                  busy.loop.addCallback(this);
                }
              }
            }.run();
          });
      send(2);
      assertThat(get(called)).isEqualTo(2);
    }
  }

  @Test
  void channelsThatOtherThreadsCloseDoNotHurtTheLoop() throws Exception {
    try (var log = LogCapture.application()) {
      for (int i = 0; i < 1000; i++) {
        var brief = Pipe.open();
        brief.source().configureBlocking(false);
        running.run(
            () ->
                loop.addHandler(
                    brief.source(),
                    SelectionKey.OP_READ,
                    (channel, ops) -> calls.incrementAndGet()));
        brief.sink().write(ByteBuffer.allocate(1));
        brief.source().close();
        brief.sink().close();
      }
      running.turns(2);
      assertThat(running.loop.isRunning()).isTrue();
      assertThat(log.thrown()).isEmpty();
    }
  }
}
