// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks;

import static org.waterspout.gen.Gen.await;

import java.util.concurrent.CountDownLatch;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;

/**
 * Prints how many bytes of heap a suspended coroutine takes: its stack, its thread, its future and
 * the one that it awaits. It awaits three calls below its body.
 */
final class SuspendedCoroutines {
  private static final int COUNT = 100_000;

  private final IOLoop loop = BenchmarkLoop.openAndStart();
  private final CountDownLatch started = new CountDownLatch(COUNT);

  private SuspendedCoroutines() {}

  static void main() throws InterruptedException {
    new SuspendedCoroutines().measure();
  }

  private void measure() throws InterruptedException {
    long before = Heap.used();
    for (int i = 0; i < COUNT; i++) {
      var _ = loop.spawn(this::first);
    }
    started.await();
    awaitTurn(); // which begins only after the last one is parked
    System.out.println((Heap.used() - before) / COUNT);
    loop.close(); // ends them all
  }

  private void awaitTurn() throws InterruptedException {
    var turn = new CountDownLatch(1);
    loop.addCallback(turn::countDown);
    turn.await();
  }

  private String first() {
    return second() + "first";
  }

  private String second() {
    return third() + "second";
  }

  private String third() {
    started.countDown();
    return await(new LoopFuture<String>(loop));
  }
}
