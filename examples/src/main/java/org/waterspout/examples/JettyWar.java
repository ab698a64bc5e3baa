// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import org.eclipse.jetty.ee11.webapp.WebAppContext;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.ClassMatcher;
import org.eclipse.jetty.util.component.LifeCycle;

/**
 * A WAR in an embedded Jetty, as a company's own Jetty would run it.
 *
 * <pre>
 *   java -cp ... org.waterspout.examples.JettyWar --port=8889 --war=examples/demo-war/target/demo.war
 * </pre>
 */
public final class JettyWar {
  /** What this class path and a WAR may both have: the WAR is to see its own copy or none. */
  private static final String[] NOT_THE_CONTAINERS = {
    "org.waterspout.", "tools.jackson.", "com.fasterxml.jackson.", "org.h2."
  };

  private JettyWar() {}

  /**
   * Starts Jetty with the WAR at the root. Stopping the server removes what the WAR was unpacked
   * to.
   *
   * @param port where to listen, 0 for any free port: then {@link #port} tells which
   * @throws Exception if the port is taken or the web application does not start
   */
  public static Server start(Path war, int port) throws Exception {
    if (!Files.isRegularFile(war)) {
      throw new IOException("no WAR at " + war.toAbsolutePath() + " (mvn package builds it)");
    }
    var server = new Server();
    var connector = new ServerConnector(server);
    connector.setPort(port);
    server.addConnector(connector);
    var unpacked = Files.createTempDirectory("jetty-war-");
    server.setHandler(webApplication(war, unpacked));
    try {
      server.start();
    } catch (Throwable e) {
      server.stop();
      delete(unpacked); // a context that was never started is not stopped either
      throw e;
    }
    return server;
  }

  /** Where a server that {@link #start} has started listens. */
  public static int port(Server server) {
    return ((ServerConnector) server.getConnectors()[0]).getLocalPort();
  }

  private static WebAppContext webApplication(Path war, Path unpacked) {
    var context = new WebAppContext();
    context.setContextPath("/");
    context.setWar(war.toUri().toString());
    context.setTempDirectory(unpacked.toFile());
    context.addHiddenClassMatcher(new ClassMatcher(NOT_THE_CONTAINERS));
    context.setThrowUnavailableOnStartupException(true);
    context.addEventListener(
        new LifeCycle.Listener() {
          @Override
          public void lifeCycleStopped(LifeCycle event) {
            delete(unpacked);
          }
        });
    return context;
  }

  private static void delete(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try (var files = Files.walk(directory)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs until Ctrl-C. */
  public static void main(String[] args) throws Exception {
    var options =
        Options.of("A WAR in an embedded Jetty.")
            .port("port", 8889, "the port to listen on")
            .option("war", "examples/demo-war/target/demo.war", "the WAR to deploy at /")
            .parse(args);
    int port = options.port("port");
    try {
      var server = start(options.path("war"), port);
      server.setStopAtShutdown(true);
      System.out.println("http://localhost:" + port(server) + "/");
      server.join();
    } catch (IOException e) {
      boolean taken = e.getCause() instanceof BindException;
      Options.fail(
          taken
              ? "cannot listen on port " + port + ": it is taken"
              : String.valueOf(e.getMessage()));
    }
  }
}
