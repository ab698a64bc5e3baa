// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.blocking;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** runInExecutor with executors of the user's own. */
class ExecutorTest {
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
  void runsTheBodyInTheExecutorWithTheLoopAsCurrent() throws Exception {
    try (var executor = Executors.newSingleThreadExecutor(task -> new Thread(task, "mine"))) {
      running.run(
          () -> {
            var inside =
                loop.runInExecutor(
                    executor, () -> Thread.currentThread().getName() + IOLoop.current());
            assertThat(await(inside)).isEqualTo("mine" + loop);
          });
    }
  }

  @Test
  void leavesTheThreadAsItWas() throws Exception {
    var mine = new ClassLoader() {};
    try (var other = new IOLoop();
        var executor = Executors.newSingleThreadExecutor()) {
      executor
          .submit(
              () -> {
                other.makeCurrent();
                Thread.currentThread().setContextClassLoader(mine);
              })
          .get();
      running.run(
          () -> assertThat(await(loop.runInExecutor(executor, IOLoop::current))).isSameAs(loop));
      executor
          .submit(
              () -> {
                assertThat(IOLoop.current()).isSameAs(other);
                assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(mine);
              })
          .get();
    }
  }

  @Test
  void theDefaultExecutorMayBeSet() throws Exception {
    try (var executor = Executors.newSingleThreadExecutor(task -> new Thread(task, "default"))) {
      loop.setDefaultExecutor(executor);
      running.run(
          () -> {
            assertThat(await(loop.runInExecutor(() -> Thread.currentThread().getName())))
                .isEqualTo("default");
            assertThat(await(blocking(() -> Thread.currentThread().getName())))
                .isEqualTo("default");
          });
    }
  }

  @Test
  void aBodyThatIsRejectedFailsItsFuture() throws Exception {
    var executor = Executors.newSingleThreadExecutor();
    executor.close();
    running.run(
        () ->
            assertThatThrownBy(() -> await(loop.runInExecutor(executor, () -> 0)))
                .isInstanceOf(RejectedExecutionException.class));
  }

  @Test
  void aCheckedExceptionOfTheBodyIsTheFutures() throws Exception {
    var failure = new IOException("checked");
    running.run(
        () ->
            assertThatThrownBy(
                    () ->
                        await(
                            loop.runInExecutor(
                                () -> {
                                  throw failure;
                                })))
                .isInstanceOf(CompletionException.class)
                .hasCause(failure));
  }

  @Test
  void cancellingBeforeItsTurnKeepsTheBodyFromRunning() throws Exception {
    var tasks = new ArrayDeque<Runnable>();
    var ran = new AtomicBoolean();
    var future = loop.runInExecutor(tasks::add, () -> ran.getAndSet(true));
    future.cancel(true);
    tasks.remove().run();
    assertThat(ran).isFalse();
  }

  @Test
  void anExecutorMayRunTheBodyInTheCallersThread() throws Exception {
    running.run(
        () -> {
          var body = loop.runInExecutor(Runnable::run, () -> await(blocking(loop::onLoop)));
          assertThat(body).isCompletedWithValue(false);
          assertThat(IOLoop.current()).isSameAs(loop);
        });
  }

  @Test
  void mayBeCalledFromAnyThread() throws Exception {
    var dependent = new CompletableFuture<Boolean>();
    loop.runInExecutor(() -> 0).thenRun(() -> dependent.complete(loop.onLoop()));
    assertThat(RunningLoop.get(dependent)).isTrue();
  }
}
