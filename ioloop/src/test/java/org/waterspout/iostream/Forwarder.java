// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import static org.waterspout.ioloop.RunningLoop.DEADLINE;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * Stands between a client and a server and passes on what comes, in pieces of its own choice: each
 * is sent once the one before it was. A piece of no bytes resets both connections. Who resets its
 * own has ended, for the other.
 */
final class Forwarder implements AutoCloseable {
  private final ServerSocket listening;
  private final SocketAddress to;
  private final IntUnaryOperator pieceSize;
  private final Socket toServer = new Socket();
  private volatile Socket fromClient;

  /** The size of the n-th piece in each direction is a function of n. */
  Forwarder(SocketAddress to, IntUnaryOperator pieceSize) throws IOException {
    this.to = to;
    this.pieceSize = pieceSize;
    listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    listening.setSoTimeout((int) DEADLINE.toMillis());
    Thread.ofPlatform().daemon().name("forwarder").start(this::run);
  }

  SocketAddress address() {
    return new InetSocketAddress(listening.getInetAddress(), listening.getLocalPort());
  }

  private void run() {
    try {
      fromClient = listening.accept();
      fromClient.setTcpNoDelay(true);
      toServer.setTcpNoDelay(true);
      toServer.connect(to);
      var client = fromClient;
      Thread.ofPlatform().daemon().start(() -> pass(client, toServer));
      pass(toServer, client);
    } catch (IOException closed) {
      // by the test
    }
  }

  private void pass(Socket from, Socket into) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = into.getOutputStream();
      var bytes = new byte[64 * 1024];
      int piece = 0;
      for (int count = read(in, bytes); count >= 0; count = read(in, bytes)) {
        for (int at = 0; at < count; ) {
          int size = Math.min(count - at, pieceSize.applyAsInt(piece++));
          if (size == 0) {
            SocketPair.reset(from);
            SocketPair.reset(into);
            return;
          }
          out.write(Arrays.copyOfRange(bytes, at, at + size));
          at += size;
        }
      }
      into.shutdownOutput();
    } catch (IOException closed) {
      // by either side or the test
    }
  }

  private static int read(InputStream in, byte[] bytes) {
    try {
      return in.read(bytes);
    } catch (IOException reset) { // behind unread bytes, a close is one
      return -1;
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    toServer.close();
    if (fromClient != null) {
      fromClient.close();
    }
  }
}
