// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The clients of {@link EchoBenchmark}: each sends a message, then waits for it to come back. */
final class EchoClients {
  static final int MESSAGE_SIZE = 64;

  private final List<SocketChannel> channels;
  private final ByteBuffer message = ByteBuffer.allocateDirect(MESSAGE_SIZE);

  private EchoClients(List<SocketChannel> channels) {
    this.channels = channels;
  }

  static List<SocketChannel> connect(int port, int count) throws IOException {
    var channels = new ArrayList<SocketChannel>();
    for (int i = 0; i < count; i++) {
      var channel =
          SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channels.add(channel);
    }
    return channels;
  }

  static void main(String[] args) throws IOException {
    var clients = new EchoClients(connect(Integer.parseInt(args[0]), Integer.parseInt(args[1])));
    System.out.println("connected");
    var orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    for (var order = orders.readLine(); order != null; order = orders.readLine()) {
      for (int left = Integer.parseInt(order); left > 0; left--) {
        clients.echoOnce();
      }
      System.out.println("done");
    }
  }

  private void echoOnce() throws IOException {
    for (var channel : channels) {
      message.clear();
      while (message.hasRemaining()) {
        channel.write(message);
      }
    }
    for (var channel : channels) {
      message.clear();
      while (message.hasRemaining()) {
        if (channel.read(message) < 0) {
          throw new EOFException("the server has closed a connection");
        }
      }
    }
  }
}
