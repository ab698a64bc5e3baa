// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.BlockingHandler;
import io.undertow.util.Headers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;

/**
 * Somebody else's server, on a free port of the loopback interface. It sends bodies back: in chunks
 * under {@code /chunks}, as a redirect under {@code /redirect}, otherwise with their length.
 */
interface ForeignServer extends AutoCloseable {
  int port();

  /** The three there are. */
  enum Kind {
    JDK {
      @Override
      ForeignServer start() throws Exception {
        return new JDKServer();
      }
    },
    JETTY {
      @Override
      ForeignServer start() throws Exception {
        return new JettyServer();
      }
    },
    UNDERTOW {
      @Override
      ForeignServer start() {
        return new UndertowServer();
      }
    };

    abstract ForeignServer start() throws Exception;
  }

  /** The JDK's own. */
  final class JDKServer implements ForeignServer {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    JDKServer() throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(threads);
      server.createContext("/", JDKServer::answer);
      server.start();
    }

    private static void answer(HttpExchange exchange) throws IOException {
      var body = exchange.getRequestBody().readAllBytes();
      var path = exchange.getRequestURI().getPath();
      if (path.equals("/redirect")) {
        exchange.getResponseHeaders().set("Location", "/elsewhere");
        exchange.sendResponseHeaders(307, -1);
        exchange.close();
        return;
      }
      boolean head = exchange.getRequestMethod().equals("HEAD");
      boolean chunks = path.equals("/chunks");
      exchange.sendResponseHeaders(200, head || body.length == 0 ? -1 : chunks ? 0 : body.length);
      if (!head && body.length > 0) {
        exchange.getResponseBody().write(body);
      }
      exchange.close();
    }

    @Override
    public int port() {
      return server.getAddress().getPort();
    }

    @Override
    public void close() {
      server.stop(0);
      threads.close();
    }
  }

  /** Jetty's core. */
  final class JettyServer implements ForeignServer {
    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);

    JettyServer() throws Exception {
      connector.setHost("127.0.0.1");
      server.addConnector(connector);
      server.setHandler(
          new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback)
                throws Exception {
              answer(request, response, callback);
              return true;
            }
          });
      server.start();
    }

    private static void answer(Request request, Response response, Callback callback)
        throws Exception {
      var path = Request.getPathInContext(request);
      if (path.equals("/redirect")) {
        response.setStatus(307);
        response.getHeaders().put(HttpHeader.LOCATION, "/elsewhere");
        Content.Source.consumeAll(request);
        callback.succeeded();
        return;
      }
      var body = Content.Source.asByteBuffer(request);
      if (!path.equals("/chunks")) {
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.remaining());
      }
      response.write(false, body, Callback.from(() -> response.write(true, null, callback)));
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

  /** Undertow's core. */
  final class UndertowServer implements ForeignServer {
    private final Undertow server =
        Undertow.builder()
            .addHttpListener(0, "127.0.0.1")
            .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, 100_000_000L)
            .setIoThreads(1)
            .setWorkerThreads(8)
            .setHandler(new BlockingHandler(UndertowServer::answer))
            .build();

    UndertowServer() {
      server.start();
    }

    private static void answer(HttpServerExchange exchange) throws IOException {
      var body = exchange.getInputStream().readAllBytes();
      if (exchange.getRequestPath().equals("/redirect")) {
        exchange.setStatusCode(307);
        exchange.getResponseHeaders().put(Headers.LOCATION, "/elsewhere");
        return;
      }
      if (!exchange.getRequestPath().equals("/chunks")) {
        exchange.setResponseContentLength(body.length);
      }
      exchange.getOutputStream().write(body);
    }

    @Override
    public int port() {
      return ((InetSocketAddress) server.getListenerInfo().getFirst().getAddress()).getPort();
    }

    @Override
    public void close() {
      server.stop();
    }
  }
}
