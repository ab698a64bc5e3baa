// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.web.Application.mount;
import static org.waterspout.web.Application.settings;
import static org.waterspout.web.Application.url;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.routing.Rule;
import org.waterspout.routing.RuleRouter;
import org.waterspout.web.Application;
import org.waterspout.web.FallbackHandler;
import org.waterspout.web.RequestHandler;

/** Routes in front of a part of a mount, and other spellings of the paths that they are for. */
class MountGuardTest {
  private static final String GUARDED = "HTTP/1.1 200 OK, guard";
  private static final String REFUSED = "HTTP/1.1 400 Bad Request";

  /** Answers what servlets must not get. */
  static final class Guard extends RequestHandler {
    @Override
    protected void get() {
      write("guard");
    }
  }

  private static final Rule[] GUARDS = {
    url("/legacy/admin(/.*)?", Guard::new),
    url("/legacy/cart", Guard::new),
    url("/legacy/caf%C3%A9", Guard::new),
    url("/legacy/a%20b", Guard::new),
    url("/legacy/a@b\\(c\\)", Guard::new)
  };

  private static ServletContainer legacy() {
    Code.Service echo =
        (request, response) -> {
          response.setCharacterEncoding("UTF-8");
          response.getWriter().print(request.getServletPath() + request.getPathInfo());
        };
    return ServletContainer.builder().servlet("echo", Code.servlet(echo), "/*").build();
  }

  /** The status line, and the body of an answer that is 200. */
  private static String answer(BridgeServer server, String path) throws Exception {
    try (var socket = server.connect()) {
      String request = "GET " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      String line = all.substring(0, all.indexOf("\r\n"));
      return line.endsWith("200 OK") ? line + ", " + all.split("\r\n\r\n", 2)[1] : line;
    }
  }

  private static Rule[] behindGuards(Rule last) {
    var rules = Arrays.copyOf(GUARDS, GUARDS.length + 1);
    rules[GUARDS.length] = last;
    return rules;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/legacy/%61dmin",
        "/legacy/%61dmin/users",
        "/legacy//admin",
        "/legacy/./admin",
        "/legacy/x/../admin",
        "/legacy/../legacy/admin",
        "/legacy/%2e/admin",
        "/legacy/x%2F..%2Fadmin",
        "/legacy/admin;x",
        "/legacy/admin;jsessionid=1/users",
        "/legacy/;a=b/admin",
        "/legacy/cart;jsessionid=1",
        "/legacy/cart;",
        "/legacy/c%61rt?x=y",
        "http://h/legacy/%61dmin",
        "/legacy/caf%c3%a9",
        "/legacy/caf%c3%A9;x",
        "/legacy/a%20%62",
        "/legacy/a%40b(c)",
        "/legacy/a@b%28c%29",
      })
  void refusesOtherSpellingsOfWhatIsGuarded(String path) throws Exception {
    var container = legacy();
    try (var server = new BridgeServer(behindGuards(mount("/legacy", container)))) {
      assertThat(answer(server, path)).isEqualTo(REFUSED);
      assertThat(answer(server, "/legacy/admin")).isEqualTo(GUARDED);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/legacy/caf%C3%A9s, /cafés",
        "/legacy/caf%c3%a9s, /cafés",
        "/legacy/a%20bc, /a bc",
        "/legacy/x;jsessionid=1, /x",
        "/legacy/x;jsessionid=1/y, /x/y",
        "/legacy/%7Euser, /~user",
        "/legacy/%61b, /ab",
        "/legacy//x//y, /x/y",
        "/legacy/x/../y, /y",
        "/legacy/a%40b.org, /a@b.org",
        "/legacy/administration;x, /administration",
        "/legacy/a%3Bb, /a;b",
      })
  void givesTheMountAllOtherPathsInAnySpelling(String pathAndInfo) throws Exception {
    String[] parts = pathAndInfo.split(", ", 2);
    try (var server = new BridgeServer(behindGuards(mount("/legacy", legacy())))) {
      assertThat(answer(server, parts[0])).isEqualTo("HTTP/1.1 200 OK, " + parts[1]);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/%61dmin", "//admin", "/admin;x", "/x/../admin"})
  void guardsAMountOfEverything(String path) throws Exception {
    try (var server = new BridgeServer(url("/admin", Guard::new), mount("", legacy()))) {
      assertThat(answer(server, path)).isEqualTo(REFUSED);
      assertThat(answer(server, "/%78")).isEqualTo("HTTP/1.1 200 OK, /x");
    }
  }

  @Test
  void looksAtRulesAroundTheRoutersAndApplicationsThatHoldTheMount() throws Exception {
    Rule inner = mount("/legacy", legacy());
    Rule[] rules = {
      url("/legacy/admin", Guard::new),
      Rule.any(new RuleRouter(url("/legacy/cart", Guard::new))),
      Rule.any(new Application(url("/legacy/third", Guard::new), inner))
    };
    try (var server = new BridgeServer(rules)) {
      assertThat(answer(server, "/legacy/%61dmin")).isEqualTo(REFUSED);
      assertThat(answer(server, "/legacy/cart;x")).isEqualTo(REFUSED);
      assertThat(answer(server, "/legacy/third;x")).isEqualTo(REFUSED);
      assertThat(answer(server, "/legacy/fourth;x")).isEqualTo("HTTP/1.1 200 OK, /fourth");
    }
  }

  @Test
  void refusesSpellingsBehindAHandlerThatHandsOver() throws Exception {
    var container = legacy();
    Supplier<FallbackHandler> toServlets = () -> new FallbackHandler(container);
    Rule[] rules = {
      url("/legacy/admin", Guard::new),
      url("/legacy/.*", toServlets),
      // starts and stops the container; no request is for it
      new Rule(_ -> null, container),
    };
    try (var server = new BridgeServer(rules)) {
      assertThat(answer(server, "/legacy/%61dmin")).isEqualTo(REFUSED);
      assertThat(answer(server, "/legacy/admin;x")).isEqualTo(REFUSED);
      assertThat(answer(server, "/legacy/%2F")).isEqualTo(REFUSED);
      assertThat(answer(server, "/legacy/x;y")).isEqualTo("HTTP/1.1 200 OK, /legacy/x");
    }
  }

  @Test
  void guardsServletsBehindTheDefaultHandler() throws Exception {
    var container = legacy();
    container.start("");
    var withDefault = settings().defaultHandler(() -> new FallbackHandler(container)).build();
    var application = new Application(withDefault, url("/admin", Guard::new));
    try (var server = new BridgeServer(Rule.any(application))) {
      assertThat(answer(server, "/admin")).isEqualTo(GUARDED);
      assertThat(answer(server, "/%61dmin")).isEqualTo(REFUSED);
      assertThat(answer(server, "/x;y")).isEqualTo("HTTP/1.1 200 OK, /x");
    } finally {
      container.stop();
    }
  }
}
