// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Jetty;

/** Jetty, with the environment ee11 and one servlet. */
final class JettyServlets {
  private JettyServlets() {}

  static void main(String[] args) throws Exception {
    Ready.keepQuiet();
    var holder = new ServletHolder("servlet", InContainer.named(args[0]).way().servlet());
    holder.setInitOrder(1);
    holder.setAsyncSupported(true);
    var context = new ServletContextHandler("/");
    context.addServlet(holder, "/*");
    var server = new Server();
    var connector = new ServerConnector(server, new HttpConnectionFactory());
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(context);
    server.start();
    Ready.announce(connector.getLocalPort(), "Jetty " + Jetty.VERSION);
  }
}
