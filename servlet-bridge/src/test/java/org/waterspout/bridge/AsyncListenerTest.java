// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.UnavailableException;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.http.HTTPMessageDelegate;

/** Who is told of the end of asynchronous processing and of failures. */
class AsyncListenerTest {
  private final Told told = new Told();
  private final CompletableFuture<AsyncContext> begun = new CompletableFuture<>();

  private AsyncContext begun() throws Exception {
    return begun.get(20, TimeUnit.SECONDS);
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
      assertThat(told.next()).isEqualTo("first complete");
      assertThat(told.next()).isEqualTo("second complete");
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
      assertThat(told.next()).isEqualTo("first start");
      assertThat(told.next()).isEqualTo("second complete");
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
      assertThat(told.next()).isEqualTo("kept start");
      assertThat(told.next()).isEqualTo("kept complete");
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
        assertThat(told.next()).isEqualTo("witness error true");
        assertThat(told.next()).isEqualTo("witness complete false");
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
      HTTPMessageDelegate delegate = app.deliver(connection, "/");
      begun();
      app.vanish(delegate);
      assertThat(failure.get(20, TimeUnit.SECONDS))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("closed the connection");
      assertThat(told.next()).isEqualTo("witness error");
      assertThat(told.next()).isEqualTo("witness complete");
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
      HTTPMessageDelegate delegate = app.deliver(connection, "/");
      begun();
      app.vanish(delegate);
      assertThat(told.next()).isEqualTo("witness error");
      assertThat(told.next()).isEqualTo("witness start");
      assertThat(told.next()).isEqualTo("witness complete");
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
      assertThat(told.next()).isEqualTo("witness error");
      assertThat(told.next()).isEqualTo("witness complete");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void endsParkedRequestsWhoseLoopHasEnded(boolean lends) throws Exception {
    var builder =
        Code.async(
            (request, response) -> {
              AsyncContext context = request.startAsync();
              context.setTimeout(0);
              context.addListener(new Witness("witness", told));
              begun.complete(context);
            });
    try (var app = TestApp.start("", builder.stopTimeout(Duration.ofHours(1)))) {
      app.lends = lends;
      app.open("GET", "/", null);
      Code.awaitReturned(begun());
      app.endLoop();
      app.stopContainer();
      assertThat(told.next()).isEqualTo("witness error");
      assertThat(told.next()).isEqualTo("witness complete");
    }
  }
}
