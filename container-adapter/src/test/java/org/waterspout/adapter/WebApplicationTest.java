// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.web.Application.url;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.lang.ref.WeakReference;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jetty.ee11.webapp.WebAppContext;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandlerCollection;
import org.eclipse.jetty.util.ClassMatcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.waterspout.gen.Gen;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.web.Application;
import org.waterspout.web.RequestHandler;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.json.JsonMapper;

/** A web application with its own copy of all our classes, as in a container. */
class WebApplicationTest {
  private static final String WEB_XML =
      """
      <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0" metadata-complete="true">
        <servlet>
          <servlet-name>%1$s</servlet-name>
          <servlet-class>org.waterspout.adapter.ServletAdapter</servlet-class>
          <init-param>
            <param-name>application</param-name>
            <param-value>org.waterspout.adapter.WebApplicationTest$Site</param-value>
          </init-param>
          <load-on-startup>1</load-on-startup>
          <async-supported>true</async-supported>
        </servlet>
        <servlet-mapping>
          <servlet-name>%1$s</servlet-name>
          <url-pattern>/*</url-pattern>
        </servlet-mapping>
      </web-app>
      """;

  private static final int ROUNDS = Long.getLong("soak.seconds", 0) > 0 ? 50 : 3;

  /** The web application's Application. */
  public static final class Site implements Supplier<Application> {
    @Override
    public Application get() {
      return new Application(
          url("/loaders", Loaders::new), url("/loop", Loop::new), url("/wait", Wait::new));
    }
  }

  static final class Loaders extends RequestHandler {
    @Override
    protected void get() {
      var ours = Loaders.class.getClassLoader();
      write(ours.getClass().getSimpleName() + " " + (IOLoop.class.getClassLoader() == ours));
      write(" " + (Thread.currentThread().getContextClassLoader() == ours));
    }
  }

  static final class Loop extends RequestHandler {
    @Override
    protected void get() {
      write("" + (IOLoop.current() == IOLoop.instance()));
    }
  }

  static final class Wait extends RequestHandler {
    @Override
    protected void get() throws Exception {
      write("waiting");
      var _ = Gen.await(flush());
      var _ = Gen.await(Gen.sleep(Duration.ofHours(1)));
    }
  }

  private final ContextHandlerCollection contexts = new ContextHandlerCollection(true);
  @TempDir private Path directory;

  @Test
  void runsOnItsOwnClassesAndItsOwnLoop() throws Exception {
    var server = server();
    deploy();
    server.start();
    try (var client = new Client(port(server))) {
      assertThat(client.get("/app/loaders").text()).isEqualTo("WebAppClassLoader true true");
      assertThat(client.get("/app/loop").text()).isEqualTo("true");
    } finally {
      server.stop();
    }
  }

  @Test
  void leavesNoThreadAndNoClassLoaderBehind() throws Exception {
    var server = server();
    server.start();
    try {
      for (int i = 0; i < ROUNDS; i++) {
        var loader = new WeakReference<>(deployUseAndUndeploy(server));
        assertThat(Threads.thatStay()).isEmpty();
        assertThat(Collected.within(Duration.ofSeconds(30), loader)).isTrue();
      }
    } finally {
      server.stop();
    }
  }

  @Test
  void leavesNoThreadAndNoClassLoaderBehindInTomcat() throws Exception {
    leavesNothingBehind(new Redeployed.InTomcat());
  }

  @Test
  void leavesNoThreadAndNoClassLoaderBehindInUndertow() throws Exception {
    leavesNothingBehind(new Redeployed.InUndertow());
  }

  private void leavesNothingBehind(Redeployed redeployed) throws Exception {
    writeSite();
    try (var container = redeployed) {
      for (int i = 0; i < ROUNDS; i++) {
        var loader = new WeakReference<>(useAndUndeploy(container));
        assertThat(Threads.thatStay()).isEmpty();
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        do {
          assertThat(System.nanoTime()).as("the class loader stays").isLessThan(end);
          container.tidy();
        } while (!Collected.within(Duration.ofSeconds(1), loader));
      }
    }
  }

  private ClassLoader useAndUndeploy(Redeployed container) throws Exception {
    var loader = container.deploy(directory, places());
    try (var client = new Client(container.port())) {
      assertThat(client.get("/app/loaders").text()).endsWith(" true true");
      client.send("GET /app/wait HTTP/1.1\r\nHost: x\r\n\r\n");
      client.head();
      assertThat(new String(client.chunk(), UTF_8)).isEqualTo("waiting");
      assertThat(Threads.ofAdapters()).isNotEmpty();
      container.undeploy();
      assertThat(client.closed()).isTrue();
    }
    return loader;
  }

  private ClassLoader deployUseAndUndeploy(Server server) throws Exception {
    var context = deploy();
    context.start();
    var loader = context.getClassLoader();
    try (var client = new Client(port(server))) {
      assertThat(client.get("/app/loaders").text()).contains("true");
      client.send("GET /app/wait HTTP/1.1\r\nHost: x\r\n\r\n");
      client.head();
      assertThat(new String(client.chunk(), UTF_8)).isEqualTo("waiting");
      assertThat(Threads.ofAdapters()).isNotEmpty();
      context.stop();
      contexts.removeHandler(context);
      context.destroy();
      assertThat(client.closed()).isTrue();
    }
    return loader;
  }

  private Server server() {
    var server = new Server();
    var connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(contexts);
    return server;
  }

  private void writeSite() throws Exception {
    var classes =
        Files.createDirectories(directory.resolve("WEB-INF/classes/org/waterspout/adapter"));
    Files.writeString(directory.resolve("WEB-INF/web.xml"), WEB_XML.formatted("site"));
    for (Class<?> c : new Class<?>[] {Site.class, Loaders.class, Loop.class, Wait.class}) {
      String file = c.getName().substring(c.getName().lastIndexOf('.') + 1) + ".class";
      try (var bytes = c.getResourceAsStream(file)) {
        Files.write(classes.resolve(file), bytes.readAllBytes());
      }
    }
  }

  private WebAppContext deploy() throws Exception {
    writeSite();
    var context = new WebAppContext();
    context.setAttribute( // Tomcat's WebSockets
        "org.eclipse.jetty.containerInitializerExclusionPattern", "org\\.apache\\..*");
    context.setContextPath("/app");
    context.setBaseResourceAsPath(directory);
    context.setExtraClasspath(
        places().stream().map(Path::toString).collect(Collectors.joining(";")));
    context.addHiddenClassMatcher(
        new ClassMatcher("org.waterspout.", "tools.jackson.", "com.fasterxml.jackson."));
    context.setThrowUnavailableOnStartupException(true);
    contexts.addHandler(context);
    return context;
  }

  private static int port(Server server) {
    return ((ServerConnector) server.getConnectors()[0]).getLocalPort();
  }

  private static List<Path> places() {
    return Stream.of(
            IOLoop.class,
            Application.class,
            ServletAdapter.class,
            JsonMapper.class,
            JsonParser.class,
            JsonProperty.class)
        .map(WebApplicationTest::place)
        .distinct()
        .toList();
  }

  private static Path place(Class<?> c) {
    try {
      return Path.of(c.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
