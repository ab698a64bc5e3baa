// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.ioloop.RunningLoop.get;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Awaits below so much recursion that there may be no stack left to park. */
class DeepStackTest {
  private static final int WARM = 2000;

  private RunningLoop running;
  private IOLoop loop;

  @BeforeEach
  void start() throws Exception {
    running = new RunningLoop();
    loop = running.loop;
  }

  @AfterEach
  void close() throws Exception {
    running.assertNothingLeft();
    running.close(); // waits for ever if a coroutine is left parked
  }

  private static int descend(int depth, Runnable leaf) {
    if (depth == 0) {
      leaf.run();
      return 0;
    }
    return 1 + descend(depth - 1, leaf);
  }

  private boolean fits(int depth) throws Exception {
    return running.call(
        () -> {
          try {
            return descend(depth, () -> {}) == depth;
          } catch (StackOverflowError e) {
            return false;
          }
        });
  }

  /** How deep one may descend just so. It grows when the code is compiled. */
  private int limit() throws Exception {
    int fits = 0;
    int tooDeep = 1 << 20;
    while (tooDeep - fits > 1) {
      int middle = (fits + tooDeep) / 2;
      if (fits(middle)) {
        fits = middle;
      } else {
        tooDeep = middle;
      }
    }
    return fits;
  }

  /** Whether the await returned; false if there was not enough stack. The loop must go on. */
  private boolean awaitAt(int depth) throws Exception {
    var ended = new CompletableFuture<Boolean>();
    loop.addCallback(
        () -> {
          var future = new LoopFuture<Void>(loop);
          loop.addCallback(() -> future.complete(null));
          boolean returned;
          try {
            returned = descend(depth, () -> await(future)) == depth;
          } catch (StackOverflowError e) {
            returned = false;
          }
          if (loop.onLoop()) {
            ended.complete(returned);
          } else {
            ended.completeExceptionally(new AssertionError("it goes on without holding the loop"));
          }
        });
    boolean returned = get(ended);
    running.turns(1);
    assertThat(loop.baton().parkedCount()).as("what is parked, depth %s", depth).isZero();
    return returned;
  }

  @Test
  void anAwaitThatFindsTooLittleStackThrowsAndTheLoopGoesOn() throws Exception {
    int limit = limit();
    int returned = 0;
    for (int part = 1; part <= 40; part++) {
      if (awaitAt(limit / 40 * part)) {
        returned++;
      }
    }
    assertThat(returned).isBetween(1, 39);
  }

  @Test
  void soItDoesInCompiledCodeAndJustBeforeTheStackEnds() throws Exception {
    for (int i = 0; i < WARM; i++) {
      awaitAt(10);
    }
    limit();
    int limit = limit();
    int failed = 0;
    for (int depth = limit - 400; depth <= limit + 20; depth++) {
      if (!awaitAt(depth)) {
        failed++;
      }
    }
    assertThat(failed).isPositive();
  }
}
