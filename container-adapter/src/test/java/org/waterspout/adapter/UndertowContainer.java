// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.handlers.encoding.ContentEncodingRepository;
import io.undertow.server.handlers.encoding.EncodingHandler;
import io.undertow.server.handlers.encoding.GzipEncodingProvider;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.api.FilterInfo;
import io.undertow.servlet.api.ServletContainerInitializerInfo;
import io.undertow.servlet.api.ServletInfo;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContainerInitializer;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xnio.Options;
import org.xnio.SslClientAuthMode;

/** Undertow 2.3. */
final class UndertowContainer extends Container {
  private final DeploymentInfo info;
  private final ServletInfo servletInfo;
  private boolean compressed;
  private boolean secure;
  private int idleMillis; // 0: none
  private @Nullable DeploymentManager manager; // null until started
  private @Nullable Undertow undertow; // null until started

  UndertowContainer(String contextPath, String mapping, Servlet servlet) {
    servletInfo =
        new ServletInfo("app", servlet.getClass(), new ImmediateInstanceFactory<>(servlet))
            .addMapping(mapping)
            .setLoadOnStartup(1)
            .setAsyncSupported(true);
    info =
        Servlets.deployment()
            .setClassLoader(servlet.getClass().getClassLoader())
            .setContextPath(contextPath)
            .setDeploymentName("app")
            .addServlet(servletInfo);
  }

  @Override
  Container withFilter(String name, Filter filter, boolean async) {
    info.addFilter(
        new FilterInfo(name, filter.getClass(), new ImmediateInstanceFactory<>(filter))
            .setAsyncSupported(async));
    info.addFilterUrlMapping(name, "/*", DispatcherType.REQUEST);
    return this;
  }

  @Override
  Container withInitParameter(String name, String value) {
    servletInfo.addInitParam(name, value);
    return this;
  }

  @Override
  Container withInitializer(ServletContainerInitializer initializer, Class<?>... types) {
    info.addServletContainerInitializer(
        new ServletContainerInitializerInfo(
            initializer.getClass(), new ImmediateInstanceFactory<>(initializer), Set.of(types)));
    return this;
  }

  @Override
  Container withContextParameter(String name, String value) {
    info.addInitParameter(name, value);
    return this;
  }

  @Override
  Container withAsync(boolean supported) {
    servletInfo.setAsyncSupported(supported);
    return this;
  }

  @Override
  Container withIdleTimeout(Duration timeout) {
    idleMillis = Math.toIntExact(timeout.toMillis());
    return this;
  }

  @Override
  Container withCompression() {
    compressed = true;
    return this;
  }

  @Override
  Container withTLS() {
    secure = true;
    return this;
  }

  @Override
  Container start() throws Exception {
    manager = Servlets.defaultContainer().addDeployment(info);
    manager.deploy();
    var handler = manager.start();
    if (compressed) {
      handler =
          new EncodingHandler(
              handler,
              new ContentEncodingRepository()
                  .addEncodingHandler("gzip", new GzipEncodingProvider(), 50));
    }
    var builder =
        Undertow.builder()
            .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, -1L) // else 2 MiB
            .setHandler(Handlers.path().addPrefixPath(info.getContextPath(), handler));
    if (secure) {
      builder.addHttpsListener(0, "127.0.0.1", TLS.server());
      builder.setSocketOption(Options.SSL_CLIENT_AUTH_MODE, SslClientAuthMode.REQUESTED);
    } else {
      builder.addHttpListener(0, "127.0.0.1");
    }
    if (idleMillis > 0) {
      builder.setServerOption(UndertowOptions.NO_REQUEST_TIMEOUT, idleMillis);
      builder.setSocketOption(Options.READ_TIMEOUT, idleMillis);
    }
    undertow = builder.build();
    undertow.start();
    return this;
  }

  @Override
  int port() {
    return ((InetSocketAddress) undertow.getListenerInfo().getFirst().getAddress()).getPort();
  }

  @Override
  public void close() throws Exception {
    if (undertow != null) {
      manager.stop();
      manager.undeploy();
      undertow.stop();
      undertow = null;
    }
  }
}
