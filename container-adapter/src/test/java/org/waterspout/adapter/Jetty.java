// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.Servlet;
import java.time.Duration;
import java.util.EnumSet;
import java.util.function.Consumer;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** A Jetty 12.1 with one servlet, on a free port of the loopback interface. */
final class Jetty implements AutoCloseable {
  final Server server = new Server();
  final ServerConnector connector = new ServerConnector(server);
  final ServletContextHandler context;
  final ServletHolder holder;

  private Jetty(String contextPath, String mapping, Servlet servlet) {
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    context = new ServletContextHandler(contextPath, ServletContextHandler.SESSIONS);
    holder = new ServletHolder("app", servlet);
    holder.setInitOrder(1);
    holder.setAsyncSupported(true);
    context.addServlet(holder, mapping);
    server.setHandler(context);
  }

  static Jetty of(Servlet servlet) {
    return new Jetty("/", "/*", servlet);
  }

  static Jetty at(String contextPath, String mapping, Servlet servlet) {
    return new Jetty(contextPath, mapping, servlet);
  }

  Jetty with(Consumer<Jetty> change) {
    change.accept(this);
    return this;
  }

  Jetty withFilter(String name, Filter filter, boolean async) {
    var filterHolder = new FilterHolder(filter);
    filterHolder.setName(name);
    filterHolder.setAsyncSupported(async);
    context.addFilter(filterHolder, "/*", EnumSet.of(DispatcherType.REQUEST));
    return this;
  }

  Jetty start() throws Exception {
    server.start();
    return this;
  }

  int port() {
    return connector.getLocalPort();
  }

  /** For the connections that are open now, as if it had been the connector's from the start. */
  void setIdleTimeout(Duration timeout) {
    connector.getConnectedEndPoints().forEach(each -> each.setIdleTimeout(timeout.toMillis()));
  }

  Client connect() throws Exception {
    return new Client(port());
  }

  @Override
  public void close() throws Exception {
    server.stop();
  }
}
