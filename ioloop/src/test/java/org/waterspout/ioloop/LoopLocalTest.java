// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
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
