// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import jakarta.servlet.Filter;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContainerInitializer;
import java.time.Duration;

/** A servlet container with one servlet, on a free port of the loopback interface. */
abstract class Container implements AutoCloseable {
  /** Which of them. */
  enum Kind {
    JETTY,
    TOMCAT,
    UNDERTOW;

    /** One with this servlet for everything. */
    Container of(Servlet servlet) throws Exception {
      return at("/", "/*", servlet);
    }

    /** One with this servlet in a web application at a path. */
    Container at(String contextPath, String mapping, Servlet servlet) throws Exception {
      return switch (this) {
        case JETTY -> new JettyContainer(contextPath, mapping, servlet);
        case TOMCAT -> new TomcatContainer(contextPath, mapping, servlet);
        case UNDERTOW -> new UndertowContainer(contextPath, mapping, servlet);
      };
    }

    /** As it is in messages of ours: "Jetty 12.1". */
    String shown() {
      return switch (this) {
        case JETTY -> "Jetty 12.1.";
        case TOMCAT -> "Tomcat 11.0.";
        case UNDERTOW -> "Undertow 2.3.";
      };
    }
  }

  abstract Container withFilter(String name, Filter filter, boolean async);

  abstract Container withInitParameter(String name, String value);

  abstract Container withInitializer(ServletContainerInitializer initializer, Class<?>... types);

  abstract Container withContextParameter(String name, String value);

  /** What async-supported of the servlet says; true unless told. */
  abstract Container withAsync(boolean supported);

  /** How long a connection may do nothing, and a body stall. */
  abstract Container withIdleTimeout(Duration timeout);

  /** With the container's own compression of answers, set so that what is flushed leaves. */
  abstract Container withCompression();

  /** By TLS, with the certificate of {@link TLS}; a client's is asked for. */
  abstract Container withTLS() throws Exception;

  /**
   * Starts it.
   *
   * @throws Exception if the web application does not start
   */
  abstract Container start() throws Exception;

  abstract int port();

  Client connect() throws Exception {
    return new Client(port());
  }
}
