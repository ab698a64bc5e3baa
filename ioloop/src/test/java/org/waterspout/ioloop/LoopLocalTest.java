// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LoopLocalTest {
  private static final List<String> CLOSED = new CopyOnWriteArrayList<>();

  private record Value(IOLoop loop, String name) implements AutoCloseable {
    @Override
    public void close() {
      CLOSED.add(name + loop.onLoop() + loop.isRunning());
      if (name.equals("bad")) {
        throw new AssertionError("cannot close");
      }
    }

    @Override
    public String toString() {
      throw new IllegalStateException("closed");
    }
  }

  private static final LoopLocal<Value> GOOD = new LoopLocal<>(loop -> new Value(loop, "good"));
  private static final LoopLocal<Value> BAD = new LoopLocal<>(loop -> new Value(loop, "bad"));

  @Test
  void everyLoopHasItsOwnWhichStays() throws Exception {
    var many = new ArrayList<LoopLocal<Object>>();
    for (int i = 0; i < 50; i++) {
      many.add(new LoopLocal<>(loop -> new Object()));
    }
    try (var first = new RunningLoop();
        var second = new RunningLoop()) {
      for (var local : many) {
        var value = first.call(() -> local.get(first.loop));
        assertThat(first.call(() -> local.get(first.loop))).isSameAs(value);
        assertThat(second.call(() -> local.get(second.loop))).isNotSameAs(value);
      }
    }
  }

  @Test
  void isMadeOnceHoweverManyThreadsAskAtOnce() throws Exception {
    var made = new AtomicInteger();
    for (int i = 0; i < 50; i++) {
      var loop = new IOLoop();
      made.set(0);
      var locals = List.of(counting(made), counting(made), counting(made));
      var seen = ConcurrentHashMap.newKeySet();
      var threads = new ArrayList<Thread>();
      var together = new CyclicBarrier(4);
      for (int n = 0; n < 4; n++) {
        threads.add(
            Thread.ofPlatform()
                .start(
                    () -> {
                      awaitAll(together);
                      locals.forEach(local -> seen.add(local.get(loop)));
                    }));
      }
      for (var thread : threads) {
        thread.join();
      }
      loop.close();
      assertThat(made).hasValue(3);
      assertThat(seen).containsExactlyInAnyOrder(1, 2, 3);
    }
  }

  private static LoopLocal<Integer> counting(AtomicInteger made) {
    return new LoopLocal<>(loop -> made.incrementAndGet());
  }

  private static void awaitAll(CyclicBarrier together) {
    try {
      together.await();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void closeableValuesAreClosedWithTheLoopAfterItsLastTurnWhateverTheOthersThrow()
      throws Exception {
    CLOSED.clear();
    try (var log = LogCapture.general()) {
      try (var running = new RunningLoop()) {
        running.run(
            () -> {
              BAD.get(running.loop);
              GOOD.get(running.loop);
            });
        running.loop.stop();
        running.awaitEnd();
        assertThat(CLOSED).as("after a mere stop").isEmpty();
      }
      assertThat(CLOSED).containsExactlyInAnyOrder("badfalsefalse", "goodfalsefalse");
      assertThat(log.thrown())
          .singleElement()
          .hasToString("java.lang.AssertionError: cannot close");
      assertThat(log.messages()).singleElement().asString().contains(Value.class.getName());
    }
  }

  @Test
  void aClosedLoopMakesNone() {
    var loop = new IOLoop();
    loop.close();
    assertThatExceptionOfType(LoopClosedException.class).isThrownBy(() -> GOOD.get(loop));
  }
}
