// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.moment;
import static org.waterspout.gen.Gen.sleep;
import static org.waterspout.gen.Gen.spawn;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.waterspout.testing.FakeClock;

class ScopeTest {
  private final List<String> events = new ArrayList<>();
  private final FakeClock clock = new FakeClock();
  private RunningLoop running;
  private IOLoop loop;
  private Scope scope;

  @BeforeEach
  void start() throws Exception {
    running = new RunningLoop(clock);
    loop = running.loop;
    scope = new Scope(loop, () -> "request 7");
  }

  @AfterEach
  void close() throws Exception {
    running.close();
  }

  private void inScope(Runnable task) {
    loop.context().withScope(scope).run(task);
  }

  /** An await without an end, and what becomes of it. */
  private void awaitForEver(String name) {
    try {
      await(new LoopFuture<Void>(loop));
    } catch (CancellationException e) {
      events.add(name + ": " + e.getMessage());
    }
  }

  @Test
  void failsTheAwaitsOfItsContexts() throws Exception {
    running.run(
        () ->
            inScope(
                () -> {
                  loop.addCallback(() -> awaitForEver("first"));
                  loop.callLater(Duration.ZERO, () -> awaitForEver("second"));
                }));
    running.until(() -> loop.baton().parkedCount() == 2);
    running.run(() -> scope.cancel("nobody wants it"));
    running.assertNothingLeft();
    assertThat(events)
        .containsExactlyInAnyOrder("first: nobody wants it", "second: nobody wants it");
  }

  @Test
  void cancelsItsCoroutinesAndTheirOwn() throws Exception {
    running.run(
        () ->
            inScope(
                () ->
                    spawn(
                        () -> {
                          var inner = spawn(() -> await(new LoopFuture<Void>(loop)));
                          try {
                            return await(inner);
                          } finally {
                            await(moment());
                            events.add("inner " + inner.state());
                          }
                        })));
    running.until(() -> loop.baton().parkedCount() == 2);
    running.run(() -> scope.cancel("enough"));
    running.assertNothingLeft();
    assertThat(events).containsExactly("inner CANCELLED");
  }

  @Test
  void failsTheAwaitsOfItsContextsInACoroutineOfAnother() throws Exception {
    var coroutine =
        running.call(
            () ->
                spawn(
                    () -> {
                      inScope(() -> awaitForEver("inside"));
                      return "went on";
                    }));
    running.until(() -> loop.baton().parkedCount() == 1);
    running.run(() -> scope.cancel("only here"));
    assertThat(RunningLoop.get(coroutine)).isEqualTo("went on");
    assertThat(events).containsExactly("inside: only here");
  }

  @Test
  void cancelsACoroutineWhoseFutureWasCompletedFromOutside() throws Exception {
    var coroutine =
        running.call(
            () ->
                List.of(
                    loop.context()
                        .withScope(scope)
                        .spawn(
                            () -> {
                              awaitForEver("body");
                              return "late";
                            })));
    running.until(() -> loop.baton().parkedCount() == 1);
    running.run(
        () -> {
          coroutine.getFirst().complete("early");
          scope.cancel("enough");
        });
    running.assertNothingLeft();
    assertThat(events).containsExactly("body: the coroutine was cancelled");
  }

  @Test
  void forgetsFuturesOfOtherLoopsOnItsOwn() throws Exception {
    try (var other = new RunningLoop()) {
      var futures = new ArrayList<LoopFuture<Integer>>();
      running.run(
          () -> {
            for (int i = 0; i < 1000; i++) {
              var future = new LoopFuture<Integer>(other.loop);
              futures.add(future);
              scope.cancelWith(future);
            }
          });
      var completing = other.start(() -> futures.removeIf(f -> f.complete(1)));
      running.run(
          () -> {
            for (int i = 0; i < 1000; i++) {
              scope.cancelWith(new LoopFuture<>(loop));
            }
          });
      RunningLoop.get(completing);
      other.turns(2);
      running.turns(2);
      assertThat((int) running.call(() -> scope.size())).isEqualTo(1000);
    }
  }

  @Test
  void keepsCoroutinesFromStarting() throws Exception {
    var spawned =
        running.call(
            () -> {
              var context = loop.context().withScope(scope);
              var coroutine = context.spawn(() -> events.add("started"));
              scope.cancel("too late");
              return coroutine;
            });
    running.turns(2);
    assertThat(spawned).isCancelled();
    assertThat(events).isEmpty();
  }

  @Test
  void leavesAloneWhatIsDoneOnNobodysBehalf() throws Exception {
    var other = new Scope(loop, () -> "request 8");
    running.run(
        () -> {
          loop.addCallback(() -> awaitForEver("nobody's"));
          loop.context().withScope(other).run(() -> spawn(() -> await(new LoopFuture<>(loop))));
          inScope(() -> loop.rootContext().spawn(() -> await(new LoopFuture<>(loop))));
        });
    running.until(() -> loop.baton().parkedCount() == 3);
    running.run(() -> scope.cancel("only mine"));
    running.turns(3);
    assertThat((int) running.call(() -> loop.baton().parkedCount())).isEqualTo(3);
  }

  @Test
  void cancelsOnceAndWhatBeginsLaterGoesOn() throws Exception {
    running.run(
        () ->
            inScope(
                () ->
                    loop.addCallback(
                        () -> {
                          awaitForEver("first");
                          await(moment());
                          events.add("tidied up");
                        })));
    running.until(() -> loop.baton().parkedCount() == 1);
    running.run(
        () -> {
          scope.cancel("once");
          scope.cancel("twice");
          assertThat(scope.isCancelled()).isTrue();
          inScope(() -> scope.cancelWith(sleep(Duration.ZERO)));
        });
    running.assertNothingLeft();
    assertThat(events).containsExactly("first: once", "tidied up");
  }

  @Test
  void failsAnAwaitWhoseEndHasComeInTheSameTurn() throws Exception {
    var awaited = new LoopFuture<Void>(loop);
    running.run(
        () ->
            inScope(
                () ->
                    loop.addCallback(
                        () -> {
                          try {
                            await(awaited);
                            events.add("went on");
                          } catch (CancellationException e) {
                            events.add(e.getMessage());
                          }
                        })));
    running.until(() -> loop.baton().parkedCount() == 1);
    running.run(
        () -> {
          awaited.complete(null);
          scope.cancel("just then");
        });
    running.assertNothingLeft();
    assertThat(events).containsExactly("just then");
  }

  @Test
  void cancelsTheFuturesThatWereGivenToItUnlessTheyAreDone() throws Exception {
    var open = new LoopFuture<Void>(loop);
    var done = new LoopFuture<String>(loop);
    running.run(
        () -> {
          scope.cancelWith(open);
          scope.cancelWith(done);
          done.complete("value");
        });
    running.turns(2);
    running.run(() -> scope.cancel("the rest"));
    assertThat(open).isCancelled();
    assertThat(done.resultNow()).isEqualTo("value");
  }

  @Test
  void hasADeadlineThatCanBeMovedAndRemoved() throws Exception {
    running.run(
        () -> {
          assertThat(scope.remaining()).isNull();
          scope.setDeadline(Duration.ofSeconds(1), () -> events.add("first"));
          scope.setDeadline(Duration.ofSeconds(5), () -> events.add("second"));
          assertThat(scope.remaining()).isEqualTo(Duration.ofSeconds(5));
        });
    clock.advance(Duration.ofSeconds(2));
    running.run(() -> assertThat(scope.remaining()).isEqualTo(Duration.ofSeconds(3)));
    clock.advance(Duration.ofSeconds(3));
    running.until(() -> events.contains("second"));
    running.run(
        () -> {
          assertThat(scope.remaining()).isEqualTo(Duration.ZERO);
          scope.setDeadline(Duration.ofSeconds(1), () -> events.add("third"));
          scope.removeDeadline();
          assertThat(scope.remaining()).isNull();
        });
    running.assertNothingLeft();
    assertThat(events).containsExactly("second");
  }

  @Test
  void leavesNothingBehindWhenItIsCancelledWithADeadline() throws Exception {
    running.run(
        () -> {
          scope.setDeadline(Duration.ofDays(1), () -> events.add("never"));
          scope.cancel("done");
          scope.setDeadline(Duration.ofDays(1), () -> events.add("never"));
        });
    running.assertNothingLeft();
  }

  @Test
  void isKnownToWhatRunsInIt() throws Exception {
    running.run(
        () ->
            inScope(
                () -> {
                  assertThat(loop.context().withErrorRoute(e -> {}).scope()).isSameAs(scope);
                  assertThat(scope.name()).isEqualTo("request 7");
                }));
    running.run(() -> assertThat(loop.context().scope()).isNull());
  }

  @Test
  void belongsToOneLoopAndSaysSo() throws Exception {
    assertThatIllegalStateException().isThrownBy(() -> scope.cancel("from outside"));
    var scoped = running.call(() -> loop.context().withScope(scope));
    assertThatIllegalStateException().isThrownBy(() -> scoped.spawn(() -> 0));
    try (var other = new RunningLoop()) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> other.loop.rootContext().withScope(scope));
    }
  }

  @Test
  void rootContextsSpawnFromAnyThread() throws Exception {
    assertThat((Object) RunningLoop.get(loop.rootContext().spawn(() -> 42))).isEqualTo(42);
    var failed = loop.rootContext().spawn(() -> await(new LoopFuture<Void>(loop)));
    failed.cancel(false);
    assertThatExceptionOfType(CancellationException.class)
        .isThrownBy(() -> RunningLoop.get(failed));
  }
}
