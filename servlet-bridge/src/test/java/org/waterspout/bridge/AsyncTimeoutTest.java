// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.testing.FakeClock;

/** What becomes of asynchronous processing that takes too long. */
class AsyncTimeoutTest {
  private final Told told = new Told();
  private final CompletableFuture<AsyncContext> begun = new CompletableFuture<>();

  private AsyncContext begun() throws Exception {
    return begun.get(20, TimeUnit.SECONDS);
  }

  private Answer advanceUntilAnswered(FakeClock clock, FakeConnection connection) throws Exception {
    while (!connection.answer.isDone()) { // the wait begins behind the servlet's return
      clock.advance(Duration.ofSeconds(1));
      Thread.onSpinWait();
    }
    return connection.await();
  }

  @Test
  void answers500WhenTheTimeIsOver() throws Exception {
    var clock = new FakeClock();
    var builder =
        Code.async(
            (request, response) -> {
              AsyncContext context = request.startAsync();
              context.setTimeout(5000);
              context.addListener(new Witness("witness", told));
              response.getWriter().print("dropped");
            });
    try (var app = TestApp.start("", builder, clock.newLoop())) {
      Answer answer = advanceUntilAnswered(clock, app.open("GET", "/", null));
      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.text()).doesNotContain("dropped");
      assertThat(told.next()).isEqualTo("witness timeout");
      assertThat(told.next()).isEqualTo("witness complete");
      assertThat(clock.getAsLong()).isGreaterThanOrEqualTo(5_000_000_000L);
    }
  }

  @Test
  void keepsEachToItsOwnTime() throws Exception {
    var clock = new FakeClock();
    var parked = new LinkedBlockingQueue<AsyncContext>();
    var builder =
        Code.async(
            (request, response) -> {
              AsyncContext context = request.startAsync();
              context.setTimeout(Long.parseLong(request.getParameter("t")));
              context.addListener(new Witness(request.getParameter("t"), told));
              parked.add(context);
            });
    try (var app = TestApp.start("", builder, clock.newLoop())) {
      FakeConnection never = app.open("GET", "/?t=-1", null);
      FakeConnection late = app.open("GET", "/?t=90000", null);
      FakeConnection early = app.open("GET", "/?t=10", null);
      for (int i = 0; i < 3; i++) {
        Code.awaitReturned(parked.poll(20, TimeUnit.SECONDS));
      }
      clock.advance(Duration.ofSeconds(1));
      assertThat(early.await().status()).isEqualTo(500);
      assertThat(told.next()).isEqualTo("10 timeout");
      assertThat(told.next()).isEqualTo("10 complete");
      assertThat(late.answer.isDone()).isFalse();
      clock.advance(Duration.ofSeconds(90));
      assertThat(late.await().status()).isEqualTo(500);
      assertThat(told.next()).isEqualTo("90000 timeout");
      assertThat(told.next()).isEqualTo("90000 complete");
      clock.advance(Duration.ofDays(1));
      app.onLoop(() -> null);
      assertThat(never.answer.isDone()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"complete", "dispatch", "error"})
  void leavesTheEndToAListenerOfTheTimeout(String what) throws Exception {
    var clock = new FakeClock();
    var builder =
        Code.async(
            (request, response) -> {
              if (request.getDispatcherType() == DispatcherType.ASYNC) {
                response.getWriter().print("dispatched");
                return;
              }
              AsyncContext context = request.startAsync();
              context.addListener(
                  new Witness("witness", told) {
                    @Override
                    public void onTimeout(AsyncEvent event) throws IOException {
                      var answer = (HttpServletResponse) event.getAsyncContext().getResponse();
                      if (what.equals("dispatch")) {
                        context.dispatch();
                      } else if (what.equals("error")) {
                        answer.sendError(503);
                      } else {
                        answer.getWriter().print("completed");
                        context.complete();
                      }
                    }
                  });
            });
    try (var app = TestApp.start("", builder, clock.newLoop())) {
      Answer answer = advanceUntilAnswered(clock, app.open("GET", "/", null));
      assertThat(answer.status()).isEqualTo(what.equals("error") ? 503 : 200);
      if (!what.equals("error")) {
        assertThat(answer.text()).isEqualTo(what + (what.endsWith("e") ? "d" : "ed"));
      }
      assertThat(told.next()).isEqualTo("witness complete");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void showsTheErrorPageOfATimeoutWhichMayGoOn(boolean goesOn) throws Exception {
    var clock = new FakeClock();
    var builder =
        Code.async(
                (request, response) -> {
                  if (request.getDispatcherType() == DispatcherType.ASYNC) {
                    response.getWriter().print("went on " + response.getStatus());
                  } else {
                    request.startAsync();
                  }
                })
            .errorPage(500, "/page");
    Code.async(
        builder,
        "page",
        (request, response) -> {
          response.getWriter().print("page " + request.isAsyncStarted() + " ");
          if (goesOn) {
            request.getAsyncContext().dispatch("/again");
          }
        },
        "/page");
    try (var app = TestApp.start("", builder, clock.newLoop())) {
      Answer answer = advanceUntilAnswered(clock, app.open("GET", "/", null));
      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.text()).isEqualTo(goesOn ? "page true went on 500" : "page true ");
    }
  }

  @Test
  void cutsAnAnswerThatHadBegunWhenTheTimeIsOver() throws Exception {
    var clock = new FakeClock();
    var builder =
        Code.async(
            (request, response) -> {
              request.startAsync();
              response.getWriter().print("half");
              response.flushBuffer();
            });
    try (var app = TestApp.start("", builder, clock.newLoop())) {
      assertThat(advanceUntilAnswered(clock, app.open("GET", "/", null)).cut()).isTrue();
    }
  }

  @RepeatedTest(20)
  void letsOneOfCompleteAndTimeoutWin() throws Exception {
    var clock = new FakeClock();
    var ends = new AtomicInteger();
    var builder =
        Code.async(
            (request, response) -> {
              AsyncContext context = request.startAsync();
              context.setTimeout(1000);
              context.addListener(
                  new Witness("witness", told) {
                    @Override
                    public void onTimeout(AsyncEvent event) {
                      event.getAsyncContext().complete();
                      ends.incrementAndGet();
                    }
                  });
              begun.complete(context);
            });
    try (var app = TestApp.start("", builder, clock.newLoop())) {
      FakeConnection connection = app.open("GET", "/", null);
      AsyncContext context = begun();
      Code.awaitReturned(context);
      Thread completing =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      context.complete();
                      ends.incrementAndGet();
                    } catch (IllegalStateException e) {
                      // the timeout has won
                    }
                  });
      clock.advance(Duration.ofSeconds(2));
      completing.join();
      assertThat(connection.await().status()).isEqualTo(200);
      assertThat(told.next()).isEqualTo("witness complete");
      assertThat(told).isEmpty();
      assertThat(ends).hasValue(1);
    }
  }
}
