// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.tcp;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopClosedException;
import org.waterspout.iostream.IOStream;
import org.waterspout.iostream.SSLIOStream;
import org.waterspout.iostream.StreamClosedException;
import org.waterspout.iostream.StreamLimits;
import org.waterspout.log.Log;

/**
 * Accepts connections and hands each to {@link #handleStream}. Tornado: {@code TCPServer}.
 *
 * <p>It serves on the loop that is current where it is made, and on that one only:
 *
 * <pre>{@code
 * server.listen(8888);
 * IOLoop.current().start();
 * }</pre>
 *
 * <p>or on several loops of this process, each with a thread of its own:
 *
 * <pre>{@code
 * server.bind(8888);
 * server.start(0);          // as many as there are processors
 * IOLoop.current().start();
 * }</pre>
 *
 * <p>Sockets are bound when the call returns, connections are accepted once the loop runs. Both are
 * closed with the loop, but for connections that {@link #handleStream} has got. All methods but
 * {@link #start} may be called from any thread; a host that is given by name is looked up in the
 * calling thread.
 */
public abstract class TCPServer {
  private final IOLoop loop = IOLoop.current();
  private final @Nullable SSLOptions ssl; // null: plain
  private final StreamLimits limits;

  // guarded by acceptors
  private final List<Acceptor> acceptors = new ArrayList<>();
  private final List<Bound> bound = new ArrayList<>(); // not started yet
  private boolean started;
  private int stops; // how often stop() was called

  /** A socket that waits for {@link #start}; without options it cannot be bound again. */
  private record Bound(ServerSocketChannel socket, @Nullable BindOptions options)
      implements Closeable {
    @Override
    public void close() {
      discard(socket);
    }
  }

  /** A server of the current loop. */
  protected TCPServer() {
    this(null, StreamLimits.DEFAULT);
  }

  /**
   * A server of the current loop, with options.
   *
   * @param ssl for TLS: {@link #handleStream} gets an {@link SSLIOStream} whose handshake may still
   *     be under way ({@link SSLIOStream#waitForHandshake} waits for it); null for plain streams
   * @param limits of the streams
   * @throws IllegalStateException if the SSL options have no certificate
   */
  protected TCPServer(@Nullable SSLOptions ssl, StreamLimits limits) {
    this.ssl = ssl;
    this.limits = Objects.requireNonNull(limits, "limits");
    if (ssl != null) {
      var _ = ssl.newEngine(true, null); // refuses now what would fail with every connection
    }
  }

  /** The loop on which this server was made; {@link #start} may add others. */
  public final IOLoop loop() {
    return loop;
  }

  /**
   * Takes over a new connection. Called on the loop of the stream, from its base level. What it
   * throws is logged, and the connection closed. That the loop or a stream was closed while it
   * waited, or that it was cancelled, is no error.
   *
   * @param address the peer's
   */
  protected abstract void handleStream(IOStream stream, SocketAddress address) throws Exception;

  /**
   * Tells that connections to an address are accepted from now on, as soon as the loops run. Called
   * by whoever made it listen or start, once for each address, before that call returns. Does
   * nothing unless it is overridden.
   *
   * @param address with the port that was picked, or with the path of a Unix domain socket
   * @param loops how many serve it
   */
  protected void listening(SocketAddress address, int loops) {}

  // ---- on one loop

  /** Listens on a port of all addresses; 0 picks a free one. */
  public final void listen(int port) throws IOException {
    listen(port, "");
  }

  /** Listens on a port of one host; see {@link #listen(int, String, BindOptions)}. */
  public final void listen(int port, String host) throws IOException {
    listen(port, host, BindOptions.defaults());
  }

  /**
   * Listens on a port of all addresses that a host name has, or of all of this machine if it is
   * empty. Port 0 picks a free one, the same for all.
   *
   * @throws BindException if the port is taken; the message names address and port
   * @throws IllegalStateException if the loop is closed
   */
  public final void listen(int port, String host, BindOptions options) throws IOException {
    LoopSockets.checkOpen(loop);
    addSockets(NetUtil.bindSockets(port, host, options));
  }

  /** Listens on a Unix domain socket to which only this process's user has access. */
  public final void listen(Path file) throws IOException {
    listen(file, EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
  }

  /**
   * Listens on a Unix domain socket. A socket file that nobody listens on is replaced; {@link
   * #stop} removes it.
   *
   * @param mode who may connect: on Linux, who may write to the file
   * @throws BindException if a server listens there, or there is a file that is no socket
   */
  public final void listen(Path file, Set<PosixFilePermission> mode) throws IOException {
    LoopSockets.checkOpen(loop);
    addSocket(NetUtil.bindUnixSocket(file, mode, BindOptions.defaults().backlog()));
  }

  /** Accepts the connections of sockets that listen already, and owns them; see {@link NetUtil}. */
  public final void addSockets(List<ServerSocketChannel> sockets) throws IOException {
    var made = new ArrayList<Acceptor>();
    boolean accepting = false;
    try {
      for (var socket : sockets) {
        made.add(acceptor(loop, socket));
      }
      accept(made);
      accepting = true;
    } finally {
      if (!accepting) {
        sockets.forEach(TCPServer::discard);
      }
    }
    tellListening(made, 1);
  }

  /** Accepts the connections of a socket that listens already, and owns it. */
  public final void addSocket(ServerSocketChannel socket) throws IOException {
    addSockets(List.of(socket));
  }

  // ---- on several loops

  /** {@link #bind(int, String, BindOptions)} for all addresses. */
  public final void bind(int port) throws IOException {
    bind(port, "", BindOptions.defaults());
  }

  /** {@link #bind(int, String, BindOptions)} with the usual options. */
  public final void bind(int port, String host) throws IOException {
    bind(port, host, BindOptions.defaults());
  }

  /**
   * Binds sockets, as {@link #listen(int, String, BindOptions)}, for {@link #start} to serve. May
   * be called several times before. Start soon: with several loops, a client that connects in
   * between is reset.
   */
  public final void bind(int port, String host, BindOptions options) throws IOException {
    for (var socket : NetUtil.bindSockets(port, host, options)) {
      addBound(new Bound(socket, options));
    }
  }

  /** Binds a Unix domain socket, as {@link #listen(Path)}, for {@link #start} to serve. */
  public final void bind(Path file) throws IOException {
    var mode = EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    addBound(new Bound(NetUtil.bindUnixSocket(file, mode, BindOptions.defaults().backlog()), null));
  }

  private void addBound(Bound socket) {
    synchronized (acceptors) {
      if (!started && LoopSockets.add(loop, socket)) {
        bound.add(socket);
        return;
      }
    }
    socket.close();
    LoopSockets.checkOpen(loop);
    throw new IllegalStateException("the server was started; bind(...) comes before");
  }

  /** Takes over what was bound and is open. */
  private List<Bound> takeBound() {
    var taken = bound.stream().filter(each -> LoopSockets.remove(loop, each)).toList();
    bound.clear();
    return taken;
  }

  /** Serves what was bound on the server's own loop. */
  public final void start() throws IOException {
    start(1);
  }

  /**
   * Serves what was bound on so many loops: the server's own and others, each with a thread and a
   * carrier of its own. Once, and on the loop or before it runs.
   *
   * <p>{@link #handleStream} is then called on several loops at once: what it shares between
   * connections must be safe for that. The kernel shares connections out, to a socket per loop
   * ({@code SO_REUSEPORT}); where it cannot, the server's own loop accepts all and deals them out
   * in turn. The other loops go on after {@link #stop}, for connections that are open, and end when
   * the server's own loop is closed. If it fails, nothing that was bound is left open.
   *
   * @param loops 0 for one per processor
   * @throws BindException if another process has taken the port since it was bound
   * @throws IllegalStateException if it was called before, or the loop is closed
   */
  public final void start(int loops) throws IOException {
    if (loops < 0) {
      throw new IllegalArgumentException("cannot serve on so many loops: " + loops);
    }
    if (loop.isRunning()) {
      loop.checkOnLoop("TCPServer.start");
    }
    LoopSockets.checkOpen(loop);
    List<Bound> sockets;
    int stopsBefore;
    synchronized (acceptors) {
      if (started) {
        throw new IllegalStateException("the server was started before");
      }
      started = true;
      sockets = takeBound();
      stopsBefore = stops;
    }
    int count = loops == 0 ? Runtime.getRuntime().availableProcessors() : loops;
    serve(sockets, count - 1, stopsBefore);
  }

  /** All or nothing: what is made for it is closed again if it fails, or is stopped meanwhile. */
  private void serve(List<Bound> sockets, int furtherLoops, int stopsBefore) throws IOException {
    var siblings = ServerLoops.OF_LOOP.get(loop);
    List<IOLoop> further = List.of();
    var made = new ArrayList<Acceptor>();
    boolean serving = false;
    try {
      further = siblings.make(furtherLoops);
      var all = new ArrayList<>(List.of(loop));
      all.addAll(further);
      for (var socket : sockets) {
        addAcceptors(made, socket, all);
      }
      siblings.run(further);
      serving = acceptUnlessStopped(made, stopsBefore);
    } finally {
      if (!serving) {
        made.forEach(Acceptor::stop);
        sockets.forEach(Bound::close);
        siblings.discard(further);
      }
    }
    if (serving) {
      tellListening(made, 1 + furtherLoops);
    }
  }

  private void addAcceptors(List<Acceptor> made, Bound first, List<IOLoop> loops)
      throws IOException {
    if (loops.size() == 1) {
      made.add(acceptor(loop, first.socket));
    } else if (first.options != null
        && first.socket.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT)) {
      shareThePort(made, first.socket, first.options, loops);
    } else {
      made.add(dealer(first.socket, loops));
    }
  }

  /**
   * A port is shared only if the first socket says so too. Up to here that one kept it to itself:
   * so a port that another server has is an error, and not half of its connections.
   */
  private void shareThePort(
      List<Acceptor> made, ServerSocketChannel first, BindOptions options, List<IOLoop> loops)
      throws IOException {
    var address = (InetSocketAddress) first.getLocalAddress();
    if (!options.reusePort()) {
      NetUtil.close(first);
    }
    for (var each : loops) {
      var socket =
          each == loop && options.reusePort()
              ? first
              : NetUtil.bindBeside(address, options.withReusePort(true));
      made.add(acceptor(each, socket));
    }
  }

  private Acceptor dealer(ServerSocketChannel socket, List<IOLoop> loops) throws IOException {
    var next = new int[1]; // of the server's own loop, where accepting happens
    return new Acceptor(
        loop,
        socket,
        connection -> {
          for (int i = 0; i < loops.size(); i++) {
            var on = loops.get(next[0]);
            next[0] = (next[0] + 1) % loops.size();
            if (begin(on, connection)) {
              return;
            }
          }
          LoopSockets.close(connection); // all loops are closed
        });
  }

  // ---- life

  /**
   * The port of the first socket.
   *
   * @throws IllegalStateException if it listens on none
   */
  public final int port() {
    synchronized (acceptors) {
      var addresses = new ArrayList<SocketAddress>();
      acceptors.stream().filter(Acceptor::isOpen).forEach(each -> addresses.add(each.address()));
      bound.stream()
          .filter(each -> each.socket.isOpen())
          .forEach(each -> addresses.add(NetUtil.addressOf(each.socket)));
      for (var address : addresses) {
        if (address instanceof InetSocketAddress inet) {
          return inet.getPort();
        }
      }
    }
    throw new IllegalStateException("the server listens on no port");
  }

  /**
   * Stops accepting. Called on a loop, it frees that loop's ports at once; those of other loops, or
   * if it is called elsewhere, are free as soon as each loop gets to it. Connections that were
   * accepted go on. A second call does nothing.
   */
  public void stop() {
    List<Acceptor> stopped;
    synchronized (acceptors) {
      stops++;
      stopped = List.copyOf(acceptors);
      acceptors.clear();
      takeBound().forEach(Bound::close);
    }
    stopped.forEach(Acceptor::stop);
  }

  private void accept(List<Acceptor> made) {
    synchronized (acceptors) {
      acceptors.addAll(made);
    }
    startAll(made);
  }

  private boolean acceptUnlessStopped(List<Acceptor> made, int stopsBefore) {
    synchronized (acceptors) {
      if (stops != stopsBefore) {
        return false;
      }
      acceptors.addAll(made);
    }
    startAll(made);
    return true;
  }

  private void startAll(List<Acceptor> made) {
    boolean all = false;
    try {
      made.forEach(Acceptor::start);
      all = true;
    } finally {
      if (!all) { // the loop is closed
        synchronized (acceptors) {
          acceptors.removeAll(made);
        }
        made.forEach(Acceptor::stop);
      }
    }
  }

  /** Sockets that share a port have one address. */
  private void tellListening(List<Acceptor> made, int loops) {
    made.stream().map(Acceptor::address).distinct().forEach(each -> listening(each, loops));
  }

  private static void discard(ServerSocketChannel socket) {
    UnixSocketFiles.removeFileOf(socket);
    NetUtil.close(socket);
  }

  private Acceptor acceptor(IOLoop on, ServerSocketChannel socket) throws IOException {
    return new Acceptor(
        on,
        socket,
        connection -> {
          if (!begin(on, connection)) {
            LoopSockets.close(connection);
          }
        });
  }

  /** User code: from base level, one at a time. False if the loop is closed. */
  private boolean begin(IOLoop on, SocketChannel connection) {
    if (!LoopSockets.add(on, connection)) {
      return false;
    }
    on.addCallback(
        () -> {
          if (LoopSockets.remove(on, connection)) {
            begin(connection);
          }
        });
    return true;
  }

  private void begin(SocketChannel connection) {
    @Nullable IOStream stream = null;
    try {
      var address = connection.getRemoteAddress();
      stream =
          ssl == null
              ? new IOStream(connection, limits)
              : new SSLIOStream(connection, true, ssl, null, limits);
      handleStream(stream, address);
    } catch (Throwable e) {
      closeFailed(connection, stream);
      IOLoop.rethrowIfFatal(e);
      logFailure(e);
    }
  }

  private static void logFailure(Throwable failure) {
    switch (failure) {
      case LoopClosedException _, CancellationException _ -> {} // somebody wanted it to end
      case StreamClosedException _ ->
          Log.APPLICATION.log(Level.DEBUG, "a stream was closed under its handler", failure);
      default ->
          Log.APPLICATION.log(Level.ERROR, "Error in connection callback", Log.cleaned(failure));
    }
  }

  private static void closeFailed(SocketChannel connection, @Nullable IOStream stream) {
    if (stream != null) {
      stream.close();
    } else {
      LoopSockets.close(connection);
    }
  }
}
