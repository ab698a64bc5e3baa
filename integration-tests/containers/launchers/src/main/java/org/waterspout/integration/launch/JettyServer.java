// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration.launch;

import java.util.List;
import java.util.function.BiFunction;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.server.handler.ContextHandlerCollection;

/** Jetty as far as it is the same for all editions of Jakarta EE. */
final class JettyServer {
  private JettyServer() {}

  /**
   * Serves until standard input ends.
   *
   * @param context makes what runs a WAR, of its context path and where it is
   */
  static void serve(
      List<Launch.WebApplication> webApplications,
      BiFunction<String, String, ContextHandler> context)
      throws Exception {
    var server = new Server();
    var connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    var contexts = new ContextHandlerCollection();
    for (var each : webApplications) {
      var path = each.contextPath().isEmpty() ? "/" : each.contextPath();
      contexts.addHandler(context.apply(path, each.war().toUri().toString()));
    }
    server.setHandler(contexts);
    server.start();
    Launch.serve(connector.getLocalPort());
    server.stop();
  }
}
