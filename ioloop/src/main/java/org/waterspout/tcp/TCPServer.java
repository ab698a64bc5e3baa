// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.tcp;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.iostream.IOStream;
import org.waterspout.log.Log;

/**
 * Accepts connections and hands each to {@link #handleStream}. Tornado: {@code TCPServer}.
 *
 * <p>It serves on the loop that is current where it is made. {@link #listen} and {@link #stop} may
 * be called from any thread.
 */
public abstract class TCPServer {
  private static final int BACKLOG = 128;
  private static final int MAX_ACCEPTS_PER_EVENT = 128;
  private static final Duration ACCEPT_PAUSE = Duration.ofMillis(100); // after a failed accept

  private final IOLoop loop = IOLoop.current();
  private final List<ServerSocketChannel> sockets = new ArrayList<>(); // guarded by itself

  /** A server of the current loop. */
  protected TCPServer() {}

  /** The loop on which this server serves. */
  public final IOLoop loop() {
    return loop;
  }

  /**
   * Takes over a new connection. Called on the loop, from its base level.
   *
   * @param address the peer's
   */
  protected abstract void handleStream(IOStream stream, SocketAddress address) throws Exception;

  /** Listens on a port of all addresses; 0 picks a free one. See {@link #listen(int, String)}. */
  public final void listen(int port) throws IOException {
    listen(new InetSocketAddress(port));
  }

  /**
   * Listens on a port of one address; 0 picks a free one. The socket is bound when the call
   * returns, connections are accepted once the loop runs.
   *
   * @throws BindException if the port is taken; the message names address and port
   */
  public final void listen(int port, String host) throws IOException {
    listen(new InetSocketAddress(host, port));
  }

  private void listen(InetSocketAddress address) throws IOException {
    if (address.isUnresolved()) {
      throw new IOException("unknown host: " + address.getHostString());
    }
    var socket = ServerSocketChannel.open();
    try {
      socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      socket.configureBlocking(false);
      socket.bind(address, BACKLOG);
    } catch (BindException e) {
      socket.close();
      throw withAddress(e, address);
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
    synchronized (sockets) {
      sockets.add(socket);
    }
    loop.addCallback(() -> accept(socket));
  }

  private static BindException withAddress(BindException e, InetSocketAddress address) {
    var named =
        new BindException(
            "cannot listen on "
                + address.getAddress().getHostAddress()
                + " port "
                + address.getPort()
                + ": "
                + e.getMessage());
    named.initCause(e);
    return named;
  }

  /**
   * The port of the first socket.
   *
   * @throws IllegalStateException if it listens on none
   */
  public final int port() {
    synchronized (sockets) {
      if (sockets.isEmpty()) {
        throw new IllegalStateException("the server does not listen");
      }
      return sockets.getFirst().socket().getLocalPort();
    }
  }

  /** Stops accepting. Connections that were accepted go on. A second call does nothing. */
  public void stop() {
    List<ServerSocketChannel> stopped;
    synchronized (sockets) {
      stopped = List.copyOf(sockets);
      sockets.clear();
    }
    stopped.forEach(TCPServer::close);
    if (!stopped.isEmpty()) {
      loop.addCallback(() -> stopped.forEach(loop::removeHandler)); // the next poll frees the port
    }
  }

  private static void close(ServerSocketChannel socket) {
    try {
      socket.close();
    } catch (IOException e) {
      Log.GENERAL.log(Level.WARNING, "closing a listening socket", e);
    }
  }

  private void accept(ServerSocketChannel socket) {
    if (!socket.isOpen()) {
      return;
    }
    try {
      loop.addHandler(socket, SelectionKey.OP_ACCEPT, this::acceptAll);
    } catch (ClosedChannelException stopped) { // by another thread, just now
      Log.GENERAL.log(Level.DEBUG, "stopped before it began to accept");
    }
  }

  private void acceptAll(SelectableChannel channel, int ops) {
    var socket = (ServerSocketChannel) channel;
    for (int i = 0; i < MAX_ACCEPTS_PER_EVENT && socket.isOpen(); i++) {
      SocketChannel connection;
      try {
        connection = socket.accept();
      } catch (IOException e) {
        pauseAccepting(socket, e);
        return;
      }
      if (connection == null) {
        return;
      }
      loop.addCallback(() -> begin(connection)); // user code: from base level, one at a time
    }
  }

  /** Out of descriptors, most likely: trying again at once would only burn time. */
  private void pauseAccepting(ServerSocketChannel socket, IOException reason) {
    if (!socket.isOpen()) {
      return;
    }
    Log.GENERAL.log(Level.WARNING, "accepting a connection failed, pausing", reason);
    loop.updateHandler(socket, 0);
    loop.callLater(
        ACCEPT_PAUSE,
        () -> {
          if (socket.isOpen()) {
            loop.updateHandler(socket, SelectionKey.OP_ACCEPT);
          }
        });
  }

  private void begin(SocketChannel connection) {
    @Nullable IOStream stream = null;
    try {
      var address = connection.getRemoteAddress();
      stream = new IOStream(connection);
      handleStream(stream, address);
    } catch (Throwable e) {
      closeFailed(connection, stream);
      IOLoop.rethrowIfFatal(e);
      Log.APPLICATION.log(Level.ERROR, "Error in connection callback", e);
    }
  }

  private static void closeFailed(SocketChannel connection, @Nullable IOStream stream) {
    if (stream != null) {
      stream.close();
      return;
    }
    try {
      connection.close();
    } catch (IOException e) {
      Log.GENERAL.log(Level.DEBUG, "closing a socket", e);
    }
  }
}
