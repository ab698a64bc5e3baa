// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.jspecify.annotations.Nullable;
import org.waterspout.adapter.jetty.JettyAdapter;
import org.waterspout.adapter.undertow.UndertowAdapter;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.web.Application;
import org.xnio.Options;

/** A server of a container's own kind with one Application, on a free port of loopback. */
abstract class NativeServer implements AutoCloseable {
  /** Which of them. */
  enum Kind {
    JETTY,
    UNDERTOW;

    NativeServer start(Application application) throws Exception {
      return start(new Setting(application, "", null, Duration.ofSeconds(30)));
    }

    /** Behind the container's own handler for a prefix. */
    NativeServer startAt(String prefix, Application application) throws Exception {
      return start(new Setting(application, prefix, null, Duration.ofSeconds(30)));
    }

    NativeServer startOn(IOLoop loop, Application application) throws Exception {
      return start(new Setting(application, "", loop, Duration.ofSeconds(30)));
    }

    /** With connections that may do nothing for so long. */
    NativeServer startImpatient(Duration idle, Application application) throws Exception {
      return start(new Setting(application, "", null, idle));
    }

    private NativeServer start(Setting setting) throws Exception {
      return switch (this) {
        case JETTY -> new Jetty(setting);
        case UNDERTOW -> new InUndertow(setting);
      };
    }
  }

  private record Setting(
      Application application, String prefix, @Nullable IOLoop loop, Duration idle) {}

  abstract int port();

  Client connect() throws Exception {
    return new Client(port());
  }

  private static final class Jetty extends NativeServer {
    private final Server server = new Server();
    private final ServerConnector connector;

    Jetty(Setting setting) throws Exception {
      var factory = new HttpConnectionFactory(new HttpConfiguration());
      connector = new ServerConnector(server, factory);
      connector.setHost("127.0.0.1");
      connector.setIdleTimeout(setting.idle.toMillis());
      server.addConnector(connector);
      var adapter =
          setting.loop == null
              ? new JettyAdapter(setting.application)
              : new JettyAdapter(setting.application, setting.loop);
      Handler handler =
          setting.prefix.isEmpty() ? adapter : new ContextHandler(adapter, setting.prefix);
      server.setHandler(handler);
      try {
        server.start();
      } catch (Exception e) {
        server.stop();
        throw e;
      }
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

  private static final class InUndertow extends NativeServer {
    private final UndertowAdapter adapter;
    private final Undertow undertow;

    InUndertow(Setting setting) {
      adapter =
          setting.loop == null
              ? new UndertowAdapter(setting.application)
              : new UndertowAdapter(setting.application, setting.loop);
      adapter.start();
      var handler =
          setting.prefix.isEmpty()
              ? adapter
              : Handlers.path().addPrefixPath(setting.prefix, adapter);
      int idle = Math.toIntExact(setting.idle.toMillis());
      undertow =
          Undertow.builder()
              .addHttpListener(0, "127.0.0.1")
              .setIoThreads(2)
              .setWorkerThreads(2)
              .setServerOption(UndertowOptions.NO_REQUEST_TIMEOUT, idle)
              .setSocketOption(Options.READ_TIMEOUT, idle)
              .setHandler(handler)
              .build();
      undertow.start();
    }

    @Override
    int port() {
      return ((InetSocketAddress) undertow.getListenerInfo().getFirst().getAddress()).getPort();
    }

    @Override
    public void close() {
      adapter.close(); // first, as the harder case: the connections are still there
      undertow.stop();
    }
  }
}
