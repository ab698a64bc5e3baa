// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.web.Application.mount;
import static org.waterspout.web.Application.settings;
import static org.waterspout.web.Application.url;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.waterspout.escape.Escape;
import org.waterspout.http.Capability;
import org.waterspout.http.HTTPConnection;
import org.waterspout.http.HTTPMessageDelegate;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.log.Log;
import org.waterspout.routing.HostMatches;
import org.waterspout.routing.Mount;
import org.waterspout.routing.Rule;
import org.waterspout.routing.RuleRouter;
import org.waterspout.routing.RuleTarget;

/** Routes, mounts and the check of capabilities. */
class ApplicationTest extends HandlerTest {
  private static final Set<Capability> ALL = EnumSet.allOf(Capability.class);
  private static final Set<Capability> NO_DETACH =
      EnumSet.complementOf(EnumSet.of(Capability.DETACH, Capability.CLOSE_DETECTION));

  static class Named extends RequestHandler {
    private final String name;

    Named(String name) {
      this.name = name;
    }

    @Override
    protected void get() {
      write(name);
    }
  }

  static class Detaching extends RequestHandler {
    @Override
    protected void get() {
      detach();
    }
  }

  static class DetachingTwice extends Detaching {
    @Override
    protected void post() {
      detach();
    }
  }

  @Prefers(Capability.CLOSE_DETECTION)
  static class Coping extends RequestHandler {
    @Override
    protected void onConnectionClose() {}
  }

  /** Notes what becomes of it. */
  static final class FakeMount implements Mount {
    final List<String> events = new ArrayList<>();
    private final Throwable failure;

    FakeMount() {
      this(null);
    }

    FakeMount(Throwable failure) {
      this.failure = failure;
    }

    @Override
    public void start(String prefix) {
      events.add(IOLoop.current().onLoop() ? "started on the loop" : "start " + prefix);
      switch (failure) {
        case null -> {}
        case Error e -> throw e;
        case RuntimeException e -> throw e;
        default -> throw new AssertionError(failure);
      }
    }

    @Override
    public void stop() {
      events.add(IOLoop.current().onLoop() ? "stopped on the loop" : "stop");
    }

    @Override
    public HTTPMessageDelegate startRequest(Object serverConnection, HTTPConnection connection) {
      events.add("request");
      return new RuleRouter().startRequest(serverConnection, connection);
    }

    @Override
    public void onClose(Object serverConnection) {
      events.add("close " + serverConnection);
    }
  }

  // ---- routes

  @Test
  void takesTheFirstRouteThatMatches() throws Exception {
    Rule[] rules = {
      url("/a", () -> new Named("first")),
      url("/a|/b", () -> new Named("second")),
      url("/.*", () -> new Named("rest"))
    };

    assertThat(get("/a", rules).body()).isEqualTo("first");
    assertThat(get("/b", rules).body()).isEqualTo("second");
    assertThat(get("/c", rules).body()).isEqualTo("rest");
  }

  @Test
  void asksRoutersAndApplicationsWithin() throws Exception {
    var forHost = new RuleRouter(url("/", () -> new Named("host")).name("host"));
    var other = new Application(url("/", () -> new Named("other")).name("other"));
    var application =
        new Application(
            new Rule(new HostMatches("example\\.(org|com)"), RuleTarget.of(forHost)),
            Rule.any(other));

    assertThat(request(application, "GET", "/", "").body()).isEqualTo("host");
    assertThat(application.reverseUrl("host")).isEqualTo("/");
    assertThat(application.reverseUrl("other")).isEqualTo("/");
    assertThatThrownBy(() -> application.reverseUrl("nobody")).hasMessageContaining("nobody");
  }

  @Test
  void givesAMountItsPrefixAndNothingElse() throws Exception {
    var fake = new FakeMount();
    var application = new Application(mount("/m", fake));
    request(application, "GET", "/m", "");
    request(application, "GET", "/m/x?y", "");
    request(application, "GET", "/mx", "");
    request(application, "GET", "/%6d/x", "");
    application.onClose("connection");

    assertThat(fake.events).containsExactly("request", "request", "close connection");
    assertThatThrownBy(() -> mount("m/", fake)).hasMessageContaining("\"m/\"");
    assertThatThrownBy(() -> new Application(mount("/a", fake), mount("/b", fake)))
        .hasMessageContaining("twice");
  }

  @Test
  void refusesContradictoryHandlersAtOnce() {
    class Wrong extends RequestHandler {
      @Override
      protected void dataReceived(byte[] chunk) {}
    }

    assertThatThrownBy(() -> new Application(url("/", Wrong::new)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Wrong");
  }

  // ---- life

  @Test
  void startsMountsWithTheFirstServerAndStopsThemWithTheLast() throws Exception {
    var fake = new FakeMount();
    var application = new Application(mount("/m", fake));
    application.start("one", ALL);
    application.start("two", ALL);
    application.stop();
    assertThat(fake.events).containsExactly("start /m");
    application.stop();
    application.stop();

    assertThat(fake.events).containsExactly("start /m", "stop");
  }

  @Test
  void startsAllMountsOrNone() {
    var fine = new FakeMount();
    var broken = new FakeMount(new IllegalStateException("no disk"));
    var application = new Application(mount("/a", fine), mount("/b", broken));

    assertThatThrownBy(() -> application.start("one", ALL))
        .hasMessage("the mount at \"/b\" does not start: no disk");
    assertThat(fine.events).containsExactly("start /a", "stop");
    assertThat(broken.events).containsExactly("start /b");
  }

  @Test
  void stopsStartedMountsWhenAnotherLacksAClass() {
    var fine = new FakeMount();
    var broken = new FakeMount(new NoClassDefFoundError("x/Y"));
    var application = new Application(mount("/a", fine), mount("/b", broken));

    assertThatThrownBy(() -> application.start("one", ALL))
        .hasMessage("the mount at \"/b\" does not start: x/Y");
    assertThat(fine.events).containsExactly("start /a", "stop");
  }

  // ---- capabilities

  @Test
  void namesAllLossesWhenItDoesNotStart() {
    var fake = new FakeMount();
    var application =
        new Application(
            url("/a", Detaching::new),
            url("/b", Coping::new),
            url("/c", () -> new Named("c")),
            mount("/m", fake));

    assertThatThrownBy(() -> application.start("Jetty 12", NO_DETACH))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            """
            This application cannot run in Jetty 12
              DETACH is not offered: take over the socket and leave HTTP
                route /a, %s: get() calls detach
              Where a handler copes with the loss, say so with @Prefers. To answer these routes with 501 and serve the others:
              settings().onMissingCapability(OnMissingCapability.ROUTE)\
            """
                .formatted(Detaching.class.getName()));
    assertThat(fake.events).isEmpty();
  }

  @Test
  void reportsRefusalsAndLossesApart() {
    var report =
        new Application(url("/a", Detaching::new), url("/b", Coping::new))
            .capabilityReport(NO_DETACH);

    assertThat(report.missing()).containsExactly(Capability.DETACH, Capability.CLOSE_DETECTION);
    assertThat(report.losses())
        .containsExactly(
            new CapabilityUse(
                "/a", Detaching.class.getName(), Capability.DETACH, "get() calls detach", true),
            new CapabilityUse(
                "/b",
                Coping.class.getName(),
                Capability.CLOSE_DETECTION,
                "overrides onConnectionClose",
                false));
    assertThat(report.refusals()).hasSize(1);
  }

  @Test
  void leavesTheRefusalToTheRouteWhereAskedTo() throws Exception {
    var settings = settings().onMissingCapability(OnMissingCapability.ROUTE).build();
    var application =
        new Application(settings, url("/a", Detaching::new), url("/b", () -> new Named("b")));
    try (var log = new LogCapture(Log.GENERAL)) {
      application.start("Jetty 12", NO_DETACH);
      lacking(Capability.DETACH);

      assertThat(request(application, "GET", "/a", "").status()).isEqualTo(501);
      assertThat(request(application, "GET", "/b", "").body()).isEqualTo("b");
      assertThat(log.lines().getFirst())
          .isEqualTo(
              "WARNING In Jetty 12, route /a is answered with 501: no DETACH (%s: get() calls detach)"
                  .formatted(Detaching.class.getName()));
    }
  }

  @Test
  void saysInOneLineForEachRouteWhatItLoses() {
    var settings = settings().onMissingCapability(OnMissingCapability.ROUTE).build();
    var application =
        new Application(
            settings,
            url("/a", DetachingTwice::new),
            url("/b", Coping::new),
            url("/c", () -> new Named("c")));
    try (var log = new LogCapture(Log.GENERAL)) {
      application.start("Jetty 12", NO_DETACH);

      assertThat(log.lines())
          .containsExactly(
              "WARNING In Jetty 12, route /a is answered with 501: no DETACH"
                  + " (%1$s: post() calls detach), DETACH (%1$s: get() calls detach)"
                      .formatted(DetachingTwice.class.getName()),
              "INFO In Jetty 12, route /b does without CLOSE_DETECTION"
                  + " (%s: overrides onConnectionClose)".formatted(Coping.class.getName()));
    }
  }

  @Test
  void tellsWhoAsksWhatIsOfferedAndLost() throws Exception {
    var application =
        new Application(
            settings().onMissingCapability(OnMissingCapability.ROUTE).build(),
            url("/a", Detaching::new),
            url("/about", CapabilitiesHandler::new));
    lacking(Capability.DETACH);

    var answer = Escape.jsonDecode(request(application, "GET", "/about", "").body());

    assertThat(answer)
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .containsEntry("deployment", "Test 1.0")
        .containsEntry("unknown", List.of())
        .containsEntry(
            "losses",
            List.of(
                Map.of(
                    "route", "/a",
                    "handler", Detaching.class.getName(),
                    "capability", "DETACH",
                    "where", "get() calls detach",
                    "required", true)))
        .hasEntrySatisfying(
            "capabilities",
            all ->
                assertThat(all)
                    .asInstanceOf(InstanceOfAssertFactories.LIST)
                    .hasSize(Capability.values().length)
                    .contains(
                        Map.of(
                            "name", "DETACH",
                            "meaning", "take over the socket and leave HTTP",
                            "offered", false)));
  }

  @Test
  void checksClassesThatItOnlySeesLater() throws Exception {
    boolean detaching = !ALL.isEmpty();
    var rule = url("/x", () -> detaching ? new Detaching() : new Named("x"));
    var application = new Application(rule);

    assertThat(application.capabilityReport(NO_DETACH).unknown()).containsExactly("/x");
    try (var _ = new LogCapture(Log.GENERAL)) {
      lacking(Capability.DETACH);
      assertThat(request(application, "GET", "/x", "").status()).isEqualTo(501);
    }
  }

  @Test
  void knowsTheClassOfAHandlerWithoutAName() {
    var rule =
        url(
            "/x",
            () ->
                new RequestHandler() {
                  @Override
                  protected void get() {
                    detach();
                  }
                });

    assertThat(new Application(rule).capabilityReport(NO_DETACH).losses()).hasSize(1);
  }
}
