// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.websocket;

import io.undertow.Undertow;
import io.undertow.connector.ByteBufferPool;
import io.undertow.server.DefaultByteBufferPool;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.ServletInfo;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import io.undertow.websockets.jsr.WebSocketDeploymentInfo;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.util.Comparator;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.websocket.server.WsSci;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.ee11.websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.waterspout.adapter.AdapterOptions;
import org.waterspout.adapter.NativeServer;
import org.waterspout.adapter.ServletAdapter;
import org.waterspout.web.Application;

/**
 * Containers with one Application each: those of servlets, with or without jakarta.websocket, and
 * the two with adapters of their own.
 */
enum Containers {
  JETTY {
    @Override
    Running start(Application application, AdapterOptions options, boolean webSockets)
        throws Exception {
      var server = new Server();
      var connector = new ServerConnector(server);
      connector.setHost("127.0.0.1");
      server.addConnector(connector);
      var context = new ServletContextHandler("/", ServletContextHandler.SESSIONS);
      var holder = new ServletHolder("app", new ServletAdapter(application, options));
      holder.setInitOrder(1);
      holder.setAsyncSupported(true);
      context.addServlet(holder, "/*");
      if (webSockets) {
        JakartaWebSocketServletContainerInitializer.configure(context, null);
      }
      server.setHandler(context);
      try {
        server.start();
      } catch (Exception e) {
        server.stop();
        throw e;
      }
      return new Running(connector.getLocalPort(), server::stop);
    }
  },

  TOMCAT {
    @Override
    Running start(Application application, AdapterOptions options, boolean webSockets)
        throws Exception {
      var base = Files.createTempDirectory("tomcat");
      var tomcat = new Tomcat();
      tomcat.setBaseDir(base.toString());
      var connector = new Connector();
      connector.setPort(0);
      connector.setProperty("address", "127.0.0.1");
      tomcat.setConnector(connector);
      var context = (StandardContext) tomcat.addContext("", null);
      context.setFailCtxIfServletStartFails(true);
      context.setClearReferencesRmiTargets(false); // both would want another --add-opens
      context.setClearReferencesThreadLocals(false);
      var wrapper = Tomcat.addServlet(context, "app", new ServletAdapter(application, options));
      wrapper.setLoadOnStartup(1);
      wrapper.setAsyncSupported(true);
      wrapper.addMapping("/*");
      if (webSockets) {
        context.addServletContainerInitializer(new WsSci(), null);
      }
      AutoCloseable end =
          () -> {
            tomcat.stop();
            tomcat.destroy();
            try (var files = Files.walk(base)) {
              files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
            }
          };
      tomcat.start();
      if (context.getState() != LifecycleState.STARTED) {
        end.close();
        throw new IllegalStateException("the web application does not start: see the log");
      }
      return new Running(connector.getLocalPort(), end);
    }
  },

  UNDERTOW {
    @Override
    Running start(Application application, AdapterOptions options, boolean webSockets)
        throws Exception {
      var servlet = new ServletAdapter(application, options);
      var info =
          Servlets.deployment()
              .setClassLoader(Containers.class.getClassLoader())
              .setContextPath("/")
              .setDeploymentName("app")
              .addServlet(
                  new ServletInfo(
                          "app", ServletAdapter.class, new ImmediateInstanceFactory<>(servlet))
                      .addMapping("/*")
                      .setLoadOnStartup(1)
                      .setAsyncSupported(true));
      ByteBufferPool buffers = new DefaultByteBufferPool(true, 16 * 1024);
      if (webSockets) {
        info.addServletContextAttribute(
            WebSocketDeploymentInfo.ATTRIBUTE_NAME,
            new WebSocketDeploymentInfo().setBuffers(buffers));
      }
      var manager = Servlets.newContainer().addDeployment(info);
      manager.deploy();
      var undertow =
          Undertow.builder()
              .addHttpListener(0, "127.0.0.1")
              .setByteBufferPool(buffers)
              .setHandler(manager.start())
              .build();
      undertow.start();
      var address = (InetSocketAddress) undertow.getListenerInfo().getFirst().getAddress();
      return new Running(
          address.getPort(),
          () -> {
            manager.stop();
            manager.undeploy();
            undertow.stop();
            buffers.close();
          });
    }
  },

  JETTY_CORE {
    @Override
    Running start(Application application, AdapterOptions options, boolean webSockets)
        throws Exception {
      return running(NativeServer.Kind.JETTY.start(application, options));
    }
  },

  UNDERTOW_CORE {
    @Override
    Running start(Application application, AdapterOptions options, boolean webSockets)
        throws Exception {
      return running(NativeServer.Kind.UNDERTOW.start(application, options));
    }
  };

  private static Running running(NativeServer server) {
    return new Running(server.port(), server);
  }

  /** Whether it only lends its connection, so that we read and write the frames. */
  boolean lendsItsConnection() {
    return this == JETTY_CORE || this == UNDERTOW_CORE;
  }

  /** One that runs. */
  record Running(int port, AutoCloseable end) implements AutoCloseable {
    RawWebSocket connect() throws Exception {
      return new RawWebSocket(port);
    }

    @Override
    public void close() throws Exception {
      end.close();
    }
  }

  /** Starts one, on a free port of the loopback interface. */
  abstract Running start(Application application, AdapterOptions options, boolean webSockets)
      throws Exception;

  Running start(Application application) throws Exception {
    return start(application, AdapterOptions.defaults(), true);
  }

  Running startWithout(Application application) throws Exception {
    return start(application, AdapterOptions.defaults(), false);
  }
}
