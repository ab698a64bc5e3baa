// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.web.Application.mount;
import static org.waterspout.web.Application.url;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.SessionTrackingMode;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.web.RequestHandler;

/** Handlers and servlets of one server in one session. */
class HandlerSessionTest {
  private final List<String> events = Collections.synchronizedList(new ArrayList<>());

  @TempDir private Path directory;

  private static synchronized String add(HttpSession session, String what) {
    String cart = session.getAttribute("cart") instanceof String known ? known + "," : "";
    session.setAttribute("cart", cart + what);
    return cart + what;
  }

  private ServletContainer.Builder shop() {
    return ServletContainer.builder()
        .listener(
            new HttpSessionListener() {
              @Override
              public void sessionCreated(HttpSessionEvent event) {
                boolean loop = Thread.currentThread().getName().startsWith("server loop");
                events.add("created " + event.getSession().getServletContext().getContextPath());
                events.add(loop ? "on the loop" : "off the loop");
              }
            })
        .servlet(
            "add",
            Code.servlet(
                (request, response) ->
                    response.getWriter().print(add(request.getSession(), "servlet"))),
            "/servlet");
  }

  /** A handler of one line. */
  private interface Get {
    Object get(RequestHandler handler) throws Exception;
  }

  private static final class Handler extends RequestHandler {
    private final Get get;

    Handler(Get get) {
      this.get = get;
    }

    @Override
    protected void get() throws Exception {
      write(String.valueOf(get.get(this)));
    }
  }

  private static BridgeServer server(ServletContainer container, Get get) throws Exception {
    return new BridgeServer(
        url("/shop/handler", () -> new Handler(get)), mount("/shop", container));
  }

  private static String cookie(HttpResponse<String> response) {
    List<String> cookies = response.headers().allValues("Set-Cookie");
    assertThat(cookies).hasSize(1);
    return cookies.getFirst().substring(0, cookies.getFirst().indexOf(';'));
  }

  private static HttpResponse<String> get(BridgeServer server, String path, String cookie)
      throws Exception {
    return server.send(server.request(path).header("Cookie", cookie));
  }

  @Test
  void isBegunByEither() throws Exception {
    var container = shop().build();
    try (var server =
        server(container, handler -> await(container.inSession(handler, s -> add(s, "handler"))))) {
      var first = server.get("/shop/handler");
      assertThat(first.body()).isEqualTo("handler");
      assertThat(first.headers().firstValue("Set-Cookie").orElseThrow().split("; "))
          .contains("Path=/shop", "HttpOnly", "SameSite=Lax")
          .doesNotContain("Secure");
      assertThat(events).containsExactly("created /shop", "off the loop");
      String cookie = cookie(first);
      var second = get(server, "/shop/servlet", cookie);
      assertThat(second.body()).isEqualTo("handler,servlet");
      assertThat(second.headers().allValues("Set-Cookie")).isEmpty();
      var third = get(server, "/shop/handler", "JSESSIONID=old; " + cookie);
      assertThat(third.body()).isEqualTo("handler,servlet,handler");
      assertThat(third.headers().allValues("Set-Cookie")).isEmpty();
      String other = cookie(server.get("/shop/servlet"));
      assertThat(get(server, "/shop/handler", other).body()).isEqualTo("servlet,handler");
    }
  }

  @Test
  void doesNotTakeAnIdThatAClientMadeUp() throws Exception {
    var container = shop().build();
    try (var server =
        server(container, handler -> await(container.inSession(handler, HttpSession::getId)))) {
      var response = get(server, "/shop/handler", "JSESSIONID=chosen-by-an-attacker");
      assertThat(cookie(response)).isEqualTo("JSESSIONID=" + response.body());
      assertThat(response.body()).doesNotContain("attacker");
    }
  }

  @Test
  void isNotBegunByAskingForIt() throws Exception {
    var container = shop().build();
    try (var server =
        server(
            container,
            handler ->
                await(container.inSessionIfAny(handler, s -> s.getAttribute("cart")))
                    .orElse("nothing"))) {
      var none = server.get("/shop/handler");
      assertThat(none.body()).isEqualTo("nothing");
      assertThat(none.headers().allValues("Set-Cookie")).isEmpty();
      assertThat(events).isEmpty();
      String cookie = cookie(server.get("/shop/servlet"));
      assertThat(get(server, "/shop/handler", cookie).body()).isEqualTo("servlet");
    }
  }

  @Test
  void isOneForTheWholeRequestThatHasBegunIt() throws Exception {
    var container = shop().build();
    try (var server =
        server(
            container,
            handler -> {
              await(container.inSession(handler, s -> add(s, "one")));
              String id = await(container.changeSessionId(handler));
              await(container.inSession(handler, s -> add(s, "two")));
              return id;
            })) {
      var response = server.get("/shop/handler");
      assertThat(cookie(response)).isEqualTo("JSESSIONID=" + response.body());
      assertThat(get(server, "/shop/servlet", cookie(response)).body())
          .isEqualTo("one,two,servlet");
    }
  }

  @Test
  void getsAnotherIdWhenTheUserLogsIn() throws Exception {
    var container = shop().build();
    try (var server = server(container, handler -> await(container.changeSessionId(handler)))) {
      assertThat(server.get("/shop/handler").statusCode()).as("no session").isEqualTo(500);
      String before = cookie(server.get("/shop/servlet"));
      String after = cookie(get(server, "/shop/handler", before));
      assertThat(after).isNotEqualTo(before);
      assertThat(get(server, "/shop/servlet", after).body()).isEqualTo("servlet,servlet");
      assertThat(get(server, "/shop/servlet", before).body()).isEqualTo("servlet");
    }
  }

  @Test
  void isToldToTheClientEvenIfTheTaskFails() throws Exception {
    var container = shop().build();
    try (var server =
        server(
            container,
            handler -> {
              try {
                return await(
                    container.inSession(
                        handler,
                        s -> {
                          add(s, "handler");
                          throw new IllegalArgumentException("of the task");
                        }));
              } catch (IllegalArgumentException e) {
                return e.getMessage();
              }
            })) {
      var response = server.get("/shop/handler");
      assertThat(response.body()).isEqualTo("of the task");
      assertThat(get(server, "/shop/servlet", cookie(response)).body())
          .isEqualTo("handler,servlet");
    }
  }

  @Test
  void runsWithTheApplicationsClassLoaderAndMayBlock() throws Exception {
    var loader = new ClassLoader(HandlerSessionTest.class.getClassLoader()) {};
    var container = shop().classLoader(loader).build();
    var blocked = new CountDownLatch(1);
    try (var server =
        server(
            container,
            handler -> {
              var mine = IOLoop.current();
              var seen =
                  container.inSession(
                      handler,
                      s -> {
                        assertThat(blocked.await(20, TimeUnit.SECONDS)).isTrue();
                        return Thread.currentThread().getContextClassLoader() == loader
                            && IOLoop.current() == mine;
                      });
              blocked.countDown(); // which the loop could not, if it waited
              return await(seen);
            })) {
      assertThat(server.get("/shop/handler").body()).isEqualTo("true");
    }
  }

  @Test
  void isSavedInTheStore() throws Exception {
    String cookie;
    var first = shop().sessionStore(new FileSessionStore(directory)).build();
    try (var server =
        server(first, handler -> await(first.inSession(handler, s -> add(s, "handler"))))) {
      cookie = cookie(server.get("/shop/handler"));
    }
    var second = shop().sessionStore(new FileSessionStore(directory)).build();
    try (var server =
        server(second, handler -> await(second.inSession(handler, s -> add(s, "again"))))) {
      assertThat(get(server, "/shop/handler", cookie).body()).isEqualTo("handler,again");
    }
  }

  @Test
  void holdsUpTheEndOfTheApplication() throws Exception {
    var inside = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    var container = shop().build();
    var server =
        server(
            container,
            handler ->
                await(
                    container.inSession(
                        handler,
                        s -> {
                          inside.countDown();
                          assertThat(go.await(20, TimeUnit.SECONDS)).isTrue();
                          events.add("task " + add(s, "handler"));
                          return "";
                        })));
    var answer =
        server.client.sendAsync(
            server.request("/shop/handler").build(), HttpResponse.BodyHandlers.ofString());
    assertThat(inside.await(20, TimeUnit.SECONDS)).isTrue();
    var stopping =
        Thread.ofVirtual()
            .start(
                () -> {
                  container.stop();
                  events.add("stopped");
                });
    while (server.get("/shop/servlet").statusCode() != 503) {
      Thread.onSpinWait();
    }
    assertThat(events).doesNotContain("stopped");
    go.countDown();
    assertThat(stopping.join(Duration.ofSeconds(20))).isTrue();
    assertThat(events).endsWith("task handler", "stopped");
    assertThat(answer.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    server.close();
  }

  @Test
  void needsACookie() throws Exception {
    var container = shop().sessionTracking(EnumSet.of(SessionTrackingMode.URL)).build();
    try (var server = server(container, handler -> await(container.inSession(handler, s -> "")))) {
      assertThat(server.get("/shop/handler").statusCode()).isEqualTo(500);
    }
  }

  @Test
  void answers503WhereTheMountDidNotStart() throws Exception {
    var container =
        ServletContainer.builder()
            .listener(
                new ServletContextListener() {
                  @Override
                  public void contextInitialized(ServletContextEvent event) {
                    throw new IllegalStateException("on purpose");
                  }
                })
            .build();
    try (var server = server(container, handler -> await(container.inSession(handler, s -> "")))) {
      assertThat(server.get("/shop/handler").statusCode()).isEqualTo(503);
    }
  }
}
