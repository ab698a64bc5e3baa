// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.waterspout.bridge.engine.WebApp;

/** Sessions that outlive their mount. */
class SessionRestartTest {
  private static final Code.Service COUNT =
      (request, response) -> {
        var session = request.getSession();
        int count = session.getAttribute("n") instanceof Integer n ? n + 1 : 1;
        session.setAttribute("n", count);
        response.getWriter().print(count);
      };

  @TempDir private Path directory;

  private ServletContainer.Builder app() {
    return ServletContainer.builder()
        .sessionStore(new FileSessionStore(directory))
        .servlet("count", Code.servlet(COUNT), "/count")
        .servlet(
            "logout",
            Code.servlet((request, response) -> request.getSession().invalidate()),
            "/logout");
  }

  @Test
  void goOnAfterARestart() throws Exception {
    String cookie;
    try (var app = TestApp.start("/app", app())) {
      cookie = app.get("/app/count").sessionCookie();
      assertThat(app.get("/app/count", "Cookie", cookie).text()).isEqualTo("2");
    }
    try (var app = TestApp.start("/app", app())) {
      Answer third = app.get("/app/count", "Cookie", cookie);
      assertThat(third.text()).isEqualTo("3");
      assertThat(third.cookies()).isEmpty();
      app.get("/app/logout", "Cookie", cookie);
    }
    try (var app = TestApp.start("/app", app())) {
      assertThat(app.get("/app/count", "Cookie", cookie).text()).isEqualTo("1");
    }
    try (var app = TestApp.start("/other", app())) {
      assertThat(app.get("/other/count", "Cookie", cookie).text()).isEqualTo("1");
    }
  }

  @Test
  void haveObjectsOfTheApplicationsOwnClasses() throws Exception {
    Path classes = directory.resolve("classes");
    Compiled.classes(
        classes,
        Map.of("shop.Cart", "package shop; public class Cart implements java.io.Serializable {}"));
    Code.Service service =
        (request, response) -> {
          ClassLoader loader = Thread.currentThread().getContextClassLoader();
          Object cart = request.getSession().getAttribute("cart");
          if (cart == null) {
            request
                .getSession()
                .setAttribute("cart", loader.loadClass("shop.Cart").getConstructor().newInstance());
          }
          response.getWriter().print(cart != null && cart.getClass().getClassLoader() == loader);
        };
    String cookie = null;
    for (String expected : List.of("false", "true")) {
      try (var loader =
              new URLClassLoader(
                  new URL[] {classes.toUri().toURL()}, WebApp.class.getClassLoader());
          var app =
              TestApp.start(
                  "/app",
                  ServletContainer.builder()
                      .classLoader(loader)
                      .sessionStore(new FileSessionStore(directory.resolve("sessions")))
                      .servlet("s", Code.servlet(service), "/*"))) {
        Answer answer = cookie == null ? app.get("/app/") : app.get("/app/", "Cookie", cookie);
        assertThat(answer.text()).isEqualTo(expected);
        cookie = cookie == null ? answer.sessionCookie() : cookie;
      }
    }
  }

  @Test
  void doNotStartWithTheSessionsOfAnotherMount() throws Exception {
    try (var app = TestApp.start("/app", app())) {
      assertThat(app.get("/app/count").status()).isEqualTo(200);
      assertThatThrownBy(() -> app().onStartFailure(OnStartFailure.FAIL).build().start("/app"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("in use");
    }
  }

  @Test
  void answer503WhileTheStoreFails() throws Exception {
    var fails = new AtomicBoolean();
    SessionStore files = new FileSessionStore(directory);
    SessionStore store =
        new SessionStore() {
          @Override
          public void start(String contextPath) throws IOException {
            files.start(contextPath);
          }

          @Override
          public StoredSession load(String id) throws IOException {
            if (fails.get()) {
              throw new IOException("the network is down");
            }
            return files.load(id);
          }

          @Override
          public void save(StoredSession session) throws IOException {
            files.save(session);
          }

          @Override
          public void delete(String id) throws IOException {
            files.delete(id);
          }

          @Override
          public Collection<String> expired(Instant now) throws IOException {
            return files.expired(now);
          }

          @Override
          public void stop() {
            files.stop();
          }
        };
    String cookie;
    try (var app = TestApp.start("/app", app())) {
      cookie = app.get("/app/count").sessionCookie();
    }
    try (var app = TestApp.start("/app", app().sessionStore(store).errorPage("/count"))) {
      fails.set(true);
      Answer refused = app.get("/app/count", "Cookie", cookie);
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.header("Retry-After")).isEqualTo("1");
      assertThat(refused.cookies()).as("no other session takes its place").isEmpty();
      assertThat(app.get("/app/count").text()).as("who has no session").isEqualTo("1");
      fails.set(false);
      assertThat(app.get("/app/count", "Cookie", cookie).text()).isEqualTo("2");
    }
  }

  /** Knows no session, and counts who asks. */
  private static final class Empty implements SessionStore {
    final AtomicInteger asked = new AtomicInteger();

    @Override
    public StoredSession load(String id) {
      asked.incrementAndGet();
      return null;
    }

    @Override
    public void save(StoredSession session) {}

    @Override
    public void delete(String id) {}

    @Override
    public Collection<String> expired(Instant now) {
      return List.of();
    }
  }

  @Test
  void areLookedForAFewTimesOnlyHoweverManyIdsARequestHas() throws Exception {
    var store = new Empty();
    var cookies = new StringBuilder("first=x");
    for (int i = 0; i < 1000; i++) {
      cookies.append("; JSESSIONID=%024d".formatted(i));
    }
    try (var app = TestApp.start("/app", app().sessionStore(store))) {
      assertThat(app.get("/app/count", "Cookie", cookies.toString()).text()).isEqualTo("1");
    }
    assertThat(store.asked).hasValueLessThan(10);
  }

  @Test
  void areNotComplainedOfOneByOneWhileTheStoreTakesNone() throws Exception {
    SessionStore store =
        new SessionStore() {
          @Override
          public StoredSession load(String id) {
            return null;
          }

          @Override
          public void save(StoredSession session) throws IOException {
            throw new IOException("the network is down");
          }

          @Override
          public void delete(String id) throws IOException {
            throw new IOException("the network is down");
          }

          @Override
          public Collection<String> expired(Instant now) {
            return List.of();
          }
        };
    try (var app = TestApp.start("/app", app().sessionStore(store));
        var log = new LogLines()) {
      for (int i = 0; i < 100; i++) {
        String cookie = app.get("/app/count").sessionCookie();
        app.get("/app/logout", "Cookie", cookie);
      }
      assertThat(log.lines)
          .filteredOn(line -> line.contains("is not saved: java.io.IOException: the network"))
          .hasSizeBetween(1, 10);
      assertThat(log.lines)
          .filteredOn(line -> line.contains("is not deleted: java.io.IOException: the network"))
          .hasSizeBetween(1, 10);
    }
  }
}
