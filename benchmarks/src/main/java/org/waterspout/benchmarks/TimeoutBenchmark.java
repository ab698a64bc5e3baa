// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.random.RandomGenerator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.Timeout;

/** A timeout that is set, and one that is removed before it was due, while 10,000 are pending. */
@State(Scope.Benchmark)
public class TimeoutBenchmark {
  private static final int PENDING = 10_000;
  private static final int REPLACED = 200_000;

  private final IOLoop loop = BenchmarkLoop.openAndStart();
  private final Timeout[] pending = new Timeout[PENDING];
  private final Duration[] delays = new Duration[PENDING]; // between one and two minutes

  /** Sets the first timeouts. */
  public TimeoutBenchmark() {
    var random = RandomGenerator.of("L64X128MixRandom");
    for (int i = 0; i < PENDING; i++) {
      delays[i] = Duration.ofNanos(random.nextLong(60_000_000_000L, 120_000_000_000L));
    }
    loop.addCallback(
        () -> {
          for (int i = 0; i < PENDING; i++) {
            pending[i] = loop.callLater(delays[i], () -> {});
          }
        });
  }

  /** Ends the loop. */
  @TearDown
  public void close() {
    loop.close();
  }

  /** One is removed and another set. */
  @Benchmark
  @OperationsPerInvocation(REPLACED)
  public void replaceAmong10000() throws InterruptedException {
    var ended = new CountDownLatch(1);
    loop.addCallback(
        () -> {
          for (int i = 0; i < REPLACED; i++) {
            int place = i % PENDING;
            loop.removeTimeout(pending[place]);
            pending[place] = loop.callLater(delays[place], () -> {});
          }
          ended.countDown();
        });
    ended.await();
  }
}
