// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * A selector and a thread that write an answer of fixed bytes for each end of a head they see, all
 * answers to one read in one write: what no server on this machine can do without.
 */
final class BareServer {
  private static final byte[] ANSWER =
      """
      HTTP/1.1 200 OK\r
      Date: Sat, 21 Nov 2026 12:00:00 GMT\r
      Content-Type: text/plain\r
      Content-Length: 12\r
      \r
      Hello, world\
      """
          .getBytes(StandardCharsets.US_ASCII);
  private static final int END_OF_HEAD = 0x0d0a0d0a;

  private final Selector selector = Selector.open();
  private final ByteBuffer in = ByteBuffer.allocateDirect(64 * 1024);
  private final ByteBuffer answers = ByteBuffer.allocateDirect(64 * 1024);

  private BareServer() throws IOException {
    while (answers.remaining() >= ANSWER.length) {
      answers.put(ANSWER);
    }
  }

  static void main(String[] args) throws IOException {
    var listening = ServerSocketChannel.open();
    listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
    listening.configureBlocking(false);
    var server = new BareServer();
    listening.register(server.selector, SelectionKey.OP_ACCEPT);
    Ready.announce(listening.socket().getLocalPort(), "");
    while (true) {
      server.selector.select();
      for (var key : server.selector.selectedKeys()) {
        if (key.isAcceptable()) {
          server.accept(listening);
        } else {
          server.answer((SocketChannel) key.channel());
        }
      }
      server.selector.selectedKeys().clear();
    }
  }

  private void accept(ServerSocketChannel listening) throws IOException {
    var channel = listening.accept();
    if (channel != null) {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.register(selector, SelectionKey.OP_READ);
    }
  }

  private void answer(SocketChannel channel) throws IOException {
    in.clear();
    if (channel.read(in) < 0) {
      channel.close();
      return;
    }
    int heads = 0;
    for (int i = 0; i + 4 <= in.position(); i++) {
      if (in.get(i) == '\r' && in.getInt(i) == END_OF_HEAD) {
        heads++;
      }
    }
    answers.limit(heads * ANSWER.length).position(0);
    channel.write(answers);
    if (answers.hasRemaining() || in.getInt(in.position() - 4) != END_OF_HEAD) {
      throw new IOException("a message of a few bytes was cut");
    }
  }
}
