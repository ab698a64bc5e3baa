// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.tcp;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopClosedException;
import org.waterspout.ioloop.LoopLocal;
import org.waterspout.log.Log;

/**
 * What the servers of one loop hold open and nobody else knows of: listening sockets, and
 * connections that are accepted and wait to be handled. Closed with the loop. From any thread.
 */
final class LoopSockets implements AutoCloseable {
  private static final LoopLocal<LoopSockets> OF_LOOP = new LoopLocal<>(_ -> new LoopSockets());

  private final Set<Closeable> open = new HashSet<>(); // guarded by itself
  private boolean closed; // guarded by open

  private LoopSockets() {}

  /**
   * Refuses to go on if the loop is closed.
   *
   * @throws IllegalStateException if it is
   */
  static void checkOpen(IOLoop loop) {
    try {
      var _ = OF_LOOP.get(loop);
    } catch (LoopClosedException e) {
      throw new IllegalStateException(loop + " is closed and can serve no longer", e);
    }
  }

  /** Closes the socket with the loop; false if that is closed already, and the socket is not. */
  static boolean add(IOLoop loop, Closeable socket) {
    try {
      return OF_LOOP.get(loop).add(socket);
    } catch (LoopClosedException e) {
      return false;
    }
  }

  /** Somebody else sees to it now; false if it has been closed with the loop. */
  static boolean remove(IOLoop loop, Closeable socket) {
    try {
      return OF_LOOP.get(loop).remove(socket);
    } catch (LoopClosedException e) {
      return false;
    }
  }

  private boolean add(Closeable socket) {
    synchronized (open) {
      if (!closed) {
        open.add(socket);
      }
      return !closed;
    }
  }

  private boolean remove(Closeable socket) {
    synchronized (open) {
      return open.remove(socket);
    }
  }

  /** After the loop's last turn. */
  @Override
  public void close() {
    List<Closeable> left;
    synchronized (open) {
      closed = true;
      left = List.copyOf(open);
      open.clear();
    }
    left.forEach(LoopSockets::close);
  }

  static void close(Closeable socket) {
    try {
      socket.close();
    } catch (IOException e) {
      Log.GENERAL.log(Level.DEBUG, "closing a socket", e);
    }
  }
}
