// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import java.net.InetSocketAddress;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;
import org.waterspout.adapter.jetty.JettyAdapter;
import org.waterspout.adapter.undertow.UndertowAdapter;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.web.Application;
import org.xnio.Options;

/** A server of a container's own kind with one Application, on a free port of loopback. */
public abstract class NativeServer implements AutoCloseable {
  private static final Duration IDLE = Duration.ofSeconds(30);

  /** Which of them. */
  public enum Kind {
    JETTY,
    UNDERTOW;

    public NativeServer start(Application application) throws Exception {
      return start(application, AdapterOptions.defaults());
    }

    public NativeServer start(Application application, AdapterOptions options) throws Exception {
      return start(new Setting(application, options, "", null, IDLE, null));
    }

    /** Behind the container's own handler for a prefix. */
    public NativeServer startAt(String prefix, Application application) throws Exception {
      return start(new Setting(application, AdapterOptions.defaults(), prefix, null, IDLE, null));
    }

    NativeServer startOn(IOLoop loop, Application application) throws Exception {
      return start(new Setting(application, AdapterOptions.defaults(), "", loop, IDLE, null));
    }

    /** With connections that may do nothing for so long. */
    public NativeServer startImpatient(Duration idle, Application application) throws Exception {
      return start(new Setting(application, AdapterOptions.defaults(), "", null, idle, null));
    }

    /** With TLS, for localhost and 127.0.0.1. */
    public NativeServer startSecure(SSLContext context, Application application) throws Exception {
      return start(new Setting(application, AdapterOptions.defaults(), "", null, IDLE, context));
    }

    private NativeServer start(Setting setting) throws Exception {
      return switch (this) {
        case JETTY -> new Jetty(setting);
        case UNDERTOW -> new InUndertow(setting);
      };
    }
  }

  private record Setting(
      Application application,
      AdapterOptions options,
      String prefix,
      @Nullable IOLoop loop,
      Duration idle,
      @Nullable SSLContext tls) {}

  public abstract int port();

  Client connect() throws Exception {
    return new Client(port());
  }

  private static final class Jetty extends NativeServer {
    private final Server server = new Server();
    private final ServerConnector connector;

    Jetty(Setting setting) throws Exception {
      var factory = new HttpConnectionFactory(new HttpConfiguration());
      var tls = new SslContextFactory.Server();
      tls.setSslContext(setting.tls);
      connector =
          setting.tls == null
              ? new ServerConnector(server, factory)
              : new ServerConnector(server, tls, factory);
      connector.setHost("127.0.0.1");
      connector.setIdleTimeout(setting.idle.toMillis());
      server.addConnector(connector);
      var adapter =
          setting.loop == null
              ? new JettyAdapter(setting.application, setting.options)
              : new JettyAdapter(setting.application, setting.options, setting.loop);
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
    public int port() {
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
              ? new UndertowAdapter(setting.application, setting.options)
              : new UndertowAdapter(setting.application, setting.options, setting.loop);
      adapter.start();
      var handler =
          setting.prefix.isEmpty()
              ? adapter
              : Handlers.path().addPrefixPath(setting.prefix, adapter);
      int idle = Math.toIntExact(setting.idle.toMillis());
      var builder = Undertow.builder();
      builder =
          setting.tls == null
              ? builder.addHttpListener(0, "127.0.0.1")
              : builder.addHttpsListener(0, "127.0.0.1", setting.tls);
      undertow =
          builder
              .setIoThreads(2)
              .setWorkerThreads(2)
              .setServerOption(UndertowOptions.NO_REQUEST_TIMEOUT, idle)
              .setSocketOption(Options.READ_TIMEOUT, idle)
              .setHandler(handler)
              .build();
      undertow.start();
    }

    @Override
    public int port() {
      return ((InetSocketAddress) undertow.getListenerInfo().getFirst().getAddress()).getPort();
    }

    @Override
    public void close() {
      adapter.close(); // first, as the harder case: the connections are still there
      undertow.stop();
    }
  }
}
