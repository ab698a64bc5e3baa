// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpUpgradeHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import org.waterspout.http.Capability;
import org.waterspout.http.HTTPConnection;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.Tenant;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.iostream.IOStream;

/**
 * An upgrade that a servlet has asked for. When filters and servlet have returned it takes the
 * place of the answer, unless that has become an error: the connection leaves HTTP.
 */
final class Upgrade {
  private final WebApp app;
  private final Exchange exchange;
  private final Request request;
  private final HttpUpgradeHandler handler;

  private Upgrade(WebApp app, Exchange exchange, Request request, HttpUpgradeHandler handler) {
    this.app = app;
    this.exchange = exchange;
    this.request = request;
    this.handler = handler;
  }

  /**
   * Makes the handler.
   *
   * @throws ServletException if the client has not asked for it, the connection cannot, or the
   *     handler cannot be made
   */
  static Upgrade to(
      Class<? extends HttpUpgradeHandler> type, WebApp app, Exchange exchange, Request request)
      throws ServletException {
    HTTPConnection connection = exchange.connection();
    if (!connection.capabilities().contains(Capability.DETACH)) {
      throw new ServletException(
          "upgrade: connections cannot be taken over in " + connection.deployment());
    }
    if (!asksForIt(request)) {
      throw new ServletException("upgrade: the client has not asked for one");
    }
    try {
      return new Upgrade(app, exchange, request, type.getDeclaredConstructor().newInstance());
    } catch (ReflectiveOperationException e) {
      throw new ServletException("upgrade: " + type.getName() + " cannot be made", e);
    }
  }

  /** RFC 9110 section 7.8: in HTTP/1.0 it does not count. */
  private static boolean asksForIt(Request request) {
    return request.getHeader("Upgrade") != null && request.getProtocol().equals("HTTP/1.1");
  }

  HttpUpgradeHandler handler() {
    return handler;
  }

  /**
   * Leaves HTTP, when the whole request has arrived. On the servlet's thread.
   *
   * @throws IOException if the client has gone
   */
  void begin() throws IOException {
    while (exchange.body().take() != null) {
      // RFC 9110 section 7.8: the new protocol begins behind the request.
    }
    IOLoop loop = exchange.connection().loop();
    try {
      var _ =
          new LoopCall<Void>(loop)
              .make(
                  () -> {
                    takeOver();
                    return LoopFuture.done(loop);
                  });
    } catch (ExecutionException e) {
      throw new ClientGoneException(new IOException("no upgrade", e.getCause()));
    }
  }

  private void takeOver() {
    IOStream stream = exchange.connection().detach();
    Runnable left = exchange.connection().keep(new Kept(stream));
    stream.setCloseCallback(left);
    var _ = stream.write(head().getBytes(StandardCharsets.ISO_8859_1));
    UpgradedConnection.on(app, stream, handler);
  }

  private String head() {
    HTTPHeaders headers = request.response().headers();
    headers.remove("Content-Length");
    String asked = request.getHeader("Upgrade");
    if (asked != null && !headers.contains("Upgrade")) {
      headers.set("Upgrade", asked);
    }
    if (!headers.listContains("Connection", "upgrade")) {
      headers.add("Connection", "Upgrade");
    }
    var head = new StringBuilder("HTTP/1.1 101 Switching Protocols\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    return head.append("\r\n").toString();
  }

  /** Closed as soon as the server stops: what the protocol would say to that only it knows. */
  private record Kept(IOStream stream) implements Tenant {
    @Override
    public void goAway() {
      stream.close();
    }

    @Override
    public void close() {
      stream.close();
    }
  }
}
