// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servlet 6.1 section 2.3.3.3: asynchronous processing begins and completes. */
class AsyncTest {
  private static <T> T get(CompletableFuture<T> future) throws Exception {
    return future.get(20, TimeUnit.SECONDS);
  }

  @Test
  void answersAfterTheServletHasReturned() throws Exception {
    var begun = new CompletableFuture<AsyncContext>();
    var builder =
        Code.async(
            (request, response) -> {
              response.getWriter().print("before ");
              begun.complete(request.startAsync());
            });
    try (var app = TestApp.start("", builder.maxConcurrent(1))) {
      FakeConnection connection = app.open("GET", "/", null);
      AsyncContext context = get(begun);
      FakeConnection other = app.open("GET", "/other", null);
      assertThat(connection.answer.isDone()).isFalse();
      assertThat(other.answer.isDone()).isFalse();

      context.getResponse().getWriter().print("after");
      context.complete();
      assertThat(connection.await().text()).isEqualTo("before after");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void keepsAPlaceButNoTurn(boolean lends) throws Exception {
    var contexts = new java.util.concurrent.LinkedBlockingQueue<AsyncContext>();
    var builder =
        Code.async(
            (request, response) -> {
              if (request.getServletPath().isEmpty() && "/park".equals(request.getPathInfo())) {
                contexts.add(request.startAsync());
              } else {
                response.getWriter().print("at once");
              }
            });
    try (var app = TestApp.start("", builder.maxConcurrent(1).maxQueue(1))) {
      app.lends = lends;
      FakeConnection first = app.open("GET", "/park", null);
      AsyncContext one = contexts.poll(20, TimeUnit.SECONDS);
      assertThat(app.get("/").text()).as("the only turn is free").isEqualTo("at once");
      FakeConnection second = openWhenThereIsAPlace(app);
      AsyncContext two = contexts.poll(20, TimeUnit.SECONDS);
      assertThat(app.get("/").status()).as("no place is free").isEqualTo(503);

      one.complete();
      two.complete();
      assertThat(first.await().status()).isEqualTo(200);
      assertThat(second.await().status()).isEqualTo(200);
      FakeConnection third = openWhenThereIsAPlace(app);
      contexts.poll(20, TimeUnit.SECONDS).complete();
      assertThat(third.await().status()).isEqualTo(200);
    }
  }

  /** A place is given back behind the end of an answer; who is refused is so at once. */
  private static FakeConnection openWhenThereIsAPlace(TestApp app) throws Exception {
    FakeConnection connection = app.open("GET", "/park", null);
    while (connection.answer.isDone()) {
      connection = app.open("GET", "/park", null);
    }
    return connection;
  }

  @Test
  void endsWhereAWholeAnswerIsCompleted() throws Exception {
    var begun = new CompletableFuture<AsyncContext>();
    var servlet = new CompletableFuture<Thread>();
    var builder =
        Code.async(
            (request, response) -> {
              if (!begun.isDone()) {
                servlet.complete(Thread.currentThread());
                begun.complete(request.startAsync());
              }
            });
    try (var app = TestApp.start("", builder.maxConcurrent(1).maxQueue(0))) {
      FakeConnection connection = app.open("GET", "/", null);
      AsyncContext context = get(begun);
      assertThat(get(servlet).join(Duration.ofSeconds(20))).isTrue();

      context.getResponse().setContentLength(5);
      context.getResponse().getOutputStream().print("whole");
      context.complete();
      assertThat(app.get("/").status()).as("the only place is free").isEqualTo(200);
      assertThat(connection.await().text()).isEqualTo("whole");
    }
  }

  @Test
  void buffersAsMuchForAnotherThread() throws Exception {
    var begun = new CompletableFuture<AsyncContext>();
    var builder = Code.async((request, response) -> begun.complete(request.startAsync()));
    try (var app = TestApp.start("", builder)) {
      FakeConnection connection = app.open("GET", "/", null);
      AsyncContext context = get(begun);
      var response = (HttpServletResponse) context.getResponse();
      response.setCharacterEncoding("UTF-8");
      var expected = new StringBuilder();
      while (expected.length() * 3 + 30 <= response.getBufferSize()) {
        response.getWriter().print("\u20ac".repeat(10));
        expected.repeat("\u20ac", 10);
        assertThat(response.isCommitted()).isFalse();
      }
      response.setHeader("X-Late", "yes");
      for (int i = 0; i < 2; i++) {
        response.getWriter().print("\u20ac".repeat(10));
        expected.repeat("\u20ac", 10);
      }
      assertThat(response.isCommitted()).isTrue();
      context.complete();
      assertThat(connection.await().text()).isEqualTo(expected.toString());
      assertThat(connection.await().headers().get("X-Late")).isEqualTo("yes");
    }
  }

  @Test
  void completesWithinTheServletWhenThatHasReturned() throws Exception {
    var builder =
        Code.async(
            (request, response) -> {
              AsyncContext context = request.startAsync();
              context.complete();
              response.getWriter().print(request.isAsyncStarted());
            });
    try (var app = TestApp.start("", builder)) {
      assertThat(app.get("/").text()).isEqualTo("true");
    }
  }

  @Test
  void saysWhatDoesNotSupportIt() throws Exception {
    var text = new StringBuilder();
    Code.Service service =
        (request, response) -> {
          text.append(request.isAsyncSupported()).append(' ');
          try {
            request.startAsync();
          } catch (IllegalStateException e) {
            text.append(e.getMessage());
          }
        };
    var builder =
        ServletContainer.builder()
            .servlet("plain", Code.servlet(service), "/plain")
            .filter(
                "old",
                Code.filter((request, response, chain) -> chain.doFilter(request, response)),
                "/filtered");
    Code.async(builder, "able", service, "/filtered");
    try (var app = TestApp.start("", builder)) {
      app.get("/plain");
      assertThat(text)
          .hasToString("false startAsync: servlet plain does not support asynchronous processing");
      text.setLength(0);
      app.get("/filtered");
      assertThat(text)
          .hasToString("false startAsync: filter old does not support asynchronous processing");
    }
  }

  @Test
  void supportsItAgainOutsideOfAnIncludedServletThatDoesNot() throws Exception {
    var builder =
        ServletContainer.builder()
            .servlet(
                "old",
                Code.servlet(
                    (request, response) ->
                        response.getWriter().print(request.isAsyncSupported() + " ")),
                "/old");
    Code.async(
        builder,
        "new",
        (request, response) -> {
          request.getRequestDispatcher("/old").include(request, response);
          response.getWriter().print(request.isAsyncSupported());
        },
        "/new");
    try (var app = TestApp.start("", builder)) {
      assertThat(app.get("/new").text()).isEqualTo("false true");
    }
  }

  @Test
  void refusesWhatComesTwiceOrTooLate() throws Exception {
    var kept = new CompletableFuture<AsyncContext>();
    var ended = new CountDownLatch(1);
    var original = new CompletableFuture<HttpServletRequest>();
    var builder =
        Code.async(
            (request, response) -> {
              assertThatIllegalStateException().isThrownBy(request::getAsyncContext);
              original.complete(request);
              AsyncContext context = request.startAsync();
              assertThat(request.getAsyncContext()).isSameAs(context);
              assertThat(context.getTimeout()).isEqualTo(30_000);
              context.setTimeout(0);
              assertThat(context.getTimeout()).isZero();
              assertThatIllegalStateException().isThrownBy(request::startAsync);
              context.addListener(
                  new SilentListener() {
                    @Override
                    public void onComplete(AsyncEvent event) {
                      ended.countDown();
                    }
                  });
              kept.complete(context);
            });
    try (var app = TestApp.start("", builder)) {
      FakeConnection connection = app.open("GET", "/", null);
      AsyncContext context = get(kept);
      HttpServletRequest request = get(original);
      Code.awaitReturned(context);
      assertThatIllegalStateException().isThrownBy(() -> context.setTimeout(0));
      assertThatIllegalStateException()
          .isThrownBy(() -> context.addListener(new SilentListener() {}));
      assertThatIllegalStateException().as("outside of a dispatch").isThrownBy(request::startAsync);
      assertThatThrownBy(() -> context.dispatch("/%2e%2e"))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(request.isAsyncStarted()).isTrue();

      context.complete();
      assertThat(request.isAsyncStarted()).isFalse();
      assertThatIllegalStateException().isThrownBy(context::complete);
      assertThatIllegalStateException().isThrownBy(context::dispatch);
      assertThatIllegalStateException().isThrownBy(context::getRequest);
      assertThatIllegalStateException().isThrownBy(context::getResponse);
      assertThatIllegalStateException().isThrownBy(() -> context.start(() -> {}));
      assertThat(connection.await().status()).isEqualTo(200);
      assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
      assertThatIllegalStateException().isThrownBy(context::complete);
      assertThatIllegalStateException().isThrownBy(request::startAsync);
    }
  }

  @Test
  void runsATaskOnAVirtualThreadWithTheApplicationsClassLoader() throws Exception {
    var loader = new ClassLoader(getClass().getClassLoader()) {};
    var builder =
        Code.async(
            (request, response) -> {
              AsyncContext context = request.startAsync();
              context.start(
                  () -> {
                    try {
                      Thread thread = Thread.currentThread();
                      boolean right = thread.getContextClassLoader() == loader;
                      context.getResponse().getWriter().print(right + " " + thread.isVirtual());
                    } catch (java.io.IOException e) {
                      throw new java.io.UncheckedIOException(e);
                    }
                    context.complete();
                  });
            });
    try (var app = TestApp.start("", builder.classLoader(loader))) {
      assertThat(app.get("/").text()).isEqualTo("true true");
    }
  }

  @Test
  void makesListenersAndSaysWhyNot() throws Exception {
    var builder =
        Code.async(
            (request, response) -> {
              AsyncContext context = request.startAsync();
              response.getWriter().print(context.createListener(SilentListener.class) != null);
              assertThatThrownBy(() -> context.createListener(Unmakeable.class))
                  .isInstanceOf(ServletException.class)
                  .hasMessageContaining("Unmakeable")
                  .hasCauseInstanceOf(ReflectiveOperationException.class);
              context.complete();
            });
    try (var app = TestApp.start("", builder)) {
      assertThat(app.get("/").text()).isEqualTo("true");
    }
  }

  @Test
  void showsAnErrorThatWasSentByAnotherThread() throws Exception {
    var begun = new CompletableFuture<AsyncContext>();
    var builder =
        Code.async((request, response) -> begun.complete(request.startAsync()))
            .errorPage(404, "/missing");
    Code.async(
        builder, "page", (request, response) -> response.getWriter().print("page"), "/missing");
    try (var app = TestApp.start("", builder)) {
      FakeConnection connection = app.open("GET", "/", null);
      AsyncContext context = get(begun);
      ((HttpServletResponse) context.getResponse()).sendError(404);
      context.complete();
      Answer answer = connection.await();
      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.text()).isEqualTo("page");
    }
  }

  @Test
  void lendsNoBufferToOthersThatAThreadMayStillHold() throws Exception {
    var late = new CompletableFuture<jakarta.servlet.ServletOutputStream>();
    var builder =
        Code.async(
            (request, response) -> {
              if (request.getPathInfo().equals("/async")) {
                var out = response.getOutputStream();
                out.print("first");
                AsyncContext context = request.startAsync();
                late.complete(out);
                context.complete();
              } else {
                response.getOutputStream().print("second");
                get(late).print("XXXXXX"); // dropped
              }
            });
    try (var app = TestApp.start("", builder.maxConcurrent(1))) {
      assertThat(app.get("/async").text()).isEqualTo("first");
      assertThat(app.get("/").text()).isEqualTo("second");
    }
  }

  /** A listener whose constructor throws. */
  public static final class Unmakeable extends SilentListener {
    public Unmakeable() throws java.io.IOException {
      throw new java.io.IOException("no");
    }
  }
}
