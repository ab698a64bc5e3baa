// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContainerInitializer;
import java.time.Duration;
import java.util.EnumSet;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** Jetty 12.1 with the environment ee11. */
final class JettyContainer extends Container {
  private final Server server = new Server();
  private ServerConnector connector = new ServerConnector(server);
  private final ServletContextHandler context;
  private final ServletHolder holder;

  JettyContainer(String contextPath, String mapping, Servlet servlet) {
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    context = new ServletContextHandler(contextPath, ServletContextHandler.SESSIONS);
    holder = new ServletHolder("app", servlet);
    holder.setInitOrder(1);
    holder.setAsyncSupported(true);
    context.addServlet(holder, mapping);
    server.setHandler(context);
  }

  @Override
  Container withFilter(String name, Filter filter, boolean async) {
    var filterHolder = new FilterHolder(filter);
    filterHolder.setName(name);
    filterHolder.setAsyncSupported(async);
    context.addFilter(filterHolder, "/*", EnumSet.of(DispatcherType.REQUEST));
    return this;
  }

  @Override
  Container withInitParameter(String name, String value) {
    holder.setInitParameter(name, value);
    return this;
  }

  @Override
  Container withInitializer(ServletContainerInitializer initializer, Class<?>... types) {
    context.addServletContainerInitializer(initializer, types);
    return this;
  }

  @Override
  Container withContextParameter(String name, String value) {
    context.setInitParameter(name, value);
    return this;
  }

  @Override
  Container withAsync(boolean supported) {
    holder.setAsyncSupported(supported);
    return this;
  }

  @Override
  Container withIdleTimeout(Duration timeout) {
    connector.setIdleTimeout(timeout.toMillis());
    return this;
  }

  @Override
  @SuppressWarnings({"deprecation", "removal"}) // its successor is an artifact of its own
  Container withCompression() {
    var gzip = new org.eclipse.jetty.server.handler.gzip.GzipHandler();
    gzip.setSyncFlush(true);
    gzip.setHandler(context);
    server.setHandler(gzip);
    return this;
  }

  @Override
  Container withTLS() throws Exception {
    server.removeConnector(connector);
    connector = TLSTest.jettyConnector(server);
    return this;
  }

  @Override
  Container start() throws Exception {
    server.start();
    return this;
  }

  @Override
  int port() {
    return connector.getLocalPort();
  }

  @Override
  public void close() throws Exception {
    server.stop();
  }
}
