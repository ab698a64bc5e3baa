// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.waterspout.ioloop.RunningLoop.get;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.ioloop.RunningLoop;
import org.waterspout.iostream.IOStream;

/** What the tests of TCPClient share. */
abstract class TCPClientTesting {
  static final ConnectOptions DEFAULTS = ConnectOptions.defaults();
  static final InetAddress FOUR = InetAddress.ofLiteral("127.0.0.1");
  static final InetAddress SIX = InetAddress.ofLiteral("::1");

  RunningLoop running;
  final List<TCPServer> servers = new ArrayList<>();
  private final List<Socket> taken = new ArrayList<>(); // for their ports
  @TempDir Path folder;

  @BeforeEach
  void start() throws Exception {
    running = new RunningLoop();
  }

  @AfterEach
  void close() throws Exception {
    servers.forEach(TCPServer::stop);
    running.loop.close(true);
    running.close();
    for (var socket : taken) {
      socket.close();
    }
  }

  TCPServer echo() {
    var server = HandlerServer.echoOn(running.loop);
    servers.add(server);
    return server;
  }

  TCPServer echo(InetAddress address) throws IOException {
    var server = echo();
    server.listen(0, address.getHostAddress());
    return server;
  }

  /** A resolver that knows one host's addresses. */
  static Resolver knowing(InetSocketAddress... addresses) {
    return (host, port, family) ->
        LoopFuture.completed(IOLoop.current(), List.copyOf(Arrays.asList(addresses)));
  }

  static InetSocketAddress of(InetAddress address, TCPServer server) {
    return new InetSocketAddress(address, server.port());
  }

  /** An address that refuses: its port is taken, but nobody listens. */
  InetSocketAddress refusing(InetAddress address) throws IOException {
    var socket = new Socket();
    taken.add(socket);
    socket.bind(new InetSocketAddress(address, 0));
    return new InetSocketAddress(address, socket.getLocalPort());
  }

  IOStream connect(TCPClient client, String host, int port, ConnectOptions options)
      throws Exception {
    return get(start(client, host, port, options));
  }

  CompletableFuture<IOStream> start(TCPClient client, String host, int port, ConnectOptions options)
      throws Exception {
    return running.call(() -> client.connect(host, port, options));
  }

  void exchange(IOStream stream) throws Exception {
    exchange(running, stream);
  }

  static void exchange(RunningLoop on, IOStream stream) throws Exception {
    on.run(
        () -> {
          IOLoop.await(stream.write(new byte[] {1, 2, 3}));
          assertThat(IOLoop.await(stream.readBytes(3))).containsExactly(1, 2, 3);
          stream.close();
        });
  }

  static void assumeIPv6() throws IOException {
    assumeThat(NetworkInterface.getByInetAddress(SIX)).as("IPv6 is on").isNotNull();
  }

  /** Does not accept, and its queue is full: who connects waits. */
  static final class Silent implements AutoCloseable {
    final InetSocketAddress address;
    private final ServerSocket socket;
    private final List<SocketChannel> filling = new ArrayList<>();

    Silent() throws IOException {
      socket = new ServerSocket(0, 1, FOUR);
      address = new InetSocketAddress(FOUR, socket.getLocalPort());
      boolean full = false;
      for (int i = 0; i < 100 && !full; i++) {
        var channel = SocketChannel.open();
        channel.configureBlocking(false);
        filling.add(channel);
        full = !channel.connect(address) && !connectsSoon(channel);
      }
      assumeThat(full).as("the kernel lets connections wait").isTrue();
    }

    private static boolean connectsSoon(SocketChannel channel) throws IOException {
      try (var selector = Selector.open()) {
        channel.register(selector, SelectionKey.OP_CONNECT);
        return selector.select(600) > 0 && channel.finishConnect();
      }
    }

    @Override
    public void close() throws IOException {
      for (var channel : filling) {
        channel.close();
      }
      socket.close();
    }
  }
}
