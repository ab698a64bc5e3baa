// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/**
 * Those who are not on the loop and wait until something on it is done: threads that block, and
 * coroutines of other loops. A close of the loop ends their waits. From any thread.
 */
@SuppressWarnings("CollectionUndefinedEquality") // identity is what is meant
final class OffLoopWaiters {
  private final IOLoop loop;
  private final Set<Consumer<LoopClosedException>> waiting = ConcurrentHashMap.newKeySet();

  OffLoopWaiters(IOLoop loop) {
    this.loop = loop;
  }

  /**
   * Blocks the calling thread until the stage is complete.
   *
   * @throws IllegalStateException if the loop does not run, since nobody would complete it
   * @throws LoopClosedException if the loop is closed meanwhile
   */
  void block(CompletionStage<?> stage) throws InterruptedException {
    if (!loop.isRunning()) {
      throw new IllegalStateException(
          "await() off the loop, and no loop is running: use IOLoop.current().runSync(() -> ...)");
    }
    var done = new CompletableFuture<Boolean>();
    Consumer<LoopClosedException> onClose = done::completeExceptionally;
    try {
      add(onClose);
      LoopFuture.observe(stage, (value, failure) -> done.complete(true));
      done.get();
    } catch (ExecutionException e) {
      throw Failures.ofAwait(done);
    } finally {
      remove(onClose);
    }
  }

  /**
   * Enters what ends a wait when the loop is closed.
   *
   * @throws LoopClosedException if it is closed already
   */
  void add(Consumer<LoopClosedException> onClose) {
    waiting.add(onClose);
    if (loop.isClosed()) { // looked at after the entry: a close either sees it or is seen
      waiting.remove(onClose);
      throw new LoopClosedException(loop + " was closed");
    }
  }

  void remove(Consumer<LoopClosedException> onClose) {
    waiting.remove(onClose);
  }

  int count() {
    return waiting.size();
  }

  void failAll(LoopClosedException reason) {
    List.copyOf(waiting).forEach(onClose -> onClose.accept(reason));
  }
}
