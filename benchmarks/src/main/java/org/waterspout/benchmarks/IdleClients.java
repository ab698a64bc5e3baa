// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.List;

/** The clients of {@link IdleStreams}: they connect and stay silent until the input ends. */
final class IdleClients {
  private IdleClients() {}

  static void main(String[] args) throws IOException {
    List<SocketChannel> held =
        EchoClients.connect(Integer.parseInt(args[0]), Integer.parseInt(args[1]));
    System.out.println("connected");
    while (System.in.read() >= 0) {
      // orders are for others
    }
    for (var channel : held) {
      channel.close();
    }
  }
}
