// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import jakarta.servlet.Filter;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContainerInitializer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.Wrapper;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;

/** Tomcat 11. */
final class TomcatContainer extends Container {
  private final Tomcat tomcat = new Tomcat();
  private final Connector connector = new Connector();
  private final Path base;
  private final StandardContext context;
  private final Wrapper wrapper;

  TomcatContainer(String contextPath, String mapping, Servlet servlet) throws Exception {
    base = Files.createTempDirectory("tomcat");
    tomcat.setBaseDir(base.toString());
    connector.setPort(0);
    connector.setProperty("address", "127.0.0.1");
    tomcat.setConnector(connector);
    String path = contextPath.equals("/") ? "" : contextPath;
    context = (StandardContext) tomcat.addContext(path, null);
    context.setFailCtxIfServletStartFails(true);
    wrapper = Tomcat.addServlet(context, "app", servlet);
    wrapper.setLoadOnStartup(1);
    wrapper.setAsyncSupported(true);
    wrapper.addMapping(mapping);
  }

  @Override
  Container withFilter(String name, Filter filter, boolean async) {
    var definition = new FilterDef();
    definition.setFilterName(name);
    definition.setFilter(filter);
    definition.setFilterClass(filter.getClass().getName());
    definition.setAsyncSupported(Boolean.toString(async));
    context.addFilterDef(definition);
    var map = new FilterMap();
    map.setFilterName(name);
    map.addURLPattern("/*");
    context.addFilterMap(map);
    return this;
  }

  @Override
  Container withInitParameter(String name, String value) {
    wrapper.addInitParameter(name, value);
    return this;
  }

  @Override
  Container withInitializer(ServletContainerInitializer initializer, Class<?>... types) {
    context.addServletContainerInitializer(initializer, Set.of(types));
    return this;
  }

  @Override
  Container withContextParameter(String name, String value) {
    context.addParameter(name, value);
    return this;
  }

  @Override
  Container withAsync(boolean supported) {
    wrapper.setAsyncSupported(supported);
    return this;
  }

  @Override
  Container withIdleTimeout(Duration timeout) {
    connector.setProperty("connectionTimeout", Long.toString(timeout.toMillis()));
    return this;
  }

  @Override
  Container withCompression() {
    connector.setProperty("compression", "force");
    return this;
  }

  @Override
  Container withTLS() {
    connector.setSecure(true);
    connector.setScheme("https");
    connector.setProperty("SSLEnabled", "true");
    var host = new SSLHostConfig();
    host.setCertificateVerification("optional");
    host.setTruststoreFile(TLS.file("trust.p12").toString());
    host.setTruststorePassword(TLS.PASSWORD);
    var certificate = new SSLHostConfigCertificate(host, SSLHostConfigCertificate.Type.EC);
    certificate.setCertificateKeystoreFile(TLS.file("server.p12").toString());
    certificate.setCertificateKeystorePassword(TLS.PASSWORD);
    host.addCertificate(certificate);
    connector.addSslHostConfig(host);
    return this;
  }

  @Override
  Container start() throws Exception {
    tomcat.start();
    if (context.getState() != LifecycleState.STARTED) {
      throw new IllegalStateException("the web application does not start: see the log");
    }
    return this;
  }

  @Override
  int port() {
    return connector.getLocalPort();
  }

  @Override
  public void close() throws Exception {
    if (!Files.exists(base)) {
      return;
    }
    tomcat.stop();
    tomcat.destroy();
    try (var files = Files.walk(base)) {
      files.sorted(java.util.Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }
  }
}
