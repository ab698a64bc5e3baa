// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import static org.waterspout.gen.Gen.await;

import java.util.concurrent.CompletableFuture;

/** The main program of the process of {@link DeepStackTest}. */
final class DeepStacks {
  private final RunningLoop running = new RunningLoop();
  private final IOLoop loop = running.loop;
  private int returned;
  private int threw;

  private DeepStacks() throws Exception {}

  static void main(String[] args) throws Exception {
    var stacks = new DeepStacks();
    stacks.awaitAtManyDepths();
    System.out.println(stacks.returned > 0 ? "some returned" : "none returned");
    System.out.println(stacks.threw > 0 ? "some threw" : "none threw");
    stacks.running.assertNothingLeft();
    stacks.running.close(); // waits for ever if a coroutine is left parked
    System.out.println("CLOSED");
  }

  private void awaitAtManyDepths() throws Exception {
    int limit = limit();
    for (int part = 1; part <= 40; part++) {
      awaitAt(limit / 40 * part);
    }
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

  /** Awaits; if there is not enough stack that throws, and the loop must go on. */
  private void awaitAt(int depth) throws Exception {
    var ended = new CompletableFuture<Boolean>();
    loop.addCallback(
        () -> {
          var future = new LoopFuture<Void>(loop);
          loop.addCallback(() -> future.complete(null));
          boolean returns;
          try {
            returns = descend(depth, () -> await(future)) == depth;
          } catch (StackOverflowError e) {
            returns = false;
          }
          if (loop.onLoop()) {
            ended.complete(returns);
          } else {
            ended.completeExceptionally(new AssertionError("it goes on without holding the loop"));
          }
        });
    if (RunningLoop.get(ended)) {
      returned++;
    } else {
      threw++;
    }
    running.turns(1);
    int parked = loop.baton().parkedCount();
    if (parked != 0) {
      throw new AssertionError(parked + " parked after depth " + depth);
    }
  }
}
