// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.tcp;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.log.Log;

/**
 * Accepts the connections of one listening socket on one loop. Tornado: {@code add_accept_handler}.
 *
 * <p>Where accepting fails, most likely for want of descriptors, trying again at once would only
 * burn time: it pauses, tries again, and says so once until it succeeds. {@link #start} and {@link
 * #stop} may be called from any thread.
 */
final class Acceptor implements Closeable {
  private static final int MAX_ACCEPTS_PER_EVENT = 128;
  private static final Duration PAUSE = Duration.ofMillis(100); // after a failed accept

  private final IOLoop loop;
  private final ServerSocketChannel socket;
  private final SocketAddress address;
  private final @Nullable SocketFile file; // null unless it is a Unix domain socket
  private final Consumer<SocketChannel> accepted;
  private final AtomicBoolean stopped = new AtomicBoolean();
  private boolean failing; // the last accept failed

  /**
   * Owns the socket from now on. {@code accepted} is called on the loop and enters no user code.
   */
  Acceptor(IOLoop loop, ServerSocketChannel socket, Consumer<SocketChannel> accepted)
      throws IOException {
    this.loop = loop;
    this.socket = socket;
    this.accepted = accepted;
    socket.configureBlocking(false);
    file = SocketFile.of(socket);
    address = file == null ? socket.getLocalAddress() : UnixDomainSocketAddress.of(file.path());
  }

  boolean isOpen() {
    return socket.isOpen();
  }

  /** Where clients connect to. */
  SocketAddress address() {
    return address;
  }

  /**
   * Connections belong to nobody's context, whoever asked to listen.
   *
   * @throws IllegalStateException if the loop is closed
   */
  void start() {
    if (!LoopSockets.add(loop, this)) {
      LoopSockets.checkOpen(loop);
    }
    loop.rootContext().execute(this::register);
  }

  /** On the loop, the port is free when this returns; else as soon as the loop gets to it. */
  void stop() {
    if (stopped.getAndSet(true)) {
      return;
    }
    var _ = LoopSockets.remove(loop, this);
    if (file != null && socket.isOpen()) { // as long as it is, no other file has its identity
      file.remove();
    }
    if (loop.onLoop()) {
      loop.removeHandler(socket);
      NetUtil.close(socket);
    } else {
      NetUtil.close(socket);
      loop.addCallback(() -> loop.removeHandler(socket));
    }
  }

  /** With the loop, after its last turn. */
  @Override
  public void close() {
    if (!stopped.getAndSet(true)) {
      if (file != null) {
        file.remove();
      }
      NetUtil.close(socket);
    }
  }

  private void register() {
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
    for (int i = 0; i < MAX_ACCEPTS_PER_EVENT && socket.isOpen(); i++) {
      SocketChannel connection;
      try {
        connection = socket.accept();
      } catch (IOException e) {
        pause(e);
        return;
      }
      if (connection == null) {
        return;
      }
      noteSuccess();
      accepted.accept(connection);
    }
  }

  private void noteSuccess() {
    if (failing) {
      failing = false;
      Log.GENERAL.log(Level.INFO, () -> "accepting connections on " + address + " again");
    }
  }

  private void pause(IOException reason) {
    if (!socket.isOpen()) {
      return;
    }
    if (!failing) {
      failing = true;
      Log.GENERAL.log(
          Level.WARNING,
          () -> "cannot accept connections on " + address + ", trying on: " + reason.getMessage());
    }
    loop.updateHandler(socket, 0);
    var _ =
        loop.callLater(
            PAUSE,
            () -> {
              if (socket.isOpen()) {
                loop.updateHandler(socket, SelectionKey.OP_ACCEPT);
              }
            });
  }
}
