// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Clients of a servlet that computes: each asks again as soon as it has its answer. */
final class BusyServlets implements AutoCloseable {
  private static final byte[] REQUEST =
      "GET /servlets/compute HTTP/1.1\r\nHost: localhost\r\n\r\n"
          .getBytes(StandardCharsets.US_ASCII);

  private final List<Thread> clients = new ArrayList<>();
  private volatile boolean ending;

  BusyServlets(int port, int count) {
    for (int i = 0; i < count; i++) {
      clients.add(Thread.ofPlatform().name("client").start(() -> ask(port)));
    }
  }

  private void ask(int port) {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    try (var channel = SocketChannel.open(address)) {
      while (!ending) {
        Answer.send(channel, REQUEST);
        Answer.take(channel, Workload.HELLO);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns when the last one has its answer. */
  @Override
  public void close() {
    ending = true;
    for (var client : clients) {
      try {
        client.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
