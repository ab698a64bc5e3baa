// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.util.EnumSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servlet 6.1 section 2.3.3.3: asynchronous processing begins, is dispatched and completes. */
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
  void dispatchesToWhereTheRequestWas() throws Exception {
    var builder =
        Code.async(
            (request, response) -> {
              var out = response.getWriter();
              out.print(request.getDispatcherType() + " " + request.isAsyncStarted());
              out.print(" " + request.getRequestURI() + "?" + request.getQueryString() + " ");
              out.print(request.getParameter("a") + "; ");
              if (request.getDispatcherType() == DispatcherType.REQUEST) {
                AsyncContext context = request.startAsync();
                context.dispatch();
                out.print("still " + request.isAsyncStarted() + "; ");
              }
            });
    try (var app = TestApp.start("/app", builder)) {
      assertThat(app.get("/app/x;v=1/y?a=b").text())
          .isEqualTo(
              "REQUEST false /app/x;v=1/y?a=b b; still true; ASYNC false /app/x;v=1/y?a=b b; ");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void dispatchesOutOfAForwardToWhatStartAsyncWasGiven(boolean given) throws Exception {
    var builder = ServletContainer.builder();
    Code.async(
        builder,
        "a",
        (request, response) -> {
          if (request.getDispatcherType() == DispatcherType.ASYNC) {
            response.getWriter().print("a");
          } else {
            request.getRequestDispatcher("/b").forward(request, response);
          }
        },
        "/a");
    Code.async(
        builder,
        "b",
        (request, response) -> {
          if (request.getDispatcherType() == DispatcherType.ASYNC) {
            response.getWriter().print("b");
          } else {
            AsyncContext context =
                given ? request.startAsync(request, response) : request.startAsync();
            context.dispatch();
          }
        },
        "/b");
    try (var app = TestApp.start("/app", builder)) {
      assertThat(app.get("/app/a").text()).isEqualTo(given ? "b" : "a");
    }
  }

  @Test
  void tellsTheTargetOfADispatchWhereTheRequestWas() throws Exception {
    var builder = ServletContainer.builder();
    Code.async(
        builder,
        "from",
        (request, response) -> request.startAsync().dispatch("/to/b?c=2&a=0"),
        "/from/*");
    Code.async(
        builder,
        "to",
        (request, response) -> {
          var out = response.getWriter();
          out.println(request.getRequestURI() + " " + request.getRequestURL());
          out.println(request.getServletPath() + " " + request.getPathInfo());
          out.println(request.getQueryString() + " " + request.getParameter("c"));
          out.println(String.join(",", request.getParameterValues("a")));
          out.println(request.getHttpServletMapping().getPattern());
          out.println(request.getAttribute(AsyncContext.ASYNC_REQUEST_URI));
          out.println(request.getAttribute(AsyncContext.ASYNC_CONTEXT_PATH));
          out.println(request.getAttribute(AsyncContext.ASYNC_SERVLET_PATH));
          out.println(request.getAttribute(AsyncContext.ASYNC_PATH_INFO));
          out.println(request.getAttribute(AsyncContext.ASYNC_QUERY_STRING));
          var mapping =
              (jakarta.servlet.http.HttpServletMapping)
                  request.getAttribute(AsyncContext.ASYNC_MAPPING);
          out.println(mapping.getPattern());
          if (request.getParameter("again") == null) {
            request.startAsync(request, response).dispatch("to?again=1");
          }
        },
        "/to/*");
    try (var app = TestApp.start("/app", builder)) {
      String original = "/app/from/x\n/app\n/from\n/x\na=1\n/from/*\n";
      assertThat(app.get("/app/from/x?a=1").text().replace("\r", ""))
          .isEqualTo(
              "/app/to/b http://example.org/app/to/b\n/to /b\nc=2&a=0 2\n0,1\n/to/*\n"
                  + original
                  + "/app/to/to http://example.org/app/to/to\n/to /to\nagain=1 2\n0,1\n/to/*\n"
                  + original);
    }
  }

  @Test
  void runsFiltersForAsyncDispatches() throws Exception {
    var builder = ServletContainer.builder();
    for (String name : new String[] {"first", "second"}) {
      builder.filter(
          name,
          Code.filter(
              (request, response, chain) -> {
                response.getWriter().print(name + " ");
                chain.doFilter(request, response);
              }),
          registration -> {
            var type = name.equals("first") ? DispatcherType.REQUEST : DispatcherType.ASYNC;
            registration.addMappingForUrlPatterns(EnumSet.of(type), true, "/*");
            registration.setAsyncSupported(true);
          });
    }
    Code.async(
        builder,
        "s",
        (request, response) -> {
          response.getWriter().print("served ");
          if (request.getDispatcherType() == DispatcherType.REQUEST) {
            request.startAsync().dispatch();
          }
        },
        "/");
    try (var app = TestApp.start("", builder)) {
      assertThat(app.get("/").text()).isEqualTo("first served second served ");
    }
  }

  @Test
  void goesThroughManyCyclesAndNeedsNoMoreStackForThem() throws Exception {
    var builder =
        Code.async(
            (request, response) -> {
              var count = (Integer) request.getAttribute("count");
              int next = count == null ? 1 : count + 1;
              request.setAttribute("count", next);
              if (next == 20_000) {
                response.getWriter().print(next);
              } else if (next % 2 == 0) {
                request.startAsync(request, response).dispatch();
              } else {
                AsyncContext context = request.startAsync(request, response);
                Thread.ofVirtual().start(context::dispatch);
              }
            });
    try (var app = TestApp.start("", builder)) {
      assertThat(app.get("/").text()).isEqualTo("20000");
    }
  }

  @Test
  void dispatchesWithTheWrappersThatItWasGiven() throws Exception {
    var builder =
        Code.async(
            (request, response) -> {
              var out = response.getWriter();
              if (request.getDispatcherType() == DispatcherType.ASYNC) {
                out.print(" " + request.getHeader("X-Wrapped") + " ");
                out.print(response instanceof HttpServletResponseWrapper);
                return;
              }
              AsyncContext own = request.startAsync(request, response);
              out.print(own.hasOriginalRequestAndResponse());
              own.dispatch("/second");
            });
    Code.async(
        builder,
        "second",
        (request, response) -> {
          var wrapped =
              new HttpServletRequestWrapper(request) {
                @Override
                public String getHeader(String name) {
                  return name.equals("X-Wrapped") ? "wrapped" : super.getHeader(name);
                }
              };
          AsyncContext context =
              request.startAsync(wrapped, new HttpServletResponseWrapper(response));
          assertThat(context.getRequest()).isSameAs(wrapped);
          response.getWriter().print(" " + context.hasOriginalRequestAndResponse());
          context.dispatch("/third");
        },
        "/second");
    try (var app = TestApp.start("", builder)) {
      assertThat(app.get("/").text()).isEqualTo("true false wrapped true");
    }
  }

  @Test
  void dispatchesWithWrappersThatAreNotHTTPs() throws Exception {
    var seen = new CompletableFuture<String>();
    var builder = ServletContainer.builder();
    builder.servlet(
        "generic",
        new jakarta.servlet.GenericServlet() {
          private static final long serialVersionUID = 1L;

          @Override
          public void service(ServletRequest request, ServletResponse response) {
            if (request.getDispatcherType() == DispatcherType.ASYNC) {
              seen.complete(request.getClass() == ServletRequestWrapper.class ? "wrapper" : "no");
            } else {
              request.startAsync(new ServletRequestWrapper(request), response).dispatch();
            }
          }
        },
        registration -> {
          registration.addMapping("/");
          registration.setAsyncSupported(true);
        });
    try (var app = TestApp.start("", builder)) {
      assertThat(app.get("/").status()).isEqualTo(200);
      assertThat(get(seen)).isEqualTo("wrapper");
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
                  new Told() {
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
      assertThatIllegalStateException().isThrownBy(() -> context.addListener(new Told() {}));
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
  void refusesAnotherDispatchInTheSameCycle() throws Exception {
    var builder =
        Code.async(
            (request, response) -> {
              if (request.getDispatcherType() == DispatcherType.REQUEST) {
                AsyncContext context = request.startAsync();
                context.dispatch("/to");
                assertThatIllegalStateException().isThrownBy(() -> context.dispatch("/other"));
                assertThatIllegalStateException().isThrownBy(context::complete);
              } else {
                AsyncContext former = request.getAsyncContext();
                assertThatIllegalStateException().isThrownBy(former::complete);
                response.getWriter().print(request.getServletPath() + request.getPathInfo());
              }
            });
    try (var app = TestApp.start("", builder)) {
      assertThat(app.get("/").text()).isEqualTo("/to");
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
              response.getWriter().print(context.createListener(Told.class) != null);
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
  void refusesOtherContexts() throws Exception {
    var builder =
        Code.async(
            (request, response) -> {
              AsyncContext context = request.startAsync();
              assertThatThrownBy(() -> context.dispatch(null, "/"))
                  .isInstanceOf(IllegalArgumentException.class);
              if (request.getDispatcherType() == DispatcherType.REQUEST) {
                context.dispatch(request.getServletContext(), "/again");
              } else {
                response.getWriter().print(request.getPathInfo());
                context.complete();
              }
            });
    try (var app = TestApp.start("", builder)) {
      assertThat(app.get("/").text()).isEqualTo("/again");
    }
  }

  @Test
  void completesBehindADispatchToAServletThatIsNotAsynchronous() throws Exception {
    var completed = new CountDownLatch(1);
    var builder =
        ServletContainer.builder()
            .servlet(
                "old",
                Code.servlet(
                    (request, response) -> {
                      response.getWriter().print("old " + request.isAsyncSupported());
                      assertThatIllegalStateException().isThrownBy(request::startAsync);
                    }),
                "/old");
    Code.async(
        builder,
        "new",
        (request, response) -> {
          AsyncContext context = request.startAsync();
          context.addListener(
              new Told() {
                @Override
                public void onComplete(AsyncEvent event) {
                  completed.countDown();
                }
              });
          context.dispatch("/old");
        },
        "/new");
    try (var app = TestApp.start("", builder)) {
      assertThat(app.get("/new").text()).isEqualTo("old false");
      assertThat(completed.await(20, TimeUnit.SECONDS)).isTrue();
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

  /** A listener that does nothing. */
  public static class Told implements AsyncListener {
    @Override
    public void onComplete(AsyncEvent event) throws java.io.IOException {}

    @Override
    public void onTimeout(AsyncEvent event) throws java.io.IOException {}

    @Override
    public void onError(AsyncEvent event) throws java.io.IOException {}

    @Override
    public void onStartAsync(AsyncEvent event) throws java.io.IOException {}
  }

  /** A listener whose constructor throws. */
  public static final class Unmakeable extends Told {
    public Unmakeable() throws java.io.IOException {
      throw new java.io.IOException("no");
    }
  }
}
