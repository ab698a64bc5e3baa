// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.waterspout.gen.Gen;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopClosedException;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.iostream.IOStream;
import org.waterspout.iostream.StreamLimits;
import org.waterspout.tcp.TCPServer;

/**
 * An HTTP/1.1 server on a loop, or on several: see {@link TCPServer}. Tornado: {@code
 * httpserver.HTTPServer}.
 *
 * <p>Its delegate is a router, a mount, or anything else that answers requests. An Application has
 * its own ways to be served, {@code listen} and {@code server}, which start what is mounted in it.
 * {@link #listen} may be called for several ports; a port that is taken is an error there and then.
 * On several loops the delegate is called on all of them at once, unless each has one of its own
 * ({@link #start(int, Supplier)}).
 *
 * <pre>{@code
 * var server = new HTTPServer(router);
 * server.listen(8888);
 * IOLoop.current().start();
 * }</pre>
 */
public class HTTPServer extends TCPServer {
  private final HTTPServerConnectionDelegate delegate;
  private final HTTPServerOptions options;
  private final Map<IOLoop, ServerConnections> connections = new ConcurrentHashMap<>();
  private final Map<IOLoop, HTTPServerConnectionDelegate> delegates = new ConcurrentHashMap<>();
  private final Queue<HTTPServerConnectionDelegate> untaken = new ConcurrentLinkedQueue<>();
  private volatile boolean delegatePerLoop;
  private volatile boolean ending;
  private volatile @Nullable LocalIP lastLocalIP; // null before the first connection

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
    // behind a proxy TLS begins after what that says first
    super(options.proxyProtocol() ? null : options.ssl(), StreamLimits.DEFAULT);
    this.delegate = Objects.requireNonNull(delegate, "delegate");
    this.options = options;
    if (options.proxyProtocol() && options.ssl() != null) {
      var _ = options.ssl().newEngine(true, null); // refuses now what would fail later
    }
  }

  /**
   * Serves what was bound on so many loops, as {@link #start(int)}, each with a delegate of its
   * own, which then need not be safe for several loops. The server's own loop keeps that of the
   * constructor.
   *
   * @param loops 0 for one per processor
   * @param further makes those of the other loops; called in the calling thread, before anything is
   *     served. What it throws is thrown, and nothing that was bound is left open
   * @throws IOException as {@link #start(int)}
   */
  public void start(int loops, Supplier<? extends HTTPServerConnectionDelegate> further)
      throws IOException {
    int count = loops == 0 ? Runtime.getRuntime().availableProcessors() : loops;
    var made = new ArrayList<HTTPServerConnectionDelegate>();
    boolean started = false;
    try {
      for (int i = 1; i < count; i++) {
        made.add(Objects.requireNonNull(further.get(), "further"));
      }
      untaken.addAll(made);
      delegatePerLoop = true;
      start(count);
      started = true;
    } finally {
      if (!started) {
        untaken.removeAll(made);
        if (made.size() < count - 1) {
          stop();
        }
      }
    }
  }

  /** A loop that has its first connection takes one of those that were made for the others. */
  private HTTPServerConnectionDelegate delegateOf(IOLoop loop) {
    if (!delegatePerLoop || loop == loop()) {
      return delegate;
    }
    var its = delegates.get(loop);
    if (its == null) {
      its = untaken.poll();
      if (its == null) {
        return delegate;
      }
      delegates.put(loop, its);
    }
    return its;
  }

  @Override
  protected void handleStream(IOStream stream, SocketAddress address) throws IOException {
    var loop = stream.loop();
    var siblings =
        connections.computeIfAbsent(
            loop, its -> new ServerConnections(its, its.context(), options));
    if (ending) {
      siblings.end();
    }
    var context = context(stream, address);
    var its = delegateOf(loop);
    if (options.proxyProtocol()) {
      new ProxiedConnection(stream, context, its, options, siblings).start();
    } else {
      new HTTP1ServerConnection(stream, context, its, options, siblings).start();
    }
  }

  /**
   * Closes all connections, idle or not, as if their clients had gone, and WebSockets too. On the
   * server's own loop; {@link #stop} first, or new ones may come. The future completes when all are
   * closed.
   */
  public LoopFuture<Void> closeAllConnections() {
    loop().checkOnLoop("HTTPServer.closeAllConnections");
    return onAll(ServerConnections::closeAll);
  }

  /**
   * {@link #stop}, for a server that is to end without harm: connections without a request are
   * closed, requests that are under way are answered, and those answers are the last on their
   * connections; WebSockets are told that the server is going away (1001) and have five seconds to
   * close. What is not done within the grace is closed as by {@link #closeAllConnections}. Other
   * streams that were detached are their owners': they stay open, unless they were left in the
   * server's care by {@link HTTPConnection#keep}. On the server's own loop. This is final: what
   * connects after it is closed.
   *
   * @param grace how long all this may take
   * @return done when no connection is open; true if each has ended in time
   */
  public LoopFuture<Boolean> stop(Duration grace) {
    loop().checkOnLoop("HTTPServer.stop");
    Objects.requireNonNull(grace, "grace");
    stop();
    ending = true;
    return loop().rootContext().spawn(() -> endWithin(grace)); // of no request, which may end first
  }

  /** What this server has done so far. From any thread. */
  public ServerCounters counters() {
    ServerCounters all = ServerCounters.NONE;
    for (ServerConnections its : connections.values()) {
      all = all.plus(its.tally().counters());
    }
    return all;
  }

  private boolean endWithin(Duration grace) {
    try {
      Gen.await(Gen.withTimeout(grace, onAll(ServerConnections::endAll)));
      return true;
    } catch (CompletionException e) { // not within the time
      Gen.await(closeAllConnections());
      return false;
    }
  }

  private LoopFuture<Void> onAll(Function<ServerConnections, LoopFuture<Void>> closing) {
    var closings = new ArrayList<LoopFuture<Void>>();
    connections.forEach((loop, its) -> closings.add(on(loop, () -> closing.apply(its))));
    return LoopFuture.of(loop(), Gen.multi(closings).thenRun(() -> {}));
  }

  /** A loop's connections are its own: they are closed there, or with it. */
  private LoopFuture<Void> on(IOLoop loop, Supplier<LoopFuture<Void>> closing) {
    if (loop.onLoop()) {
      return closing.get();
    }
    var done = new LoopFuture<Void>(loop());
    loop().addFuture(LoopEnd.of(loop), _ -> done.complete(null));
    loop()
        .addFuture(
            loop.rootContext().spawn(() -> Gen.await(closing.get())), asked -> pass(asked, done));
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
    String protocol = options.ssl() == null ? "http" : "https";
    return new ConnectionContext(
        ip(remote), port(remote), localIP(local), port(local), forced == null ? protocol : forced);
  }

  /** Most connections come to one address: they share its literal. */
  private String localIP(SocketAddress address) {
    LocalIP last = lastLocalIP;
    if (last == null || !last.address().equals(address)) {
      last = new LocalIP(address, ip(address));
      lastLocalIP = last;
    }
    return last.literal();
  }

  private record LocalIP(SocketAddress address, String literal) {}

  /** As a literal. */
  private static String ip(SocketAddress address) {
    return address instanceof InetSocketAddress inet && inet.getAddress() != null
        ? inet.getAddress().getHostAddress()
        : ConnectionContext.NO_ADDRESS;
  }

  private static int port(SocketAddress address) {
    return address instanceof InetSocketAddress inet ? inet.getPort() : 0;
  }
}
