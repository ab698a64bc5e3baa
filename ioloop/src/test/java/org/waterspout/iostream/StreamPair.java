// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import static org.waterspout.ioloop.RunningLoop.DEADLINE;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.RunningLoop;

/** A stream on a running loop, and the blocking socket of its peer. */
final class StreamPair implements AutoCloseable {
  final RunningLoop running;
  final IOLoop loop;
  final Socket peer;
  final IOStream stream;

  StreamPair() throws Exception {
    running = new RunningLoop();
    loop = running.loop;
    try (var server = ServerSocketChannel.open()) {
      server.setOption(StandardSocketOptions.SO_RCVBUF, 16 * 1024);
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      peer = new Socket();
      peer.setReceiveBufferSize(16 * 1024); // small, so that writes fall short soon
      peer.setSoTimeout((int) DEADLINE.toMillis());
      peer.connect(server.getLocalAddress());
      var accepted = server.accept();
      accepted.setOption(StandardSocketOptions.SO_SNDBUF, 16 * 1024);
      stream = running.call(() -> new IOStream(accepted));
    }
  }

  void send(String text) throws IOException {
    send(text.getBytes(StandardCharsets.UTF_8));
  }

  void send(byte[] bytes) throws IOException {
    peer.getOutputStream().write(bytes);
  }

  byte[] receive(int count) throws IOException {
    return peer.getInputStream().readNBytes(count);
  }

  /** Has the peer's socket reset the connection. */
  void reset() throws IOException {
    peer.setOption(StandardSocketOptions.SO_LINGER, 0);
    peer.close();
  }

  static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  /** So many bytes that never repeat at a distance that a mix-up could have. */
  static byte[] pattern(int size) {
    var bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) (i * 31 + (i >>> 8) * 7 + (i >>> 16));
    }
    return bytes;
  }

  @Override
  public void close() throws Exception {
    running.run(stream::close);
    running.close();
    peer.close();
  }
}
