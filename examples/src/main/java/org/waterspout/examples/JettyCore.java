// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import java.io.IOException;
import java.net.BindException;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.waterspout.adapter.jetty.JettyAdapter;

/**
 * An Application in an embedded Jetty, without the servlet API: the one of {@link EchoServer}, with
 * its WebSocket.
 *
 * <pre>
 *   java -cp ... org.waterspout.examples.JettyCore --port=8888
 *   curl -d hello http://localhost:8888/
 * </pre>
 */
final class JettyCore {
  private JettyCore() {}

  /**
   * Starts Jetty with the application.
   *
   * @param port where to listen, 0 for any free port: then {@link #port} tells which
   * @throws Exception if the port is taken or the application does not start
   */
  static Server start(int port) throws Exception {
    var server = new Server();
    var connector = new ServerConnector(server);
    connector.setPort(port);
    server.addConnector(connector);
    server.setHandler(new JettyAdapter(EchoServer.application()));
    try {
      server.start();
    } catch (Throwable e) {
      server.stop();
      throw e;
    }
    return server;
  }

  /** Where a server that {@link #start} has started listens. */
  static int port(Server server) {
    return ((ServerConnector) server.getConnectors()[0]).getLocalPort();
  }

  /** Runs until Ctrl-C. */
  static void main(String[] args) throws Exception {
    var options =
        Options.of("Sends back every request's body, in an embedded Jetty.")
            .port("port", 8888, "the port to listen on")
            .parse(args);
    int port = options.port("port");
    try {
      var server = start(port);
      server.setStopAtShutdown(true);
      System.out.println("http://localhost:" + port(server) + "/");
      server.join();
    } catch (IOException e) {
      if (!(e.getCause() instanceof BindException)) {
        throw e;
      }
      Options.fail("cannot listen on port " + port + ": it is taken");
    }
  }
}
