// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/**
 * Prints how many bytes of heap the JDK has of a connection that waits for input: its channel and
 * its key, which no server can do without.
 */
final class IdleSockets {
  private static final int COUNT = 10_000;

  private IdleSockets() {}

  static void main() throws IOException {
    long before = Heap.used();
    try (var clients = Clients.start(IdleClients.class, COUNT);
        var selector = Selector.open()) {
      for (var channel : clients.channels()) {
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ);
      }
      selector.selectNow();
      System.out.println((Heap.used() - before) / COUNT);
    }
  }
}
