// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.ioloop.RunningLoop.get;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LoopFutureTest {
  private RunningLoop running;
  private IOLoop loop;

  @BeforeEach
  void start() throws Exception {
    running = new RunningLoop();
    loop = running.loop;
  }

  @AfterEach
  void close() throws Exception {
    running.close();
  }

  /** Every way to hang code on a future, for one that succeeds. */
  private static Map<String, BiConsumer<CompletionStage<String>, Runnable>> waysToDepend(
      IOLoop loop) {
    var never = new LoopFuture<String>(loop);
    var done = CompletableFuture.completedStage("done");
    var ways = new LinkedHashMap<String, BiConsumer<CompletionStage<String>, Runnable>>();
    ways.put("thenApply", (f, r) -> f.thenApply(x -> ran(r)));
    ways.put("thenAccept", (f, r) -> f.thenAccept(x -> r.run()));
    ways.put("thenRun", CompletionStage::thenRun);
    ways.put("thenCombine", (f, r) -> f.thenCombine(done, (x, y) -> ran(r)));
    ways.put("thenAcceptBoth", (f, r) -> f.thenAcceptBoth(done, (x, y) -> r.run()));
    ways.put("runAfterBoth", (f, r) -> f.runAfterBoth(done, r));
    ways.put("applyToEither", (f, r) -> f.applyToEither(never, x -> ran(r)));
    ways.put("acceptEither", (f, r) -> f.acceptEither(never, x -> r.run()));
    ways.put("runAfterEither", (f, r) -> f.runAfterEither(never, r));
    ways.put("thenCompose", (f, r) -> f.thenCompose(x -> CompletableFuture.completedStage(ran(r))));
    ways.put("whenComplete", (f, r) -> f.whenComplete((x, e) -> r.run()));
    ways.put("handle", (f, r) -> f.handle((x, e) -> ran(r)));
    ways.put("thenRunAsync", CompletionStage::thenRunAsync);
    ways.put(
        "a chain",
        (f, r) -> f.thenApply(x -> x).thenCompose(LoopFuture::completedStage).thenRun(r));
    return ways;
  }

  private static String ran(Runnable action) {
    action.run();
    return "ran";
  }

  private static Map<String, BiConsumer<CompletionStage<String>, Runnable>> waysToRecover() {
    var ways = new LinkedHashMap<String, BiConsumer<CompletionStage<String>, Runnable>>();
    ways.put("exceptionally", (f, r) -> f.exceptionally(e -> ran(r)));
    ways.put(
        "exceptionallyCompose",
        (f, r) -> f.exceptionallyCompose(e -> CompletableFuture.completedStage(ran(r))));
    ways.put("whenComplete", (f, r) -> f.whenComplete((x, e) -> r.run()));
    ways.put("handle", (f, r) -> f.handle((x, e) -> ran(r)));
    return ways;
  }

  @Test
  void completingLaterEntersNothingThatHangsOnItInTheCall() throws Exception {
    var seen = new ArrayList<String>();
    get(
        running.call(
            () -> {
              var given = new LoopFuture<String>(loop);
              var failed = new LoopFuture<String>(loop);
              var hanging =
                  CompletableFuture.allOf(given, failed.exceptionally(String::valueOf))
                      .thenRun(() -> seen.add("dependent of " + given.resultNow()));
              given.completeLater("value");
              failed.failLater(new IllegalStateException("reason"));
              seen.add("call is over");
              return hanging;
            }));
    assertThat(seen).containsExactly("call is over", "dependent of value");
  }

  @Test
  void dependentsRunLaterOnTheLoopInTheContextInWhichTheyWereAdded() throws Exception {
    var ways = waysToDepend(loop);
    for (var way : ways.entrySet()) {
      checkDependent(way.getKey(), way.getValue(), future -> future.complete("value"));
    }
    for (var way : waysToRecover().entrySet()) {
      checkDependent(
          way.getKey(),
          way.getValue(),
          future -> future.completeExceptionally(new IllegalStateException("failed")));
    }
  }

  private void checkDependent(
      String name,
      BiConsumer<CompletionStage<String>, Runnable> way,
      Consumer<LoopFuture<String>> completer)
      throws Exception {
    for (boolean doneBefore : new boolean[] {true, false}) {
      for (boolean foreignThread : new boolean[] {true, false}) {
        var future = new LoopFuture<String>(loop);
        var seen = new CompletableFuture<Context>();
        var context =
            running.call(
                () -> {
                  if (doneBefore) {
                    completer.accept(future);
                  }
                  var mine = loop.context().withErrorRoute(e -> {});
                  mine.run(() -> way.accept(future, () -> seen.complete(contextOr(loop))));
                  if (!doneBefore && !foreignThread) {
                    completer.accept(future);
                  }
                  assertThat(seen).as("%s ran inside of other code", name).isNotDone();
                  return mine;
                });
        if (!doneBefore && foreignThread) {
          completer.accept(future);
        }
        assertThat(get(seen)).as(name).isSameAs(context);
      }
    }
  }

  private static Context contextOr(IOLoop loop) {
    return loop.onLoop() ? loop.context() : null;
  }

  @Test
  void copiesAndMinimalStagesKeepTheRule() throws Exception {
    var future = new LoopFuture<String>(loop);
    var ran = new ArrayList<String>();
    running.run(
        () -> {
          future.copy().thenRun(() -> ran.add("copy"));
          future.minimalCompletionStage().thenRun(() -> ran.add("minimal"));
          future.orTimeout(1, TimeUnit.HOURS).thenRun(() -> ran.add("orTimeout"));
          future.completeOnTimeout("late", 1, TimeUnit.HOURS).thenRun(() -> ran.add("onTimeout"));
          future.complete("value");
          assertThat(ran).isEmpty();
        });
    running.turns(5);
    assertThat(ran).containsExactlyInAnyOrder("copy", "minimal", "orTimeout", "onTimeout");
  }

  @Test
  void completingTheMinimalStageDoesNotCompleteTheFuture() {
    var future = new LoopFuture<String>(loop);
    future.minimalCompletionStage().toCompletableFuture().complete("elsewhere");
    assertThat(future).isNotDone();
  }

  @Test
  void completeAsyncSuppliesOnTheLoop() throws Exception {
    var future = new LoopFuture<Boolean>(loop);
    future.completeAsync(loop::onLoop);
    assertThat(get(future)).isTrue();
  }

  @Test
  void aTimeoutOfTheJdksCompletesItAndDependentsStillHop() throws Exception {
    var future = new LoopFuture<String>(loop);
    var onLoop =
        future.completeOnTimeout("late", 1, TimeUnit.MILLISECONDS).thenApply(x -> loop.onLoop());
    assertThat(get(onLoop)).isTrue();
  }

  @Test
  void theFirstCompletionCounts() {
    var future = new LoopFuture<String>(loop);
    assertThat(future.complete("first")).isTrue();
    assertThat(future.complete("second")).isFalse();
    assertThat(future.completeExceptionally(new IllegalStateException())).isFalse();
    assertThat(future.resultNow()).isEqualTo("first");
  }

  @Test
  void ofKeepsItsOwnAndCarriesOthersOver() throws Exception {
    var ours = new LoopFuture<String>(loop);
    assertThat(LoopFuture.of(loop, ours)).isSameAs(ours);
    var foreign = new CompletableFuture<String>();
    var wrapped = LoopFuture.of(loop, foreign);
    foreign.complete("value");
    assertThat(get(wrapped)).isEqualTo("value");
    var failure = new IllegalStateException("failed");
    var failed = LoopFuture.of(loop, CompletableFuture.failedFuture(failure).thenApply(x -> x));
    assertThat(failed.exceptionNow()).isSameAs(failure);
  }

  @Test
  void manyDependentsAllRun() throws Exception {
    var future = new LoopFuture<String>(loop);
    var count = new AtomicInteger();
    for (int i = 0; i < 10_000; i++) {
      future.thenRun(count::incrementAndGet);
    }
    future.complete("value");
    running.turns(30);
    assertThat(count).hasValue(10_000);
  }
}
