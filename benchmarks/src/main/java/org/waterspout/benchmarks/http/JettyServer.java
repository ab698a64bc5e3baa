// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Jetty;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;
import org.jspecify.annotations.Nullable;

/**
 * Jetty, with one selector, which also accepts, and the smallest pool that its parts agree to.
 * Handlers do not block, so that the thread that selects answers.
 */
final class JettyServer extends Handler.Abstract.NonBlocking {
  private static final HttpField TYPE =
      new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, "text/plain");
  private static final ByteBuffer HELLO = direct(Workload.HELLO_BODY);
  private static final ByteBuffer DOWNLOAD = direct(Workload.body(Workload.DOWNLOAD_SIZE));

  static void main(String[] args) throws Exception {
    Ready.keepQuiet();
    var server = new Server(new QueuedThreadPool(4, 4));
    var configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    var connector = new ServerConnector(server, 0, 1, new HttpConnectionFactory(configuration));
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(
        Workload.valueOf(args[1]) == Workload.WEBSOCKET ? webSocket(server) : new JettyServer());
    server.start();
    Ready.announce(connector.getLocalPort(), "Jetty " + Jetty.VERSION);
  }

  private static ByteBuffer direct(byte[] bytes) {
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    switch (Request.getPathInContext(request)) {
      case "/hello" -> answer(response, HELLO.duplicate(), callback);
      case "/download" -> answer(response, DOWNLOAD.duplicate(), callback);
      case "/echo" ->
          Content.Source.asByteBuffer(
              request, Promise.from(body -> answer(response, body, callback), callback::failed));
      default -> throw new IllegalArgumentException(request.toString());
    }
    return true;
  }

  private static void answer(Response response, ByteBuffer content, Callback callback) {
    response.getHeaders().put(TYPE);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, content.remaining());
    response.write(true, content, callback);
  }

  private static Handler webSocket(Server server) {
    return WebSocketUpgradeHandler.from(
        server, container -> container.addMapping("/ws", (_, _, _) -> new Echo()));
  }

  /** Public for Jetty, which calls it by method handles. */
  public static final class Echo implements Session.Listener.AutoDemanding {
    private @Nullable Session session; // from the beginning on

    @Override
    public void onWebSocketOpen(Session opened) {
      session = opened;
    }

    @Override
    public void onWebSocketText(String message) {
      requireNonNull(session).sendText(message, org.eclipse.jetty.websocket.api.Callback.NOOP);
    }
  }
}
