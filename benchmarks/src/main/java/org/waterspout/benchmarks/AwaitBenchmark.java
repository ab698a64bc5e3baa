// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks;

import static org.waterspout.gen.Gen.await;

import java.util.concurrent.CountDownLatch;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;

/** An await that suspends, until a callback of the loop completes what it waits for. */
@State(Scope.Benchmark)
public class AwaitBenchmark {
  private static final int AWAITS = 50_000;

  private final IOLoop loop = BenchmarkLoop.openAndStart();

  /** How many coroutines wait at a time. */
  @Param({"1", "1000"})
  public int coroutines;

  /** Ends the loop. */
  @TearDown
  public void close() {
    loop.close();
  }

  /** From the call of await to its return. */
  @Benchmark
  @OperationsPerInvocation(AWAITS)
  public void roundTrip() throws InterruptedException {
    var ended = new CountDownLatch(coroutines);
    int each = AWAITS / coroutines;
    for (int i = 0; i < coroutines; i++) {
      var _ =
          loop.spawn(
              () -> {
                for (int left = each; left > 0; left--) {
                  var later = new LoopFuture<Void>(loop);
                  loop.addCallback(() -> later.complete(null));
                  await(later);
                }
                ended.countDown();
                return null;
              });
    }
    ended.await();
  }
}
