// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The program that is all clients of a server: a selector and a thread, in a process of its own.
 * Each line of its input is an order to measure, see {@link #main}; it answers with a line of three
 * numbers: answers, processor nanoseconds of the server, nanoseconds.
 *
 * <p>Connections are made for each measurement. What comes before they have got going is not
 * counted.
 */
final class Load {
  private static final Duration START = Duration.ofMillis(300);

  private final Selector selector = Selector.open();
  private final ByteBuffer in = ByteBuffer.allocateDirect(256 * 1024);
  private final List<SocketChannel> channels = new ArrayList<>();

  private Load() throws IOException {}

  /** Orders are: workload, port, process, connections, milliseconds. */
  static void main(String[] args) throws IOException {
    var orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    for (var order = orders.readLine(); order != null; order = orders.readLine()) {
      var words = order.split(" ", -1);
      var load = new Load();
      load.connect(
          Workload.valueOf(words[0]), Integer.parseInt(words[1]), Integer.parseInt(words[3]));
      load.run(START);
      var time = new ProcessorTime(Long.parseLong(words[2]));
      long begin = System.nanoTime();
      time.start();
      long answers = load.run(Duration.ofMillis(Long.parseLong(words[4])));
      System.out.println(answers + " " + time.sinceStart() + " " + (System.nanoTime() - begin));
      load.close();
    }
  }

  private void connect(Workload workload, int port, int connections) throws IOException {
    var requests = requests(workload);
    for (int i = 0; i < connections; i++) {
      var channel =
          SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      channels.add(channel);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      if (workload == Workload.WEBSOCKET) {
        Answer.shakeHands(channel);
      }
      Answer.ask(channel, workload);
    }
    for (var channel : channels) {
      var expected = Answer.take(channel, workload);
      channel.configureBlocking(false);
      var key = channel.register(selector, SelectionKey.OP_READ);
      key.attach(new Client(channel, key, requests, workload.depth, expected));
    }
    for (var key : selector.keys()) {
      ((Client) key.attachment()).send();
    }
  }

  private static ByteBuffer requests(Workload workload) {
    var request = workload.request();
    var all = ByteBuffer.allocateDirect(request.length * workload.depth);
    for (int i = 0; i < workload.depth; i++) {
      all.put(request);
    }
    return all.flip();
  }

  private long run(Duration duration) throws IOException {
    long end = System.nanoTime() + duration.toNanos();
    long answers = 0;
    while (System.nanoTime() < end) {
      if (selector.select(5_000) == 0) {
        throw new IOException("no answer for five seconds");
      }
      for (var key : selector.selectedKeys()) {
        answers += ((Client) key.attachment()).progress(in);
      }
      selector.selectedKeys().clear();
    }
    return answers;
  }

  private void close() throws IOException {
    for (var channel : channels) {
      channel.close();
    }
    selector.close();
  }
}
