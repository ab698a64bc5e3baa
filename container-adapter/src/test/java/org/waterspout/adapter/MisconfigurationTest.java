// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.web.Application.url;

import jakarta.servlet.http.HttpFilter;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.waterspout.web.Application;
import org.waterspout.web.RequestHandler;

@ParameterizedClass
@EnumSource(Container.Kind.class)
class MisconfigurationTest {
  @Parameter private Container.Kind kind;

  /** Supplies an Application. */
  public static final class Good implements Supplier<Application> {
    @Override
    public Application get() {
      return new TestHandlers().application();
    }
  }

  /** Supplies nothing. */
  public static final class SuppliesNull implements Supplier<@Nullable Application> {
    @Override
    public @Nullable Application get() {
      return null;
    }
  }

  /** Is neither. */
  public static final class Unrelated {}

  /** Has the wrong constructor. */
  public static final class NeedsArguments {
    public NeedsArguments(int unused) {}
  }

  /** Fails. */
  public static final class Failing {
    public Failing() {
      throw new IllegalStateException("no database");
    }
  }

  @Test
  void startsTheApplicationThatTheParameterNames() throws Exception {
    try (var container = containerWithParameter(Good.class.getName()).start();
        var client = container.connect()) {
      assertThat(client.get("/echo/x").text()).isEqualTo("GET /echo/x");
    }
  }

  @ParameterizedTest
  @CsvSource({
    ", servlet app has no init-param \"application\"",
    "org.example.Missing, no class org.example.Missing in WEB-INF/classes or WEB-INF/lib",
    "org.waterspout.adapter.MisconfigurationTest$SuppliesNull, supplied null instead of an",
    "org.waterspout.adapter.MisconfigurationTest$Unrelated, is neither an org.waterspout.web.App",
    "org.waterspout.adapter.MisconfigurationTest$NeedsArguments, public constructor without",
    "org.waterspout.adapter.MisconfigurationTest$Failing, failed: java.lang.IllegalStateException:"
        + " no database",
  })
  void failsTheDeploymentWithAMessage(@Nullable String className, String message) throws Exception {
    try (var log = new CapturedLog();
        var container = containerWithParameter(className)) {
      startInVain(container);
      assertThat(log.text()).contains(message);
    }
    assertThat(Threads.thatStay()).isEmpty();
  }

  /** Wants to be told when its client goes. */
  static final class Watching extends RequestHandler {
    @Override
    protected void onConnectionClose() {}
  }

  @Test
  void failsTheDeploymentOfAnApplicationThatNeedsMore() throws Exception {
    var application = new Application(url("/watch", Watching::new));
    try (var log = new CapturedLog();
        var container = kind.of(new ServletAdapter(application))) {
      startInVain(container);
      assertThat(log.text()).contains("CLOSE_DETECTION", "/watch", kind.shown());
    }
    assertThat(Threads.thatStay()).isEmpty();
  }

  @Test
  void tellsHowLargeBodiesMayBe() throws Exception {
    try (var log = new CapturedLog();
        var _ = kind.of(adapter(Mode.ASYNC)).start()) {
      assertThat(log.text())
          .contains(kind.shown(), "bodies up to 104857600 bytes")
          .matches(text -> text.contains("MAX_ENTITY_SIZE") == (kind == Container.Kind.UNDERTOW));
    }
  }

  @Test
  void namesTheServletThatDoesNotSupportAsync() throws Exception {
    try (var log = new CapturedLog();
        var container = kind.of(adapter(Mode.ASYNC)).withAsync(false).start();
        var client = container.connect()) {
      assertThat(client.get("/echo").status()).isEqualTo(500);
      assertThat(log.text()).contains("servlet app needs <async-supported>true");
    }
  }

  @Test
  void namesTheFiltersInFrontThatMayNotSupportAsync() throws Exception {
    try (var log = new CapturedLog();
        var container =
            kind.of(adapter(Mode.ASYNC)).withFilter("legacy", new HttpFilter() {}, false).start();
        var first = container.connect();
        var second = container.connect()) {
      assertThat(first.get("/echo").status()).isEqualTo(500);
      assertThat(second.get("/echo").status()).isEqualTo(500);
      assertThat(log.text()).containsOnlyOnce("filters in front: [legacy (");
    }
  }

  @Test
  void servesSynchronouslyWhereAFilterForbidsMoreAndWarnsOnce() throws Exception {
    try (var log = new CapturedLog();
        var container =
            kind.of(adapter(Mode.AUTO)).withFilter("legacy", new HttpFilter() {}, false).start();
        var client = container.connect()) {
      assertThat(client.get("/echo/1").text()).isEqualTo("GET /echo/1");
      assertThat(client.get("/echo/2").text()).isEqualTo("GET /echo/2");
      assertThat(log.text())
          .containsOnlyOnce("filters in front: [legacy (")
          .contains(kind.shown(), "(servlet, sync)");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "mode, blocking, 'auto, async or sync'",
    "maxBodySize, 1e6, digits",
    "stallTimeout, 0, stallTimeout",
    "loops, -1, digits",
    "xheaders, yes, true or false",
  })
  void failsTheDeploymentOfAnOptionThatIsNone(String name, String value, String message)
      throws Exception {
    try (var log = new CapturedLog();
        var container = kind.of(adapter(Mode.AUTO)).withInitParameter(name, value)) {
      startInVain(container);
      assertThat(log.text()).contains("servlet app, init-param \"" + name + "\": ", message);
    }
  }

  /** Undertow goes on without the servlet. */
  private void startInVain(Container container) throws Exception {
    if (kind == Container.Kind.UNDERTOW) {
      container.start();
      try (var client = container.connect()) {
        assertThat(client.get("/echo").status()).isGreaterThanOrEqualTo(500);
      }
    } else {
      assertThatThrownBy(container::start);
    }
  }

  private static ServletAdapter adapter(Mode mode) {
    return new ServletAdapter(
        new TestHandlers().application(), AdapterOptions.defaults().withMode(mode));
  }

  private Container containerWithParameter(@Nullable String className) throws Exception {
    var container = kind.of(new ServletAdapter());
    return className == null
        ? container
        : container.withInitParameter(ServletAdapter.APPLICATION, className);
  }
}
