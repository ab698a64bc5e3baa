// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
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
    var sockets = SocketPair.open();
    peer = sockets.peer();
    stream = running.call(() -> new IOStream(sockets.channel()));
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
    SocketPair.reset(peer);
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
    running.assertNothingLeft();
    running.close();
    peer.close();
  }
}
