// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * Clients in a process of their own, so that what they cost is not counted. They connect, then do
 * as they are told through standard input, a line for each order, answered by a line. They end when
 * the input does.
 */
final class Clients implements AutoCloseable {
  private static final int BACKLOG = 1024;

  private final Process process;
  private final Writer orders;
  private final BufferedReader answers;
  private final List<SocketChannel> channels = new ArrayList<>();

  private Clients(Process process) {
    this.process = process;
    orders = process.outputWriter();
    answers = process.inputReader();
  }

  /**
   * Starts a program that is given a port and the number of connections to make to it, and accepts
   * them.
   */
  static Clients start(Class<?> program, int connections) throws IOException {
    try (var listening = ServerSocketChannel.open()) {
      listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
      var clients = launch(program, listening.socket().getLocalPort(), connections);
      for (int i = 0; i < connections; i++) {
        clients.channels.add(listening.accept());
      }
      clients.awaitAnswer();
      return clients;
    }
  }

  /** Starts a program that connects to a server of ours, and waits until it is done with that. */
  static Clients startFor(int port, Class<?> program, int connections, String talk)
      throws IOException {
    var clients = launch(program, port, connections, talk);
    clients.awaitAnswer();
    return clients;
  }

  private static Clients launch(Class<?> program, int port, int connections, String... more)
      throws IOException {
    var command = new ArrayList<>(List.of(Memory.java(), "-XX:+UseSerialGC", "-Xmx256m", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.addAll(List.of(program.getName(), String.valueOf(port), String.valueOf(connections)));
    command.addAll(List.of(more));
    return new Clients(new ProcessBuilder(command).redirectError(Redirect.INHERIT).start());
  }

  /** Our ends of the connections, in blocking mode. */
  List<SocketChannel> channels() {
    return channels;
  }

  /** Has each client do its part this many times, and waits until all have. */
  void repeat(int times) throws IOException {
    orders.write(times + "\n");
    orders.flush();
    awaitAnswer();
  }

  private void awaitAnswer() throws IOException {
    if (answers.readLine() == null) {
      throw new EOFException("the clients' process has ended");
    }
  }

  @Override
  public void close() throws IOException {
    orders.close();
    process.onExit().join();
  }
}
