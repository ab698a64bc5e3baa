// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.web.Application.url;

import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.waterspout.web.Application;
import org.waterspout.web.RequestHandler;

/** A web application without a web.xml of ours. */
@ParameterizedClass
@EnumSource(Container.Kind.class)
class InitializerTest {
  @Parameter private Container.Kind kind;

  static final class Where extends RequestHandler {
    @Override
    protected void get() {
      write(request().connection().deployment() + " " + request().path());
    }
  }

  private static Application site() {
    return new Application(url("/where(/.*)?", Where::new));
  }

  /** For everything that is not more specific. */
  @ServedInContainer
  public static final class Whole implements Supplier<Application> {
    @Override
    public Application get() {
      return site();
    }
  }

  /** For a part. */
  @ServedInContainer("/where/*")
  public static final class Part implements Supplier<Application> {
    @Override
    public Application get() {
      return site();
    }
  }

  /** In front of what was there. */
  @ServedInContainer(filter = true)
  public static final class Front implements Supplier<Application> {
    @Override
    public Application get() {
      return site();
    }
  }

  /** Only for who names it. */
  public static final class Unmarked implements Supplier<Application> {
    @Override
    public Application get() {
      return site();
    }
  }

  private static final class Legacy extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response.getWriter().write("legacy");
    }
  }

  @Test
  void isFoundByContainers() {
    assertThat(ServiceLoader.load(ServletContainerInitializer.class))
        .hasAtLeastOneElementOfType(WaterspoutInitializer.class);
  }

  @Test
  void servesAMarkedClass() throws Exception {
    try (var container = with(Whole.class).start();
        var client = container.connect()) {
      assertThat(client.get("/where").text()).startsWith(kind.shown()).endsWith("async) /where");
      assertThat(client.get("/legacy").text()).isEqualTo("legacy");
    }
  }

  @Test
  void mapsAMarkedClassAsItSays() throws Exception {
    try (var container = with(Part.class).start();
        var client = container.connect()) {
      assertThat(client.get("/where/x").text()).endsWith(" /where/x");
      assertThat(client.get("/other").status()).isEqualTo(404);
    }
  }

  @Test
  void putsAMarkedClassInFront() throws Exception {
    try (var container =
            kind.of(new Legacy())
                .withInitializer(new WaterspoutInitializer(), Front.class)
                .start();
        var client = container.connect()) {
      assertThat(client.get("/where").text()).endsWith(" /where");
      assertThat(client.get("/other").text()).isEqualTo("legacy");
    }
  }

  @Test
  void servesANamedClassWithTheOptionsOfTheContext() throws Exception {
    try (var container =
            with(Whole.class)
                .withContextParameter(WaterspoutInitializer.APPLICATION, Unmarked.class.getName())
                .withContextParameter("org.waterspout.mode", "sync")
                .start();
        var client = container.connect()) {
      assertThat(client.get("/where").text()).endsWith("(servlet, sync) /where");
    }
  }

  @Test
  void addsNothingWhereAnAdapterIsConfiguredOrNothingIsMarked() throws Exception {
    var own = new ServletAdapter(new TestHandlers().application());
    try (var container =
            kind.at("/", "/echo/*", own)
                .withInitializer(new WaterspoutInitializer(), Whole.class)
                .start();
        var client = container.connect()) {
      assertThat(client.get("/echo/x").status()).isEqualTo(200);
      assertThat(client.get("/where").status()).isEqualTo(404);
    }
    try (var container = with().start();
        var client = container.connect()) {
      assertThat(client.get("/where").status()).isEqualTo(404);
    }
  }

  @Test
  void refusesToChooseAmongSeveralMarkedClasses() throws Exception {
    try (var log = new CapturedLog();
        var container = with(Whole.class, Part.class)) {
      assertThatThrownBy(container::start);
      assertThat(log.text()).contains("several classes", Whole.class.getName());
    }
  }

  private Container with(Class<?>... marked) throws Exception {
    return kind.at("/", "/legacy/*", new Legacy())
        .withInitializer(new WaterspoutInitializer(), marked);
  }
}
