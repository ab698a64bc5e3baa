// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * The clients of {@link IdleStreams} and {@link IdleServer}: they connect, say what they have to
 * say, if anything, and stay silent until the input ends.
 */
final class IdleClients {
  private static final int AT_ONCE = 100; // fewer than may wait to be accepted

  private IdleClients() {}

  static void main(String[] args) throws IOException {
    int port = Integer.parseInt(args[0]);
    int count = Integer.parseInt(args[1]);
    List<SocketChannel> held =
        args.length > 2
            ? connectAndSpeak(port, count, Talk.valueOf(args[2]))
            : EchoClients.connect(port, count);
    System.out.println("connected");
    while (System.in.read() >= 0) {
      // orders are for others
    }
    for (var channel : held) {
      channel.close();
    }
  }

  private static List<SocketChannel> connectAndSpeak(int port, int count, Talk talk)
      throws IOException {
    var held = new ArrayList<SocketChannel>();
    while (held.size() < count) {
      var some = EchoClients.connect(port, Math.min(AT_ONCE, count - held.size()));
      talk.speakOver(some);
      held.addAll(some);
    }
    return held;
  }
}
