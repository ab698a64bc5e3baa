// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.gen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.moment;
import static org.waterspout.gen.Gen.spawn;
import static org.waterspout.ioloop.RunningLoop.get;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.ioloop.RunningLoop;

class WaitIteratorTest {
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
  void givesValuesInTheOrderInWhichTheyComplete() throws Exception {
    running.run(
        () -> {
          var a = new LoopFuture<String>(loop);
          var b = new CompletableFuture<String>();
          var c = new LoopFuture<String>(loop);
          var iterator = WaitIterator.of(a, b, c);
          assertThat(iterator.currentIndex()).isNull();
          assertThat(iterator.currentFuture()).isNull();
          var first = iterator.next();
          c.complete("c");
          a.complete("a");
          assertThat(await(first)).isEqualTo("c");
          assertThat(iterator.currentIndex()).isEqualTo(2);
          assertThat(iterator.currentFuture()).isSameAs(c);
          assertThat(await(iterator.next())).isEqualTo("a");
          assertThat(iterator.currentIndex()).isZero();
          assertThat(iterator.done()).isFalse();
          b.complete("b");
          assertThat(await(iterator.next())).isEqualTo("b");
          assertThat(iterator.currentFuture()).isSameAs(b);
          assertThat(iterator.done()).isTrue();
        });
  }

  @Test
  void theLoopOfTheJavadocMeetsEveryOutcome() throws Exception {
    running.run(
        () -> {
          var values = new LinkedHashMap<String, Object>();
          Map<String, LoopFuture<Integer>> stages = new LinkedHashMap<>();
          stages.put("good", spawn(() -> 1));
          stages.put("bad", LoopFuture.failed(loop, new IllegalArgumentException("bad")));
          stages.put("checked", LoopFuture.failed(loop, new IOException("checked")));
          var cancelled = new LoopFuture<Integer>(loop);
          cancelled.cancel(true);
          stages.put("cancelled", cancelled);
          stages.put("nothing", LoopFuture.completed(loop, null));
          var iterator = WaitIterator.of(stages);
          while (!iterator.done()) {
            try {
              values.put(name(iterator, await(iterator.next())), "value");
            } catch (RuntimeException e) {
              values.put(iterator.currentIndex(), e);
            }
          }
          assertThat(values).containsEntry("good", "value").containsEntry("nothing", "value");
          assertThat(values.get("bad")).isInstanceOf(IllegalArgumentException.class);
          assertThat((Throwable) values.get("checked")).hasCauseInstanceOf(IOException.class);
          assertThat(values.get("cancelled")).isInstanceOf(CancellationException.class);
        });
  }

  private static String name(WaitIterator<String, ?> iterator, Object value) {
    return iterator.currentIndex();
  }

  @Test
  void aForLoopAwaitsEveryValue() throws Exception {
    running.run(
        () -> {
          var values = new ArrayList<Integer>();
          var late = new LoopFuture<Integer>(loop);
          var iterator = WaitIterator.of(List.of(late, spawn(() -> late.complete(1) ? 2 : 0)));
          for (var value : iterator) {
            values.add(value);
          }
          assertThat(values).containsExactlyInAnyOrder(1, 2);
        });
  }

  @Test
  void givesTheSameStageOnceForEachPlace() throws Exception {
    running.run(
        () -> {
          var one = spawn(() -> "x");
          var iterator = WaitIterator.of(one, one);
          assertThat(await(iterator.next())).isEqualTo("x");
          assertThat(await(iterator.next())).isEqualTo("x");
          assertThat(iterator.done()).isTrue();
        });
  }

  @Test
  void refusesACallBeforeTheLastIsAnsweredAndAfterTheEnd() throws Exception {
    running.run(
        () -> {
          var stage = new LoopFuture<String>(loop);
          var iterator = WaitIterator.of(stage);
          var next = iterator.next();
          assertThatIllegalStateException().isThrownBy(iterator::next);
          stage.complete("value");
          assertThat(await(next)).isEqualTo("value"); // the refused call took nothing away
          assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(iterator::next);
          assertThat(WaitIterator.of().done()).isTrue();
        });
  }

  @Test
  void losesNothingWhenAWaitIsCancelled() throws Exception {
    running.run(
        () -> {
          var stage = new LoopFuture<String>(loop);
          var iterator = WaitIterator.of(stage);
          iterator.next().cancel(true);
          stage.complete("value");
          await(moment());
          await(moment());
          assertThat(iterator.done()).isFalse();
          assertThat(iterator.currentFuture()).isNull();
          assertThat(await(iterator.next())).isEqualTo("value");
        });
  }

  @Test
  void takesStagesThatOtherThreadsComplete() throws Exception {
    running.run(
        () -> {
          var stages = new ArrayList<CompletableFuture<Integer>>();
          for (int i = 0; i < 200; i++) {
            stages.add(new CompletableFuture<>());
          }
          var iterator = WaitIterator.of(stages);
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 199; i >= 0; i--) {
                      stages.get(i).complete(i);
                    }
                  });
          for (int i = 199; i >= 0; i--) { // the last index is completed first
            assertThat(await(iterator.next())).isEqualTo(i);
            assertThat(iterator.currentIndex()).isEqualTo(i);
          }
        });
  }

  @Test
  void isRefusedOffTheLoop() throws Exception {
    var iterator = running.call(() -> WaitIterator.of(spawn(() -> 1)));
    assertThatIllegalStateException()
        .isThrownBy(iterator::next)
        .withMessageContaining("addCallback");
    assertThatThrownBy(() -> WaitIterator.of(CompletableFuture.completedFuture(1)))
        .isInstanceOf(IllegalStateException.class);
    assertThat(get(loop.spawn(() -> await(iterator.next())))).isEqualTo(1);
  }
}
