// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.web.Application.mount;
import static org.waterspout.web.Application.settings;
import static org.waterspout.web.Application.url;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.waterspout.http.Capability;
import org.waterspout.http.HTTPConnection;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPMessageDelegate;
import org.waterspout.http.HTTPServerRequest;
import org.waterspout.http.RequestStartLine;
import org.waterspout.log.Log;
import org.waterspout.routing.AnyMatches;
import org.waterspout.routing.HostMatches;
import org.waterspout.routing.Matcher;
import org.waterspout.routing.PathArguments;
import org.waterspout.routing.PathMatches;
import org.waterspout.routing.ReversibleRouter;
import org.waterspout.routing.Router;
import org.waterspout.routing.Rule;
import org.waterspout.routing.RuleRouter;
import org.waterspout.routing.URLSpec;
import org.waterspout.web.ApplicationTest.Detaching;
import org.waterspout.web.ApplicationTest.FakeMount;
import org.waterspout.web.ApplicationTest.Named;

/** Routers, rules within rules, hosts, and rules that are added later. */
class RoutingTest extends HandlerTest {
  private static final Set<Capability> ALL = EnumSet.allOf(Capability.class);
  private static final Set<Capability> NO_DETACH =
      EnumSet.complementOf(EnumSet.of(Capability.DETACH));

  private static URLSpec named(String pattern, String name) {
    return url(pattern, () -> new Named(name));
  }

  private String answer(Application application, String host, String path) throws Exception {
    from(host);
    var answer = request(application, "GET", path, "");
    return answer.status() == 200 ? answer.body() : "" + answer.status();
  }

  // ---- rules

  @Test
  void asksTheNextRuleWhereNoneWithinWantsTheRequest() throws Exception {
    var application =
        new Application(
            new Rule(new HostMatches("example\\.org"), named("/a", "within")),
            new URLSpec("/b.*", named("/b1", "b1"), new URLSpec("/b2.*", named("/b22", "b22"))),
            named("/.*", "rest"));

    assertThat(answer(application, "example.org", "/a")).isEqualTo("within");
    assertThat(answer(application, "example.com", "/a")).isEqualTo("rest");
    assertThat(answer(application, "example.org", "/b1")).isEqualTo("b1");
    assertThat(answer(application, "example.org", "/b22")).isEqualTo("b22");
    assertThat(answer(application, "example.org", "/b23")).isEqualTo("rest");
  }

  @Test
  void asksMatchersOfTheUsers() throws Exception {
    Matcher beta = request -> request.headers().contains("X-Beta") ? PathArguments.NONE : null;
    var application =
        new Application(new Rule(beta, named("/", "beta")).name("beta"), named("/", "stable"));

    assertThat(answer(application, "example.org", "/")).isEqualTo("stable");
    with("X-Beta", "1");
    assertThat(answer(application, "example.org", "/")).isEqualTo("beta");
    assertThatThrownBy(() -> application.reverseUrl("beta"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("cannot reverse ");
  }

  @Test
  void givesTheArgumentsOfAMatcherToTheHandler() throws Exception {
    Matcher shard = _ -> new PathArguments(List.of(), Map.of("shard", "%41"));
    class Shard extends RequestHandler {
      @Override
      protected void get() {
        write(pathArgument("shard"));
      }
    }
    var rule = url("/", Shard::new);

    assertThat(get("/", new Rule(shard, rule.target())).body()).isEqualTo("A");
  }

  @Test
  void letsARouterChooseHandlers() throws Exception {
    class Resource extends RequestHandler {
      @Override
      protected void get() {
        write(pathArgument(0));
      }
    }
    class ByConvention implements Router {
      private @Nullable Application application;

      @Override
      public @Nullable HTTPMessageDelegate findHandler(
          HTTPServerRequest request, HTTPConnection connection) {
        var name = request.path().substring(1);
        return name.isEmpty()
            ? null
            : application.getHandlerDelegate(
                request, Resource::new, new PathArguments(List.of(name), Map.of()));
      }
    }
    var router = new ByConvention();
    var application = new Application(Rule.any(router), named("/", "home"));
    router.application = application;

    assertThat(answer(application, "example.org", "/b%C3%A4r")).isEqualTo("bär");
    assertThat(answer(application, "example.org", "/")).isEqualTo("home");
  }

  @Test
  void checksAHandlerThatARouterHasChosen() throws Exception {
    var application = new Application();
    Router router =
        (request, _) -> application.getHandlerDelegate(request, Detaching::new, PathArguments.NONE);
    var outer = new Application(Rule.any(router));
    outer.start("Jetty 12", NO_DETACH);
    try (var log = new LogCapture(Log.GENERAL)) {
      lacking(Capability.DETACH);

      assertThat(answer(outer, "example.org", "/")).isEqualTo("501");
      assertThat(log.lines()).singleElement().asString().contains("(chosen by a router)");
    }
  }

  @Test
  void refusesHandlersInARouterThatStandsAlone() throws Exception {
    var router = new RuleRouter(named("/", "x"));

    assertThatThrownBy(() -> router.findHandler(requestOf(router), connection()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("stands in no Application");
  }

  private HTTPServerRequest requestOf(Object serverConnection) throws Exception {
    return new HTTPServerRequest(
        new RequestStartLine("GET", "/", "HTTP/1.1"),
        new HTTPHeaders(),
        serverConnection,
        connection());
  }

  // ---- names

  @Test
  void reversesNamesThroughRoutersAndApplications() {
    ReversibleRouter own =
        new ReversibleRouter() {
          @Override
          public @Nullable Matcher named(String name) {
            return name.equals("own") ? new PathMatches("/own/(.*)") : null;
          }

          @Override
          public @Nullable HTTPMessageDelegate findHandler(
              HTTPServerRequest request, HTTPConnection connection) {
            return null;
          }
        };
    var inner = new Application(named("/inner/(\\d+)", "").name("inner"), Rule.any(own));
    var application =
        new Application(
            new URLSpec("/.*", named("/deep", "").name("deep")),
            Rule.any(inner),
            named("/top", "").name("top"));
    application.addHandlers("example\\.com", named("/com", "").name("com"));

    assertThat(application.reverseUrl("deep")).isEqualTo("/deep");
    assertThat(application.reverseUrl("inner", 7)).isEqualTo("/inner/7");
    assertThat(application.reverseUrl("own", "a b")).isEqualTo("/own/a%20b");
    assertThat(application.reverseUrl("top")).isEqualTo("/top");
    assertThat(application.reverseUrl("com")).isEqualTo("/com");
    assertThatThrownBy(() -> application.reverseUrl("nobody"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no route is named nobody");
    assertThatThrownBy(() -> application.reverseUrl("inner", "x"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void warnsOfANameThatIsGivenTwiceAndTakesTheLast() {
    try (var log = new LogCapture(Log.GENERAL)) {
      var application = new Application(named("/1", "").name("a"), named("/2", "").name("a"));

      assertThat(log.lines()).contains("WARNING Two routes are named a");
      assertThat(application.reverseUrl("a")).isEqualTo("/2");
    }
  }

  @Test
  void prefersItsOwnNamesToThoseWithin() {
    var application =
        new Application(
            Rule.any(new Application(named("/inner", "").name("home"))),
            named("/outer", "").name("home"));

    assertThat(application.reverseUrl("home")).isEqualTo("/outer");
  }

  // ---- hosts

  @Test
  void asksTheHostsInTheirOrderAndThenTheRulesForAll() throws Exception {
    var application = new Application(named("/", "all"), named("/x", "all x"));
    application.addHandlers("www\\.example\\.org", named("/", "first"));
    application.addHandlers(".*\\.example\\.org", named("/", "second"), named("/y", "second y"));

    assertThat(answer(application, "WWW.Example.org:8080", "/")).isEqualTo("first");
    assertThat(answer(application, "www.example.org", "/y")).isEqualTo("second y");
    assertThat(answer(application, "www.example.org", "/x")).isEqualTo("all x");
    assertThat(answer(application, "a.example.org", "/")).isEqualTo("second");
    assertThat(answer(application, "www.example.org.evil.com", "/")).isEqualTo("all");
    assertThat(answer(application, "www.example.org", "/z")).isEqualTo("404");
  }

  @Test
  void servesTheDefaultHostWhereNothingElseDoes() throws Exception {
    var settings = settings().defaultHost("Example.org").build();
    var application = new Application(settings, named("/", "all"));
    application.addHandlers("example\\.org", named("/", "host"), named("/x", "host x"));
    application.addHandlers("example\\.com", named("/x", "com x"));

    assertThat(answer(application, "192.0.2.1", "/x")).isEqualTo("host x");
    assertThat(answer(application, "192.0.2.1", "/")).isEqualTo("all");
    assertThat(answer(application, "example.com", "/x")).isEqualTo("com x");
    assertThat(answer(application, "example.com", "/y")).isEqualTo("404");
  }

  @Test
  void matchesAnythingByAnyMatches() throws Exception {
    assertThat(get("/x?y", new Rule(new AnyMatches(), named("/x", "any"))).body()).isEqualTo("any");
  }

  @Test
  void tellsWhetherItHasARouteWithoutGivingTheRequestToIt() throws Exception {
    var application =
        new Application(
            settings().defaultHost("example.net").build(),
            named("/a", "a"),
            new URLSpec("/b.*", named("/b1", "b1")),
            new Rule(new PathMatches("/in/.*"), new Application(named("/in/x", "x"))));
    application.addHandlers("example\\.org", named("/org", "org"));
    application.addHandlers("example\\.net", named("/net", "net"));

    assertThat(hasRoute(application, "example.com", "/a")).isTrue();
    assertThat(hasRoute(application, "example.com", "/b1")).isTrue();
    assertThat(hasRoute(application, "example.com", "/b2")).isFalse();
    assertThat(hasRoute(application, "example.com", "/in/y")).isTrue(); // its own 404
    assertThat(hasRoute(application, "example.com", "/org")).isFalse();
    assertThat(hasRoute(application, "example.org", "/org")).isTrue();
    assertThat(hasRoute(application, "example.com", "/net")).isTrue();
    assertThat(hasRoute(application, "example.com", "/")).isFalse();
  }

  private boolean hasRoute(Application application, String host, String path) throws Exception {
    var answer = new AtomicBoolean();
    Router asking =
        (request, _) -> {
          answer.set(application.hasRoute(request));
          return null;
        };
    assertThat(answer(new Application(Rule.any(asking)), host, path)).isEqualTo("404");
    return answer.get();
  }

  // ---- added later

  @Test
  void servesRulesThatAreAddedWhileRequestsAreOnTheirWay() throws Exception {
    var application = new Application(named("/", "old"));
    application.start("one", ALL);
    var asked = new CountDownLatch(1);
    var adding =
        new FutureTask<Void>(
            () -> {
              asked.await();
              application.addHandlers("example\\.org", named("/", "new"));
              return null;
            });
    Thread.ofPlatform().start(adding);
    var connection = connection();
    onLoop(
        () -> {
          var delegate = begin(application, connection, "GET", "/");
          asked.countDown();
          adding.get();
          delegate.finish();
          return null;
        });

    assertThat(connection.body()).isEqualTo("old");
    assertThat(answer(application, "example.org", "/")).isEqualTo("new");
  }

  @Test
  void checksRulesThatAreAddedWhileItIsServed() throws Exception {
    var application = new Application();
    application.start("Jetty 12", NO_DETACH);

    assertThatThrownBy(() -> application.addHandlers(".*", url("/a", Detaching::new)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Jetty 12")
        .hasMessageContaining("route /a");
    assertThat(answer(application, "example.org", "/a")).isEqualTo("404");
    application.stop();
    application.addHandlers(".*", url("/a", Detaching::new));
    assertThatThrownBy(() -> application.start("Jetty 12", NO_DETACH))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void checksRulesThatAreAddedToAnApplicationWithinAServedOne() throws Exception {
    var inner = new Application();
    var outer = new Application(new URLSpec("/.*", Rule.any(inner)));
    outer.start("Jetty 12", NO_DETACH);

    assertThatThrownBy(() -> inner.addHandlers(".*", url("/a", Detaching::new)))
        .hasMessageContaining("Jetty 12");
    outer.stop();
    inner.addHandlers(".*", url("/a", Detaching::new));
    assertThatThrownBy(() -> outer.start("Jetty 12", NO_DETACH)).hasMessageContaining("route /a");
  }

  @Test
  void takesMountsUntilItIsServed() throws Exception {
    var application = new Application(mount("/a", new FakeMount()));
    var later = new FakeMount();
    application.addHandlers("example\\.org", mount("/b", later));
    assertThatThrownBy(() -> application.addHandlers(".*", mount("/c", later)))
        .hasMessageContaining("twice");
    application.start("one", ALL);

    assertThatThrownBy(() -> application.addHandlers(".*", mount("/c", new FakeMount())))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("before the application is served");
    application.stop();
    assertThat(later.events).containsExactly("start /b", "stop");
  }

  @Test
  void isNotServedIfAMountDidNotStart() throws Exception {
    var application = new Application(mount("/a", new FakeMount(new IllegalStateException("no"))));
    assertThatThrownBy(() -> application.start("one", ALL)).hasMessageContaining("/a");

    application.addHandlers(".*", mount("/c", new FakeMount()));
  }

  @Test
  void startsMountsWithinApplicationsAtTheirOwnPaths() throws Exception {
    var fake = new FakeMount();
    var inner = new Application(mount("/m", fake));
    var outer = new Application(new Rule(new HostMatches("example\\.org"), Rule.any(inner)));
    outer.start("one", ALL);
    request(outer, "GET", "/m/x", "");
    outer.stop();

    assertThat(fake.events).containsExactly("start /m", "request", "stop");
  }

  // ---- no route

  @ParameterizedTest
  @CsvSource({"GET", "POST", "PROPFIND"})
  void answers404WhereThereIsNoRoute(String method) throws Exception {
    var answer = request(method, "/x", method.equals("POST") ? "body" : "");

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.body()).contains("404", "Not Found");
  }

  @Test
  void asksTheDefaultHandlerWhereThereIsNoRoute() throws Exception {
    class NotFound extends ErrorHandler {
      NotFound() {
        super(404);
      }

      @Override
      protected void writeError(int status, @Nullable Throwable cause) {
        write("nothing at " + request().path());
      }
    }
    var settings = settings().defaultHandler(NotFound::new).build();
    var application = new Application(settings, named("/", "x"));
    var answer = request(application, "GET", "/y", "");

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.body()).isEqualTo("nothing at /y");
  }

  @Test
  void checksTheDefaultHandlerToo() {
    var settings = settings().defaultHandler(Detaching::new).build();

    assertThatThrownBy(() -> new Application(settings).start("Jetty 12", NO_DETACH))
        .hasMessageContaining("route (no route)");
    assertThatThrownBy(
            () -> new Application(Rule.any(new Application(settings))).start("Jetty", NO_DETACH))
        .hasMessageContaining("route (no route)");
  }

  @Test
  void answersWithTheErrorOfARoute() throws Exception {
    var gone = url("/old/.*", () -> new ErrorHandler(410));

    assertThat(get("/old/x", gone).status()).isEqualTo(410);
    assertThat(request("BREW", "/old/x", "", gone).status()).isEqualTo(410);
    assertThat(request("POST", "/old/x", "a=%", gone).status()).isEqualTo(410);
  }
}
