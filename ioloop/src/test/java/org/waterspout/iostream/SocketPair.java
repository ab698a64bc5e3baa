// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import static org.waterspout.ioloop.RunningLoop.DEADLINE;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * Both ends of a connection: a channel for a stream, and a blocking socket. Their buffers are
 * small, so that writes fall short soon.
 */
record SocketPair(SocketChannel channel, Socket peer) {
  private static final int BUFFER = 16 * 1024;

  static SocketPair open() throws IOException {
    try (var server = ServerSocketChannel.open()) {
      server.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER);
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      var peer = new Socket();
      peer.setReceiveBufferSize(BUFFER);
      peer.setTcpNoDelay(true);
      peer.setSoTimeout((int) DEADLINE.toMillis());
      peer.connect(server.getLocalAddress());
      var accepted = server.accept();
      accepted.setOption(StandardSocketOptions.SO_SNDBUF, BUFFER);
      return new SocketPair(accepted, peer);
    }
  }

  /** Has the peer's socket reset the connection. */
  static void reset(Socket peer) throws IOException {
    peer.setOption(StandardSocketOptions.SO_LINGER, 0);
    peer.close();
  }
}
