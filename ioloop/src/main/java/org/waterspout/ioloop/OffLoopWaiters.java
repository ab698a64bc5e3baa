// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;

/** Threads that are not on the loop and block until something on it is done. */
final class OffLoopWaiters {
  private final Set<CompletableFuture<Boolean>> waiting = ConcurrentHashMap.newKeySet();

  /**
   * Blocks the calling thread until the stage is complete.
   *
   * @throws IllegalStateException if the loop does not run, since nobody would complete it
   * @throws LoopClosedException if the loop is closed meanwhile
   */
  @SuppressWarnings("CollectionUndefinedEquality") // identity is what is meant
  void block(CompletionStage<?> stage, IOLoop loop) throws InterruptedException {
    if (!loop.isRunning()) {
      throw new IllegalStateException(
          "await() off the loop, and no loop is running: use IOLoop.current().runSync(() -> ...)");
    }
    var done = new CompletableFuture<Boolean>();
    waiting.add(done);
    try {
      if (loop.isClosed()) { // looked at after the entry: a close either sees it or is seen
        throw new LoopClosedException(loop + " was closed");
      }
      LoopFuture.observe(stage, (value, failure) -> done.complete(true));
      done.get();
    } catch (ExecutionException e) {
      throw Failures.ofAwait(done);
    } finally {
      waiting.remove(done);
    }
  }

  void failAll(LoopClosedException reason) {
    List.copyOf(waiting).forEach(done -> done.completeExceptionally(reason));
  }
}
