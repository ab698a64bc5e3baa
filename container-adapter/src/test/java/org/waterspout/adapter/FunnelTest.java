// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class FunnelTest {
  private final Queue<String> calls = new ConcurrentLinkedQueue<>();
  private final Queue<Throwable> lost = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean containerWasFaster = new AtomicBoolean();
  private final AsyncContext asyncContext = recorder(AsyncContext.class);
  private final Funnel funnel =
      new Funnel(
          asyncContext, recorder(HttpServletResponse.class), new Trailers(), null, lost::add);
  private final AsyncEvent event =
      new AsyncEvent(asyncContext, null, null, new IOException("reset"));

  @Test
  void completesOnceWhateverFollows() {
    assertThat(funnel.complete()).isTrue();
    assertThat(funnel.complete()).isFalse();
    assertThat(funnel.cut(Quirks.Cut.SEND_ERROR_MINUS_ONE)).isFalse();
    funnel.onError(event);
    funnel.onTimeout(event);
    funnel.onComplete(event);
    assertThat(calls).containsExactly("complete");
    assertThat(lost).isEmpty();
  }

  @Test
  void letsNobodyInAfterTheEnd() {
    assertThat(funnel.ifOpen(() -> "touched", "not")).isEqualTo("touched");
    funnel.onError(event);
    assertThat(funnel.open()).isFalse();
    assertThat(funnel.ifOpen(() -> "touched", "not")).isEqualTo("not");
  }

  @Test
  void endsAnErrorWithinTheContainersCallback() {
    funnel.onError(event);
    assertThat(calls).containsExactly("isCommitted", "setStatus", "complete");
    assertThat(lost).hasSize(1);
  }

  @Test
  void touchesNothingWhenTheContainerHasCompleted() {
    funnel.onComplete(event);
    funnel.onError(event);
    funnel.complete();
    assertThat(calls).isEmpty();
    assertThat(lost).hasSize(1);
  }

  @Test
  void acceptsThatTheContainerWasFaster() {
    containerWasFaster.set(true);
    assertThat(funnel.complete()).isTrue();
    assertThat(funnel.open()).isFalse();
  }

  @Test
  void completesWhereAnAnswerCannotBeCut() {
    containerWasFaster.set(true);
    assertThat(funnel.cut(Quirks.Cut.THROW_FROM_DISPATCH)).isTrue();
    assertThat(calls)
        .containsExactly("isCommitted", "reset", "getRequest", "setAttribute", "complete");
  }

  @Test
  void doesNotWaitForEverForACallThatWaitsForTheContainer() throws Exception {
    var entered = new CountDownLatch(1);
    var told = new CountDownLatch(1);
    var loop =
        CompletableFuture.runAsync(
            () ->
                funnel.ifOpen(
                    () -> {
                      entered.countDown();
                      return awaited(told);
                    },
                    false));
    assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();

    funnel.onError(event); // by a thread whose lock the call in there waits for
    told.countDown();

    loop.get(20, TimeUnit.SECONDS);
    assertThat(lost).hasSize(1);
    assertThat(funnel.ifOpen(() -> "touched", "not")).isEqualTo("not");
  }

  private static boolean awaited(CountDownLatch latch) {
    try {
      return latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      return false;
    }
  }

  @Test
  void hasOneWinnerOfManyEnds() throws Exception {
    for (int round = 0; round < 300; round++) {
      calls.clear();
      lost.clear();
      var raced =
          new Funnel(
              asyncContext, recorder(HttpServletResponse.class), new Trailers(), null, lost::add);
      var inside = new AtomicBoolean();
      var touchedTooLate = new AtomicBoolean();
      List<Runnable> parties =
          List.of(
              () -> {
                var _ =
                    raced.ifOpen(
                        () -> {
                          inside.set(true);
                          Thread.onSpinWait();
                          inside.set(false);
                          return true;
                        },
                        false);
              },
              raced::complete,
              () -> raced.cut(Quirks.Cut.SEND_ERROR_MINUS_ONE),
              () -> {
                raced.onError(event);
                touchedTooLate.compareAndSet(false, inside.get());
              },
              () -> raced.onTimeout(event));
      race(parties);
      assertThat(touchedTooLate).isFalse();
      assertThat(calls.stream().filter(c -> c.equals("complete") || c.equals("sendError")))
          .hasSize(1);
      assertThat(lost.size()).isLessThanOrEqualTo(1);
    }
  }

  private static void race(List<Runnable> parties) throws Exception {
    var barrier = new CyclicBarrier(parties.size());
    List<Thread> threads = new ArrayList<>();
    for (Runnable party : parties) {
      threads.add(
          Thread.startVirtualThread(
              () -> {
                try {
                  barrier.await();
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
                party.run();
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  /** Notes each call; fails what ends an exchange where the container was faster. */
  private <T> T recorder(Class<T> type) {
    var proxy =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, args) -> {
              calls.add(method.getName());
              if (containerWasFaster.get() && method.getReturnType() == void.class) {
                throw new IllegalStateException("recycled");
              }
              return method.getName().equals("getRequest")
                  ? recorder(jakarta.servlet.http.HttpServletRequest.class)
                  : method.getReturnType() == boolean.class ? false : null;
            });
    return type.cast(proxy);
  }
}
