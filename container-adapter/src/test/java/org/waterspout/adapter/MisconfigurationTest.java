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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.waterspout.web.Application;
import org.waterspout.web.RequestHandler;

class MisconfigurationTest {
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
    try (var jetty = jettyWithParameter(Good.class.getName()).start();
        var client = jetty.connect()) {
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
        var jetty = jettyWithParameter(className)) {
      assertThatThrownBy(jetty::start).hasMessageContaining(message);
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
    try (var jetty = Jetty.of(new ServletAdapter(application))) {
      assertThatThrownBy(jetty::start)
          .hasMessageContaining("CLOSE_DETECTION")
          .hasMessageContaining("/watch")
          .hasMessageContaining("Jetty 12.1");
    }
    assertThat(Threads.thatStay()).isEmpty();
  }

  @Test
  void namesTheServletThatDoesNotSupportAsync() throws Exception {
    try (var log = new CapturedLog();
        var jetty =
            Jetty.of(new ServletAdapter(new TestHandlers().application()))
                .with(j -> j.holder.setAsyncSupported(false))
                .start();
        var client = jetty.connect()) {
      assertThat(client.get("/echo").status()).isEqualTo(500);
      assertThat(log.text()).contains("servlet app needs <async-supported>true");
    }
  }

  @Test
  void namesTheFiltersInFrontThatMayNotSupportAsync() throws Exception {
    try (var log = new CapturedLog();
        var jetty =
            Jetty.of(new ServletAdapter(new TestHandlers().application()))
                .withFilter("legacy", new HttpFilter() {}, false)
                .start();
        var first = jetty.connect();
        var second = jetty.connect()) {
      assertThat(first.get("/echo").status()).isEqualTo(500);
      assertThat(second.get("/echo").status()).isEqualTo(500);
      assertThat(log.text()).containsOnlyOnce("filters in front: [legacy (");
    }
  }

  private static Jetty jettyWithParameter(@Nullable String className) {
    return Jetty.of(new ServletAdapter())
        .with(
            jetty -> {
              if (className != null) {
                jetty.holder.setInitParameter(ServletAdapter.APPLICATION, className);
              }
            });
  }
}
