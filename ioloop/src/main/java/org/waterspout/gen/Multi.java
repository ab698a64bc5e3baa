// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.gen;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;

/** Waits for all of several stages; what {@link Gen#multi} does. */
final class Multi<T, R> {
  private static final String LATE = "Another stage of multi failed";

  private final LoopFuture<R> result;
  private final List<LoopFuture<? extends T>> futures = new ArrayList<>();
  private final Function<List<LoopFuture<? extends T>>, R> values;
  private final List<Class<? extends Throwable>> quiet;
  private int left; // counted by callbacks, which run one at a time

  private Multi(
      IOLoop loop,
      Function<List<LoopFuture<? extends T>>, R> values,
      List<Class<? extends Throwable>> quiet) {
    result = new LoopFuture<>(loop);
    this.values = values;
    this.quiet = quiet;
  }

  static <T, R> LoopFuture<R> all(
      List<? extends CompletionStage<? extends T>> stages,
      Function<List<LoopFuture<? extends T>>, R> values,
      List<Class<? extends Throwable>> quiet) {
    var multi = new Multi<T, R>(IOLoop.current(), values, quiet);
    multi.await(
        stages.stream()
            .<CompletableFuture<? extends T>>map(CompletionStage::toCompletableFuture)
            .toList());
    return multi.result;
  }

  private void await(List<CompletableFuture<? extends T>> stages) {
    stages.forEach(stage -> futures.add(LoopFuture.copyOf(result.loop(), stage)));
    left = futures.size();
    if (futures.isEmpty()) {
      finish();
    }
    for (var future : futures) {
      var _ =
          future.whenComplete(
              (value, failure) -> {
                if (--left == 0) {
                  finish();
                }
              });
    }
    var _ = result.whenComplete((values, failure) -> letGoOf(stages));
  }

  /** Of those that are not done: the result was cancelled. */
  private void letGoOf(List<CompletableFuture<? extends T>> stages) {
    for (int i = 0; i < stages.size(); i++) {
      var copy = futures.get(i);
      if (copy.cancel(false)) {
        Outcomes.logIfLate(stages.get(i), copy, LATE, quiet);
      }
    }
  }

  @SuppressWarnings("ReferenceEquality") // one failure may come by several stages
  private void finish() {
    Throwable first = null;
    for (var future : futures) {
      var failure = Outcomes.failureOf(future);
      if (failure == null || failure == first) {
        continue;
      }
      if (first == null && result.completeExceptionally(failure)) {
        first = failure;
      } else {
        Outcomes.logUnlessQuiet(LATE, failure, quiet);
      }
    }
    if (!result.isDone()) {
      result.complete(values.apply(futures));
    }
  }
}
