// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import org.waterspout.gen.Gen;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopClosedException;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.iostream.IOStream;
import org.waterspout.iostream.SSLIOStream;
import org.waterspout.iostream.StreamLimits;
import org.waterspout.tcp.TCPServer;

/**
 * An HTTP/1.1 server on a loop, or on several: see {@link TCPServer}. Tornado: {@code
 * httpserver.HTTPServer}.
 *
 * <p>Its delegate is an Application, a router, a servlet mount, or anything else that answers
 * requests. {@link #listen} may be called for several ports; a port that is taken is an error there
 * and then. On several loops the delegate is called on all of them at once.
 *
 * <pre>{@code
 * var server = new HTTPServer(application);
 * server.listen(8888);
 * IOLoop.current().start();
 * }</pre>
 */
public class HTTPServer extends TCPServer {
  private final HTTPServerConnectionDelegate delegate;
  private final HTTPServerOptions options;
  private final Map<IOLoop, ServerConnections> connections = new ConcurrentHashMap<>();

  /** A server with the default limits. */
  public HTTPServer(HTTPServerConnectionDelegate delegate) {
    this(delegate, HTTPServerOptions.defaults());
  }

  /**
   * A server with options.
   *
   * @throws IllegalStateException if it is to serve HTTPS and has no certificate
   */
  public HTTPServer(HTTPServerConnectionDelegate delegate, HTTPServerOptions options) {
    super(options.ssl(), StreamLimits.DEFAULT);
    this.delegate = Objects.requireNonNull(delegate, "delegate");
    this.options = options;
  }

  @Override
  protected void handleStream(IOStream stream, SocketAddress address) throws IOException {
    var loop = stream.loop();
    var siblings =
        connections.computeIfAbsent(
            loop, its -> new ServerConnections(its, its.context(), options));
    new HTTP1ServerConnection(stream, context(stream, address), delegate, options, siblings)
        .start();
  }

  /**
   * Closes all connections, idle or not, as if their clients had gone. On the server's own loop;
   * {@link #stop} first, or new ones may come. The future completes when all are closed.
   */
  public LoopFuture<Void> closeAllConnections() {
    loop().checkOnLoop("HTTPServer.closeAllConnections");
    var closings = new ArrayList<LoopFuture<Void>>();
    connections.forEach((loop, its) -> closings.add(closeAll(loop, its)));
    return LoopFuture.of(loop(), Gen.multi(closings).thenRun(() -> {}));
  }

  /** A loop's connections are its own: they are closed there, or with it. */
  private LoopFuture<Void> closeAll(IOLoop loop, ServerConnections its) {
    if (loop.onLoop()) {
      return its.closeAll();
    }
    var done = new LoopFuture<Void>(loop());
    loop().addFuture(LoopEnd.of(loop), _ -> done.complete(null));
    loop().addFuture(loop.spawn(() -> Gen.await(its.closeAll())), asked -> pass(asked, done));
    return done;
  }

  private static void pass(LoopFuture<Void> asked, LoopFuture<Void> done) {
    if (asked.state() == Future.State.SUCCESS) {
      done.complete(null);
    } else if (!(asked.exceptionNow() instanceof LoopClosedException)) { // else it ends just now
      done.completeExceptionally(asked.exceptionNow());
    }
  }

  private ConnectionContext context(IOStream stream, SocketAddress remote) throws IOException {
    SocketAddress local = stream.channel().getLocalAddress();
    String forced = options.protocol();
    String protocol = stream instanceof SSLIOStream ? "https" : "http";
    return new ConnectionContext(
        ip(remote), port(remote), ip(local), port(local), forced == null ? protocol : forced);
  }

  /** As a literal; as in Tornado 0.0.0.0 for what is no Internet address. */
  private static String ip(SocketAddress address) {
    return address instanceof InetSocketAddress inet && inet.getAddress() != null
        ? inet.getAddress().getHostAddress()
        : "0.0.0.0";
  }

  private static int port(SocketAddress address) {
    return address instanceof InetSocketAddress inet ? inet.getPort() : 0;
  }
}
