// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.UnavailableException;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPMessageDelegate;
import org.waterspout.testing.FakeClock;

/** Who is told of the end of asynchronous processing, of its timeouts and failures. */
class AsyncListenerTest {
  /** Writes down what it is told. */
  private static class Witness implements AsyncListener {
    final BlockingQueue<String> told;
    private final String name;

    Witness(String name, BlockingQueue<String> told) {
      this.name = name;
      this.told = told;
    }

    void tell(String what, AsyncEvent event) throws IOException {
      told.add(name + what);
    }

    @Override
    public void onComplete(AsyncEvent event) throws IOException {
      tell(" complete", event);
    }

    @Override
    public void onTimeout(AsyncEvent event) throws IOException {
      tell(" timeout", event);
    }

    @Override
    public void onError(AsyncEvent event) throws IOException {
      tell(" error", event);
    }

    @Override
    public void onStartAsync(AsyncEvent event) throws IOException {
      tell(" start", event);
    }
  }

  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
  private final CompletableFuture<AsyncContext> begun = new CompletableFuture<>();

  private String next() throws InterruptedException {
    String what = told.poll(20, TimeUnit.SECONDS);
    return what == null ? "nothing" : what;
  }

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
  void tellsListenersInTheirOrderWhateverTheyThrow() throws Exception {
    var builder =
        Code.async(
            (request, response) -> {
              AsyncContext context = request.startAsync();
              context.addListener(
                  new Witness("first", told) {
                    @Override
                    void tell(String what, AsyncEvent event) throws IOException {
                      super.tell(what, event);
                      throw new IOException("of a listener");
                    }
                  });
              context.addListener(new Witness("second", told));
              context.complete();
            });
    try (var app = TestApp.start("", builder)) {
      assertThat(app.get("/").status()).isEqualTo(200);
      assertThat(next()).isEqualTo("first complete");
      assertThat(next()).isEqualTo("second complete");
      assertThat(told).isEmpty();
    }
  }

  @Test
  void tellsWithWhatTheListenerWasAdded() throws Exception {
    var same = new LinkedBlockingQueue<Boolean>();
    var builder =
        Code.async(
            (request, response) -> {
              AsyncContext context = request.startAsync();
              var wrappedRequest = new HttpServletRequestWrapper(request);
              var wrappedResponse = new HttpServletResponseWrapper(response);
              context.addListener(
                  new Witness("own", told) {
                    @Override
                    void tell(String what, AsyncEvent event) {
                      same.add(event.getSuppliedRequest() == request);
                      same.add(event.getSuppliedResponse() == response);
                      same.add(event.getAsyncContext() == context);
                      same.add(event.getThrowable() == null);
                    }
                  });
              context.addListener(
                  new Witness("supplied", told) {
                    @Override
                    void tell(String what, AsyncEvent event) {
                      same.add(event.getSuppliedRequest() == wrappedRequest);
                      same.add(event.getSuppliedResponse() == wrappedResponse);
                    }
                  },
                  wrappedRequest,
                  wrappedResponse);
              context.complete();
            });
    try (var app = TestApp.start("", builder)) {
      assertThat(app.get("/").status()).isEqualTo(200);
      for (int i = 0; i < 6; i++) {
        assertThat(same.poll(20, TimeUnit.SECONDS)).isTrue();
      }
    }
  }

  @Test
  void tellsTheListenersOfACycleThatAnotherBeginsAndThenNoMore() throws Exception {
    var builder =
        Code.async(
            (request, response) -> {
              AsyncContext context = request.startAsync();
              if (request.getDispatcherType() == DispatcherType.REQUEST) {
                context.addListener(new Witness("first", told));
                context.dispatch();
              } else {
                context.addListener(new Witness("second", told));
                context.complete();
              }
            });
    try (var app = TestApp.start("", builder)) {
      assertThat(app.get("/").status()).isEqualTo(200);
      assertThat(next()).isEqualTo("first start");
      assertThat(next()).isEqualTo("second complete");
      assertThat(told).isEmpty();
    }
  }

  @Test
  void letsAListenerKeepWatchingWhenAnotherCycleBegins() throws Exception {
    var builder =
        Code.async(
            (request, response) -> {
              AsyncContext context = request.startAsync();
              if (request.getDispatcherType() == DispatcherType.REQUEST) {
                context.addListener(
                    new Witness("kept", told) {
                      @Override
                      public void onStartAsync(AsyncEvent event) throws IOException {
                        super.onStartAsync(event);
                        event.getAsyncContext().addListener(this);
                      }
                    });
                context.dispatch();
              } else {
                context.complete();
              }
            });
    try (var app = TestApp.start("", builder)) {
      assertThat(app.get("/").status()).isEqualTo(200);
      assertThat(next()).isEqualTo("kept start");
      assertThat(next()).isEqualTo("kept complete");
    }
  }

  // ---- timeouts

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
      assertThat(next()).isEqualTo("witness timeout");
      assertThat(next()).isEqualTo("witness complete");
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
      assertThat(next()).isEqualTo("10 timeout");
      assertThat(next()).isEqualTo("10 complete");
      assertThat(late.answer.isDone()).isFalse();
      clock.advance(Duration.ofSeconds(90));
      assertThat(late.await().status()).isEqualTo(500);
      assertThat(next()).isEqualTo("90000 timeout");
      assertThat(next()).isEqualTo("90000 complete");
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
      assertThat(next()).isEqualTo("witness complete");
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
      assertThat(next()).isEqualTo("witness complete");
      assertThat(told).isEmpty();
      assertThat(ends).hasValue(1);
    }
  }

  // ---- failures

  @Test
  void tellsListenersThatADispatchFailedAndShowsThePage() throws Exception {
    var thrown = new IllegalArgumentException("thrown");
    var builder =
        Code.async(
                (request, response) -> {
                  AsyncContext context = request.startAsync();
                  context.addListener(
                      new Witness("witness", told) {
                        @Override
                        void tell(String what, AsyncEvent event) throws IOException {
                          super.tell(what + " " + (event.getThrowable() == thrown), event);
                        }
                      });
                  if (request.getPathInfo().equals("/dispatched")) {
                    context.dispatch("/fails");
                  } else {
                    throw thrown;
                  }
                })
            .errorPage(IllegalArgumentException.class, "/page");
    Code.async(
        builder,
        "fails",
        (request, response) -> {
          throw thrown;
        },
        "/fails");
    Code.async(
        builder,
        "page",
        (request, response) ->
            response
                .getWriter()
                .print(request.getAttribute(RequestDispatcher.ERROR_EXCEPTION) == thrown),
        "/page");
    try (var app = TestApp.start("", builder)) {
      for (String target : List.of("/", "/dispatched")) {
        Answer answer = app.get(target);
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.text()).isEqualTo("true");
        assertThat(next()).isEqualTo("witness error true");
        assertThat(next()).isEqualTo("witness complete false");
      }
    }
  }

  @Test
  void leavesTheEndToAListenerOfTheFailure() throws Exception {
    var builder =
        Code.async(
            (request, response) -> {
              AsyncContext context = request.startAsync();
              context.addListener(
                  new Witness("witness", told) {
                    @Override
                    public void onError(AsyncEvent event) throws IOException {
                      var answer = event.getAsyncContext().getResponse();
                      answer.getWriter().print("saved: " + event.getThrowable().getMessage());
                      event.getAsyncContext().complete();
                    }
                  });
              throw new IllegalStateException("thrown");
            });
    try (var app = TestApp.start("", builder)) {
      Answer answer = app.get("/");
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.text()).isEqualTo("saved: thrown");
    }
  }

  @Test
  void answers500ForWhatIsThrownBehindComplete() throws Exception {
    var builder =
        Code.async(
            (request, response) -> {
              request.startAsync().complete();
              throw new IllegalStateException("thrown");
            });
    try (var app = TestApp.start("", builder)) {
      assertThat(app.get("/").status()).isEqualTo(500);
    }
  }

  @Test
  void tellsListenersAtOnceThatTheClientIsGone() throws Exception {
    var failure = new CompletableFuture<Throwable>();
    var builder =
        Code.async(
            (request, response) -> {
              AsyncContext context = request.startAsync();
              context.addListener(
                  new Witness("witness", told) {
                    @Override
                    public void onError(AsyncEvent event) throws IOException {
                      failure.complete(event.getThrowable());
                      super.onError(event);
                    }
                  });
              begun.complete(context);
            });
    try (var app = TestApp.start("", builder)) {
      var connection = new FakeConnection(app.loop, true, false);
      HTTPMessageDelegate delegate =
          app.onLoop(
              () -> {
                var delivered = app.begin(connection, "GET", "/", new HTTPHeaders());
                delivered.finish();
                return delivered;
              });
      begun();
      app.onLoop(
          () -> {
            delegate.onConnectionClose();
            return null;
          });
      assertThat(failure.get(20, TimeUnit.SECONDS))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("closed the connection");
      assertThat(next()).isEqualTo("witness error");
      assertThat(next()).isEqualTo("witness complete");
      assertThat(connection.await().cut()).isTrue();
    }
  }

  @Test
  void doesNotParkAgainWhoseClientIsGone() throws Exception {
    var rounds = new AtomicInteger();
    var builder =
        Code.async(
            (request, response) -> {
              rounds.incrementAndGet();
              AsyncContext context = request.startAsync();
              context.setTimeout(0);
              context.addListener(
                  new Witness("witness", told) {
                    @Override
                    public void onError(AsyncEvent event) throws IOException {
                      super.onError(event);
                      event.getAsyncContext().dispatch();
                    }
                  });
              begun.complete(context);
            });
    try (var app = TestApp.start("", builder)) {
      var connection = new FakeConnection(app.loop, false, false);
      HTTPMessageDelegate delegate =
          app.onLoop(
              () -> {
                var delivered = app.begin(connection, "GET", "/", new HTTPHeaders());
                delivered.finish();
                return delivered;
              });
      begun();
      app.onLoop(
          () -> {
            delegate.onConnectionClose();
            return null;
          });
      assertThat(next()).isEqualTo("witness error");
      assertThat(next()).isEqualTo("witness start");
      assertThat(next()).isEqualTo("witness complete");
      assertThat(rounds).hasValue(2);
    }
  }

  // ---- the application's end

  @Test
  void endsParkedRequestsWhenTheApplicationStops() throws Exception {
    var destroyed = new CountDownLatch(1);
    var failure = new CompletableFuture<Throwable>();
    var events = new CopyOnWriteArrayList<String>();
    var builder =
        Code.async(
                (request, response) -> {
                  AsyncContext context = request.startAsync();
                  context.setTimeout(0);
                  context.addListener(
                      new Witness("witness", told) {
                        @Override
                        public void onError(AsyncEvent event) throws IOException {
                          failure.complete(event.getThrowable());
                          super.onError(event);
                        }
                      });
                  begun.complete(context);
                })
            .retryAfter(Duration.ofSeconds(4))
            .listener(
                new ServletRequestListener() {
                  @Override
                  public void requestInitialized(ServletRequestEvent event) {
                    events.add("initialized");
                  }

                  @Override
                  public void requestDestroyed(ServletRequestEvent event) {
                    events.add("destroyed");
                    destroyed.countDown();
                  }
                });
    try (var app = TestApp.start("", builder)) {
      FakeConnection connection = app.open("GET", "/", null);
      begun();
      app.stopContainer();
      Answer answer = connection.await();
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.header("Retry-After")).isEqualTo("4");
      assertThat(failure.get(20, TimeUnit.SECONDS)).isInstanceOf(UnavailableException.class);
      assertThat(destroyed.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(events).containsExactly("initialized", "destroyed");
      assertThat(next()).isEqualTo("witness error");
      assertThat(next()).isEqualTo("witness complete");
    }
  }
}
