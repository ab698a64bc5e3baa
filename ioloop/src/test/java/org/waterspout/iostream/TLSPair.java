// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import static org.waterspout.ioloop.RunningLoop.get;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.function.IntUnaryOperator;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.ioloop.RunningLoop;
import org.waterspout.tcp.SSLOptions;

/** Two streams of ours on one loop, of which each is the other's peer; TLS has begun. */
final class TLSPair implements AutoCloseable {
  final RunningLoop running = new RunningLoop();
  final SSLIOStream server;
  final SSLIOStream client;
  final LoopFuture<IOStream> connected; // the client
  private final Forwarder forwarder;

  /** Connected directly; the certificate has to be for "localhost". */
  TLSPair(SSLOptions server, SSLOptions client) throws Exception {
    this(server, client, "localhost", piece -> 64 * 1024);
  }

  /** What both say comes in pieces of the sizes that are given. */
  TLSPair(SSLOptions server, SSLOptions client, String host, IntUnaryOperator pieceSize)
      throws Exception {
    try (var listening = ServerSocketChannel.open()) {
      listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      forwarder = new Forwarder(listening.getLocalAddress(), pieceSize);
      this.client = running.call(() -> new SSLIOStream(SocketChannel.open(), false, client, host));
      connected = running.call(() -> this.client.connect(forwarder.address()));
      var accepted = listening.accept();
      this.server = running.call(() -> new SSLIOStream(accepted, true, server, null));
    }
  }

  /** Waits until the handshake is done. */
  TLSPair secured() throws Exception {
    get(running.call(client::waitForHandshake));
    get(running.call(server::waitForHandshake));
    return this;
  }

  /** What the handshakes fail with. */
  Throwable clientFailure() throws Exception {
    return StreamEnds.failure(running.call(client::waitForHandshake)).getCause();
  }

  Throwable serverFailure() throws Exception {
    return StreamEnds.failure(running.call(server::waitForHandshake)).getCause();
  }

  @Override
  public void close() throws Exception {
    try {
      running.run(client::close);
      running.run(server::close);
      running.assertNothingLeft();
    } finally {
      forwarder.close();
      running.close();
    }
  }
}
