// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future.State;
import java.util.function.Supplier;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopClosedException;
import org.waterspout.ioloop.LoopFuture;

/**
 * A call that has to be made on the loop, for a thread that is not there and waits for what the
 * call begins. Made once; failed by any thread.
 */
final class LoopCall<T> {
  private final IOLoop loop;
  private final LoopFuture<T> done;

  LoopCall(IOLoop loop) {
    this.loop = loop;
    this.done = new LoopFuture<>(loop);
  }

  /**
   * Has the call made, and waits.
   *
   * @throws ClientGoneException if the loop has ended or does not run: nothing can be written any
   *     more
   * @throws InterruptedIOException if the waiting is interrupted; the call is made all the same
   * @throws ExecutionException with what the call has thrown or what became of what it began
   */
  T make(Supplier<? extends CompletionStage<T>> call) throws IOException, ExecutionException {
    try {
      loop.addCallback(() -> run(call));
      return done.get();
    } catch (LoopClosedException | IllegalStateException e) {
      throw new ClientGoneException();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for the loop");
    }
  }

  private void run(Supplier<? extends CompletionStage<T>> call) {
    try {
      CompletionStage<T> begun = call.get();
      if (begun instanceof CompletableFuture<T> future && future.state() == State.SUCCESS) {
        done.complete(future.resultNow()); // at once: whoever depends on a future runs a turn later
        return;
      }
      var _ =
          begun.whenComplete(
              (value, failure) -> {
                if (failure == null) {
                  done.complete(value);
                } else {
                  done.completeExceptionally(failure);
                }
              });
    } catch (RuntimeException | Error e) {
      done.completeExceptionally(e);
    }
  }

  /** Ends the waiting: what is waited for will not come. */
  void fail(Throwable reason) {
    done.completeExceptionally(reason);
  }
}
