// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.util.EnumSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servlet 6.1 section 2.3.3.3: asynchronous processing is dispatched. */
class AsyncDispatchTest {
  private static <T> T get(CompletableFuture<T> future) throws Exception {
    return future.get(20, TimeUnit.SECONDS);
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
              new SilentListener() {
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
}
