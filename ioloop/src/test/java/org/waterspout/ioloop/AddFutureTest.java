// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.spawn;
import static org.waterspout.ioloop.RunningLoop.get;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** addFuture and spawnCallback. */
class AddFutureTest {
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
    running.close();
  }

  @Test
  void callsBackOnTheLoopInTheCallersContextWhoeverCompletesTheStage() throws Exception {
    var done = CompletableFuture.completedStage("done");
    var byThread = CompletableFuture.supplyAsync(() -> "thread");
    var ours = loop.spawn(() -> "loop");
    try (var other = new RunningLoop()) {
      var ofOther = other.loop.spawn(() -> "other loop");
      for (CompletionStage<String> stage : List.of(done, byThread, ours, ofOther)) {
        var seen = new CompletableFuture<String>();
        running.run(
            () -> {
              var context = loop.context().withErrorRoute(seen::completeExceptionally);
              context.run(
                  () ->
                      loop.addFuture(
                          stage,
                          future -> {
                            assertThat(loop.onLoop()).isTrue();
                            assertThat(loop.context()).isSameAs(context);
                            assertThat(future.loop()).isSameAs(loop);
                            seen.complete(future.resultNow());
                          }));
              assertThat(seen).as("never in the call itself").isNotDone();
            });
        assertThat(get(seen)).isEqualTo(get(stage.toCompletableFuture()));
      }
    }
  }

  @Test
  void theCallbackGetsFailuresAndMayAwait() throws Exception {
    var failure = new IOException("failed");
    var seen = new CompletableFuture<Throwable>();
    running.run(
        () ->
            loop.addFuture(
                CompletableFuture.failedStage(failure),
                future -> {
                  await(spawn(() -> 0));
                  seen.complete(future.exceptionNow());
                }));
    assertThat(get(seen)).isSameAs(failure);
  }

  @Test
  void whatTheCallbackThrowsIsLogged() throws Exception {
    var failure = new IllegalStateException("of the callback");
    try (var log = LogCapture.application()) {
      loop.addFuture(
          LoopFuture.done(loop),
          future -> {
            throw failure;
          });
      running.turns(3);
      assertThat(log.thrown()).containsExactly(failure);
    }
  }

  @Test
  void aSpawnedCallbackMayAwaitAndThrowCheckedExceptions() throws Exception {
    var failure = new IOException("checked");
    var routed = new ArrayList<Throwable>();
    try (var log = LogCapture.application()) {
      loop.spawnCallback(
          () -> {
            await(spawn(() -> 0));
            throw failure;
          });
      running.run(
          () ->
              loop.context()
                  .withErrorRoute(routed::add)
                  .run(
                      () ->
                          loop.spawnCallback(
                              () -> {
                                throw failure;
                              })));
      running.assertNothingLeft();
      assertThat(log.thrown()).containsExactly(failure);
      assertThat(running.call(() -> new ArrayList<>(routed))).containsExactly(failure);
    }
  }

  @Test
  void aCancellationThatACallbackDoesNotCatchIsNotWorthALogEntry() throws Exception {
    try (var log = LogCapture.application()) {
      loop.addCallback(
          () -> {
            throw new CancellationException("wanted");
          });
      running.turns(3);
      assertThat(log.messages()).isEmpty();
    }
  }
}
