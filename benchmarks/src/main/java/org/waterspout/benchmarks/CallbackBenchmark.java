// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks;

import java.util.concurrent.CountDownLatch;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.waterspout.ioloop.IOLoop;

/** One callback: added, and run in the next turn. */
@State(Scope.Benchmark)
public class CallbackBenchmark {
  private static final int CALLBACKS = 500_000;
  private static final int QUEUED = 500;

  private final IOLoop loop = BenchmarkLoop.openAndStart();

  /** Ends the loop. */
  @TearDown
  public void close() {
    loop.close();
  }

  /** On the loop, with hundreds of others in the queue: many to a turn. */
  @Benchmark
  @OperationsPerInvocation(CALLBACKS)
  public void amongMany() throws InterruptedException {
    repeatOnLoop(QUEUED);
  }

  /** On the loop, alone in the queue: a turn for each. */
  @Benchmark
  @OperationsPerInvocation(CALLBACKS)
  public void alone() throws InterruptedException {
    repeatOnLoop(1);
  }

  private void repeatOnLoop(int queued) throws InterruptedException {
    var repeater = new Repeater(loop);
    loop.addCallback(
        () -> {
          for (int i = 0; i < queued; i++) {
            loop.addCallback(repeater);
          }
        });
    repeater.ended.await();
  }

  /** From another thread, while the loop takes them. */
  @Benchmark
  @OperationsPerInvocation(CALLBACKS)
  public void fromOutside() throws InterruptedException {
    var ended = new CountDownLatch(1);
    Runnable nothing = () -> {};
    for (int i = 1; i < CALLBACKS; i++) {
      loop.addCallback(nothing);
    }
    loop.addCallback(ended::countDown);
    ended.await();
  }

  /** Adds itself again as long as callbacks are left. */
  private static final class Repeater implements Runnable {
    final CountDownLatch ended = new CountDownLatch(1);
    private final IOLoop loop;
    private int left = CALLBACKS;

    Repeater(IOLoop loop) {
      this.loop = loop;
    }

    @Override
    public void run() {
      if (--left > 0) {
        loop.addCallback(this);
      } else {
        ended.countDown();
      }
    }
  }
}
