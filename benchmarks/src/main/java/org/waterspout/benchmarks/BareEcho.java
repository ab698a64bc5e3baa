// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.List;

/** Echo by a selector and a thread alone: what every loop on this machine pays at least. */
final class BareEcho implements AutoCloseable {
  private final Selector selector = Selector.open();
  private final ByteBuffer bytes = ByteBuffer.allocateDirect(64 * 1024);
  private final Thread thread = Thread.ofPlatform().name("bare-echo").daemon().unstarted(this::run);
  private volatile boolean closed;

  BareEcho(List<SocketChannel> channels) throws IOException {
    for (var channel : channels) {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.register(selector, SelectionKey.OP_READ);
    }
    thread.start();
  }

  private void run() {
    try {
      while (!closed) {
        selector.select();
        var ready = selector.selectedKeys();
        for (var key : ready) {
          echo((SocketChannel) key.channel());
        }
        ready.clear();
      }
      closeAll();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void echo(SocketChannel channel) throws IOException {
    bytes.clear();
    if (channel.read(bytes) < 0) {
      channel.close();
      return;
    }
    bytes.flip();
    channel.write(bytes);
    if (bytes.hasRemaining()) {
      throw new IOException("the transport did not take a message of a few bytes");
    }
  }

  private void closeAll() throws IOException {
    for (var key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }

  /** Ends the thread, which closes the channels. */
  @Override
  public void close() {
    closed = true;
    selector.wakeup();
  }
}
