// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.web.Application.mount;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Mounts of one server that reach each other. */
class CrossContextTest {
  private final List<String> events = Collections.synchronizedList(new ArrayList<>());
  private final ClassLoader newsLoader =
      new ClassLoader(CrossContextTest.class.getClassLoader()) {};

  /** Forwards or includes what its parameters say, then adds a word of its own. */
  private static void dispatch(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    if (request.getParameter("session") != null) {
      request.getSession().setAttribute("of", "shop");
    }
    ServletContext other = request.getServletContext().getContext(request.getParameter("context"));
    if (other == null) {
      response.getWriter().print("out of reach");
      return;
    }
    RequestDispatcher dispatcher = other.getRequestDispatcher(request.getParameter("to"));
    if (request.getParameter("include") != null) {
      response.getWriter().print("before ");
      dispatcher.include(request, response);
      response.getWriter().print(" after");
    } else {
      dispatcher.forward(request, response);
    }
    assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
  }

  private static ServletContainer.Builder shop() {
    return ServletContainer.builder()
        .servlet("d", Code.servlet(CrossContextTest::dispatch), "/d/*")
        .servlet(
            "mine",
            Code.servlet(
                (request, response) ->
                    response
                        .getWriter()
                        .print(
                            request.getServletContext().getContextPath()
                                + " "
                                + request.getSession().getAttribute("of"))),
            "/mine");
  }

  private ServletContainer.Builder news(Code.Service service) {
    return ServletContainer.builder()
        .classLoader(newsLoader)
        .servlet("n", Code.servlet(service), "/n/*")
        .filter(
            "f",
            Code.filter(
                (request, response, chain) -> {
                  events.add("filter " + request.getDispatcherType());
                  chain.doFilter(request, response);
                }),
            (FilterRegistration.Dynamic filter) ->
                filter.addMappingForUrlPatterns(
                    EnumSet.of(DispatcherType.FORWARD, DispatcherType.INCLUDE), true, "/n/*"))
        .listener(
            new ServletRequestListener() {
              @Override
              public void requestInitialized(ServletRequestEvent event) {
                events.add("in " + event.getServletContext().getContextPath());
              }

              @Override
              public void requestDestroyed(ServletRequestEvent event) {
                events.add("out");
              }
            });
  }

  private static BridgeServer server(ServletContainer shop, ServletContainer news)
      throws Exception {
    CrossContext.between(shop, news);
    return new BridgeServer(mount("/shop", shop), mount("/news", news));
  }

  private static void set(Object value, StringBuilder out) {
    out.append(value).append('|');
  }

  private static String attributes(HttpServletRequest request, String kind) {
    var out = new StringBuilder();
    for (String name :
        List.of("request_uri", "context_path", "servlet_path", "path_info", "query_string")) {
      set(request.getAttribute("jakarta.servlet." + kind + "." + name), out);
    }
    return out.toString();
  }

  @Test
  void areOutOfReachUnlessAllowed() throws Exception {
    try (var server =
        new BridgeServer(
            mount("/shop", shop().build()),
            mount("/news", news((request, response) -> {}).build()))) {
      assertThat(server.get("/shop/d?context=/news&to=/n").body()).isEqualTo("out of reach");
    }
  }

  @Test
  void areFoundByTheLongestPathThatLeadsThere() throws Exception {
    ServletContainer root =
        ServletContainer.builder()
            .servlet(
                "find",
                Code.servlet(
                    (request, response) -> {
                      var found = request.getServletContext().getContext(request.getParameter("p"));
                      response
                          .getWriter()
                          .print(found == null ? "none" : "(" + found.getContextPath() + ")");
                    }),
                "/find")
            .build();
    ServletContainer below = shop().build();
    CrossContext.between(root, below);
    try (var server = new BridgeServer(mount("/a/b", below), mount("", root))) {
      assertThat(server.get("/find?p=/").body()).isEqualTo("()");
      assertThat(server.get("/find?p=/a").body()).isEqualTo("()");
      assertThat(server.get("/find?p=/a/b").body()).isEqualTo("(/a/b)");
      assertThat(server.get("/find?p=/a/b/c/d").body()).isEqualTo("(/a/b)");
      assertThat(server.get("/find?p=/a/bc").body()).isEqualTo("()");
      assertThat(server.get("/find?p=a/b").body()).isEqualTo("none");
      below.stop();
      assertThat(server.get("/find?p=/a/b").body()).isEqualTo("()");
    }
  }

  @Test
  void seeTheirOwnContextInAForward() throws Exception {
    var news =
        news(
            (request, response) -> {
              var out = new StringBuilder();
              set(request.getServletContext().getContextPath(), out);
              set(request.getContextPath(), out);
              set(request.getServletPath(), out);
              set(request.getPathInfo(), out);
              set(request.getRequestURI(), out);
              set(request.getParameter("a"), out);
              set(Thread.currentThread().getContextClassLoader() == newsLoader, out);
              out.append(attributes(request, "forward"));
              response.getWriter().print(out);
            });
    try (var server = server(shop().build(), news.build())) {
      String query = "context=/news&to=/n/x%3Fa=b";
      assertThat(server.get("/shop/d/y?" + query).body())
          .isEqualTo("/news|/news|/n|/x|/news/n/x|b|true|/shop/d/y|/shop|/d|/y|" + query + "|");
      assertThat(events).containsExactly("in /news", "filter FORWARD", "out");
    }
  }

  @Test
  void seeTheirOwnContextInAnInclude() throws Exception {
    var news =
        news(
            (request, response) -> {
              var out = new StringBuilder();
              set(request.getServletContext().getContextPath(), out);
              set(request.getContextPath(), out);
              set(Thread.currentThread().getContextClassLoader() == newsLoader, out);
              out.append(attributes(request, "include"));
              response.getWriter().print(out);
            });
    try (var server = server(shop().build(), news.build())) {
      assertThat(server.get("/shop/d/y?include=1&context=/news&to=/n/x%3Fa=b").body())
          .isEqualTo("before /news|/shop|true|/news/n/x|/news|/n|/x|a=b| after");
      assertThat(events).containsExactly("in /news", "filter INCLUDE", "out");
    }
  }

  @Test
  void comeBackToWhereTheyWere() throws Exception {
    var news =
        news(
            (request, response) -> {
              RequestDispatcher back =
                  request.getServletContext().getContext("/shop").getRequestDispatcher("/mine");
              back.include(request, response);
            });
    try (var server = server(shop().build(), news.build())) {
      assertThat(server.get("/shop/d?session=1&context=/news&to=/n").body())
          .isEqualTo("/shop shop");
    }
  }

  @Test
  void haveSessionsOfTheirOwn() throws Exception {
    var news =
        news(
            (request, response) -> {
              var session = request.getSession();
              Object visits = session.getAttribute("visits");
              session.setAttribute("visits", visits instanceof Integer n ? n + 1 : 1);
              response
                  .getWriter()
                  .print(
                      session.getAttribute("visits")
                          + " "
                          + session.getAttribute("of")
                          + " "
                          + session.getServletContext().getContextPath());
            });
    try (var server = server(shop().build(), news.build())) {
      HttpResponse<String> first = server.get("/shop/d?session=1&context=/news&to=/n");
      assertThat(first.body()).isEqualTo("1 null /news");
      List<String> cookies = first.headers().allValues("Set-Cookie");
      assertThat(cookies).hasSize(2);
      assertThat(cookies.getFirst()).contains("; Path=/shop");
      assertThat(cookies.getLast()).contains("; Path=/news");
      String forShop = cookies.getFirst().substring(0, cookies.getFirst().indexOf(';'));
      String forNews = cookies.getLast().substring(0, cookies.getLast().indexOf(';'));
      HttpResponse<String> again = get(server, "/shop/d?context=/news&to=/n", forShop);
      assertThat(again.body()).as("by a dispatch").isEqualTo("2 null /news");
      assertThat(again.headers().allValues("Set-Cookie")).isEmpty();
      assertThat(get(server, "/news/n", forNews).body()).as("directly").isEqualTo("3 null /news");
      assertThat(get(server, "/shop/mine", forShop).body()).isEqualTo("/shop shop");
      String alone = server.get("/news/n").headers().firstValue("Set-Cookie").orElseThrow();
      assertThat(get(server, "/shop/mine", alone.substring(0, alone.indexOf(';'))).body())
          .as("an id of the other context alone")
          .isEqualTo("/shop null");
    }
  }

  private static HttpResponse<String> get(BridgeServer server, String path, String cookie)
      throws Exception {
    return server.send(server.request(path).header("Cookie", cookie));
  }

  @Test
  void passOnWhatTheyThrow() throws Exception {
    var seen = new AtomicReference<Throwable>();
    var shop =
        shop()
            .servlet(
                "c",
                Code.servlet(
                    (request, response) -> {
                      ClassLoader before = Thread.currentThread().getContextClassLoader();
                      try {
                        dispatch(request, response);
                      } catch (IllegalArgumentException e) {
                        seen.set(e);
                        assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
                        throw e;
                      }
                    }),
                "/c")
            .errorPage(IllegalArgumentException.class, "/mine");
    var news =
        news(
            (request, response) -> {
              throw new IllegalArgumentException("of the news");
            });
    try (var server = server(shop.build(), news.build())) {
      var answer = server.get("/shop/c?context=/news&to=/n");
      assertThat(answer.statusCode()).isEqualTo(500);
      assertThat(answer.body()).as("the error page of the caller").isEqualTo("/shop null");
      assertThat(seen.get()).hasMessage("of the news");
      assertThat(events).containsExactly("in /news", "filter FORWARD", "out");
    }
  }

  @Test
  void doNotStopWhileTheyAreUsed() throws Exception {
    var inside = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    ServletContainer news =
        news((request, response) -> {
              inside.countDown();
              assertThat(go.await(20, TimeUnit.SECONDS)).isTrue();
              events.add("served");
            })
            .build();
    try (var server = server(shop().build(), news)) {
      var answer =
          server.client.sendAsync(
              server.request("/shop/d?context=/news&to=/n").build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(inside.await(20, TimeUnit.SECONDS)).isTrue();
      var stopping =
          Thread.ofVirtual()
              .start(
                  () -> {
                    news.stop();
                    events.add("stopped");
                  });
      while (!server.get("/shop/d?context=/news&to=/n").body().equals("out of reach")) {
        Thread.onSpinWait();
      }
      go.countDown();
      stopping.join();
      assertThat(answer.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
      assertThat(events.indexOf("served")).isLessThan(events.indexOf("stopped"));
    }
  }

  @Test
  void areNotReachedOnceTheyHaveStopped() throws Exception {
    var kept = new AtomicReference<RequestDispatcher>();
    ServletContainer shop =
        shop()
            .servlet(
                "k",
                Code.servlet(
                    (request, response) -> {
                      RequestDispatcher known = kept.get();
                      if (known == null) {
                        var context = request.getServletContext().getContext("/news");
                        kept.set(context.getRequestDispatcher("/n"));
                      } else {
                        known.forward(request, response);
                      }
                    }),
                "/k")
            .build();
    ServletContainer news = news((request, response) -> events.add("served")).build();
    CrossContext.between(shop, news);
    ServletContainer third = news((request, response) -> {}).build();
    try (var server = new BridgeServer(mount("/shop", shop), mount("/news", news))) {
      assertThat(server.get("/shop/k").statusCode()).isEqualTo(200);
      news.stop();
      assertThat(server.get("/shop/d?context=/news&to=/n").body()).isEqualTo("out of reach");
      assertThat(server.get("/shop/k").statusCode()).as("by a dispatcher of before").isEqualTo(500);
      assertThatThrownBy(() -> CrossContext.between(shop, third))
          .isInstanceOf(IllegalStateException.class);
      assertThat(events).isEmpty();
    }
  }

  @Test
  void areInOneGroup() {
    ServletContainer shop = shop().build();
    CrossContext.between(shop, news((request, response) -> {}).build());
    assertThatThrownBy(() -> CrossContext.between(shop, shop().build()))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void areReachedByAnAsynchronousDispatchAndBack() throws Exception {
    var out = new StringBuffer();
    ServletContainer from =
        Code.async(
                (request, response) -> {
                  if (request.getDispatcherType() == DispatcherType.ASYNC) {
                    out.append("back ").append(request.getRequestURI());
                    return;
                  }
                  AsyncContext context = request.startAsync();
                  ServletContext other = request.getServletContext().getContext("/news");
                  context.dispatch(other, "/n/x?b=2");
                })
            .build();
    ServletContainer to =
        Code.async(
                (request, response) -> {
                  out.append(request.getRequestURI()).append(' ');
                  out.append(request.getContextPath()).append(' ');
                  out.append(request.getParameter("b")).append(' ');
                  out.append(Thread.currentThread().getContextClassLoader() == newsLoader);
                  out.append(' ').append(attributes(request, "async")).append(' ');
                  AsyncContext context = request.startAsync(request, response);
                  context.dispatch(request.getServletContext().getContext("/shop"), "/again");
                })
            .classLoader(newsLoader)
            .build();
    try (var server = server(from, to)) {
      assertThat(server.get("/shop/p?a=1").statusCode()).isEqualTo(200);
      assertThat(out).hasToString("/news/n/x /news 2 true /shop/p|/shop||/p|a=1| back /shop/again");
    }
  }

  @Test
  void areWhereAnAsynchronousRequestGoesOnThatBeganThere() throws Exception {
    var news = ServletContainer.builder().classLoader(newsLoader);
    Code.async(
        news,
        "begins",
        (request, response) -> request.startAsync(request, response).dispatch("/ends?b=2"),
        "/begins");
    Code.async(
        news,
        "ends",
        (request, response) -> {
          var out = new StringBuilder();
          set(request.getDispatcherType(), out);
          set(request.getRequestURI(), out);
          set(request.getServletContext().getContextPath(), out);
          set(request.getParameter("b"), out);
          set(Thread.currentThread().getContextClassLoader() == newsLoader, out);
          response.getWriter().print(out);
        },
        "/ends");
    ServletContainer shop =
        Code.async(ServletContainer.builder(), "d", CrossContextTest::dispatch, "/d/*").build();
    try (var server = server(shop, news.build())) {
      assertThat(server.get("/shop/d?context=/news&to=/begins").body())
          .isEqualTo("ASYNC|/news/ends|/news|2|true|");
    }
  }
}
