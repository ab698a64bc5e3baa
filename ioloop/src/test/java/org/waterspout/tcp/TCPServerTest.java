// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.waterspout.ioloop.RunningLoop.get;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LogCapture;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.ioloop.RunningLoop;

class TCPServerTest {
  private static final String HOST = "127.0.0.1";

  private RunningLoop running;
  private final List<TCPServer> servers = new ArrayList<>();
  @TempDir Path folder;

  @BeforeEach
  void start() throws Exception {
    running = new RunningLoop();
  }

  @AfterEach
  void close() throws Exception {
    servers.forEach(TCPServer::stop);
    running.close();
  }

  private TCPServer server(HandlerServer.Handler handler) {
    var server = HandlerServer.on(running.loop, handler);
    servers.add(server);
    return server;
  }

  private TCPServer echo() throws IOException {
    var server = HandlerServer.echoOn(running.loop);
    servers.add(server);
    server.listen(0, HOST);
    return server;
  }

  private static Socket connect(TCPServer server) throws IOException {
    var socket = new Socket(InetAddress.getByName(HOST), server.port());
    socket.setSoTimeout((int) RunningLoop.DEADLINE.toMillis());
    return socket;
  }

  private static byte[] exchange(Socket socket, byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return socket.getInputStream().readNBytes(bytes.length);
  }

  @Test
  void servesOnAFreePort() throws Exception {
    var server = echo();
    assertThat(server.port()).isPositive();
    assertThat(server.loop()).isSameAs(running.loop);
    try (var socket = connect(server)) {
      assertThat(exchange(socket, new byte[] {1, 2, 3})).containsExactly(1, 2, 3);
    }
  }

  @Test
  void givesTheStreamAndThePeersAddressOnTheLoop() throws Exception {
    var seen = new CompletableFuture<SocketAddress>();
    var server =
        server(
            (stream, address) -> {
              running.loop.checkOnLoop("handleStream");
              seen.complete(address);
            });
    server.listen(0, HOST);
    try (var socket = connect(server)) {
      assertThat(get(seen)).isEqualTo(socket.getLocalSocketAddress());
    }
  }

  @Test
  void aPortInUseIsReportedWithItsAddress() throws Exception {
    var first = echo();
    var second = server((stream, address) -> {});
    assertThatExceptionOfType(BindException.class)
        .isThrownBy(() -> second.listen(first.port(), HOST))
        .withMessageContaining(HOST)
        .withMessageContaining(Integer.toString(first.port()));
    assertThatIllegalStateException().isThrownBy(second::port);
  }

  @Test
  void anUnknownHostIsRefused() {
    var server = server((stream, address) -> {});
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> server.listen(0, "no-such-host.invalid"))
        .withMessageContaining("no-such-host.invalid");
  }

  @Test
  void stopFreesThePortAndKeepsTheConnections() throws Exception {
    var server = echo();
    int port = server.port();
    try (var socket = connect(server)) {
      exchange(socket, new byte[] {1});
      server.stop();
      server.stop();
      waitUntilRefused(port);
      assertThat(exchange(socket, new byte[] {2})).containsExactly(2);
      var next = server((stream, address) -> {});
      next.listen(port, HOST);
      assertThat(next.port()).isEqualTo(port);
    }
  }

  @Test
  void stopOnTheLoopFreesThePortAtOnce() throws Exception {
    var server = echo();
    int port = server.port();
    try (var socket = connect(server)) {
      exchange(socket, new byte[] {1});
      running.run(
          () -> {
            server.stop();
            assertThatExceptionOfType(ConnectException.class)
                .isThrownBy(() -> new Socket(InetAddress.getByName(HOST), port).close());
            server.listen(port, HOST);
            server.stop();
            server.listen(port, HOST);
          });
      assertThat(exchange(socket, new byte[] {2})).containsExactly(2);
    }
    try (var socket = connect(server)) {
      assertThat(exchange(socket, new byte[] {3})).containsExactly(3);
    }
  }

  @Test
  void aClosedLoopServesNoLonger() throws Exception {
    var server = server((stream, address) -> {});
    var socket = NetUtil.bindSockets(0, HOST, BindOptions.defaults()).getFirst();
    running.close();
    assertRefused(() -> server.listen(0, HOST));
    assertRefused(() -> server.bind(0, HOST));
    assertRefused(() -> server.listen(folder.resolve("s")));
    assertRefused(() -> server.start(2));
    assertRefused(() -> server.addSocket(socket));
    assertThat(socket.isOpen()).isFalse();
    assertThat(folder).isEmptyDirectory();
    assertThatIllegalStateException().isThrownBy(server::port);
  }

  private void assertRefused(ThrowingCallable call) {
    assertThatIllegalStateException()
        .isThrownBy(call)
        .withMessageContaining(running.loop + " is closed");
  }

  @Test
  void theLoopsSocketsAreClosedWithIt() throws Exception {
    var server = echo();
    server.listen(0, HOST);
    server.bind(0, HOST);
    var never = new IOLoop(); // is closed before it has run
    var unused = HandlerServer.echoOn(never);
    unused.listen(0, HOST);
    unused.bind(0, HOST);
    try (var socket = connect(server)) {
      exchange(socket, new byte[] {1}); // registered
    }
    var ports = List.of(server.port(), unused.port());
    running.close();
    never.close();
    for (int port : ports) {
      assertThatExceptionOfType(ConnectException.class)
          .isThrownBy(() -> new Socket(InetAddress.getByName(HOST), port).close());
    }
    assertThatIllegalStateException().isThrownBy(server::port);
  }

  private void waitUntilRefused(int port) throws Exception {
    long deadline = System.nanoTime() + RunningLoop.DEADLINE.toNanos();
    while (System.nanoTime() < deadline) {
      try (var probe = new Socket(InetAddress.getByName(HOST), port)) {
        running.turns(1);
      } catch (ConnectException e) {
        return;
      } catch (SocketException reset) {
        running.turns(1); // closed just then
      }
    }
    throw new AssertionError("port " + port + " still accepts");
  }

  @Test
  void stopBeforeTheLoopHasTakenTheSocketOverIsHarmless() throws Exception {
    try (var application = LogCapture.application();
        var general = LogCapture.general()) {
      for (int i = 0; i < 1000; i++) {
        echo().stop();
      }
      running.turns(5);
      assertThat(application.messages()).isEmpty();
      assertThat(general.messages()).isEmpty();
    }
  }

  @Test
  void whatHandleStreamThrowsIsLoggedAndTheConnectionClosed() throws Exception {
    for (Throwable failure : List.of(new IOException("checked"), new AssertionError("error"))) {
      var server =
          server(
              (stream, address) -> {
                if (failure instanceof Error error) {
                  throw error;
                }
                throw (Exception) failure;
              });
      server.listen(0, HOST);
      try (var log = LogCapture.application();
          var socket = connect(server)) {
        assertThat(socket.getInputStream().read()).isEqualTo(-1);
        running.turns(1);
        assertThat(log.thrown()).containsExactly(failure);
        try (var next = connect(server)) {
          assertThat(next.getInputStream().read()).as("it goes on accepting").isEqualTo(-1);
        }
        running.turns(1); // its failure is logged here, not in the next round
      }
    }
  }

  @Test
  void connectionsDoNotRunInTheContextOfWhoeverCalledListen() throws Exception {
    var failure = new IllegalStateException("of a connection");
    var routed = new ArrayList<Throwable>();
    var server =
        server(
            (stream, address) -> {
              stream.close();
              running.loop.addCallback(
                  () -> {
                    throw failure;
                  });
            });
    running.run(
        () -> {
          var own = running.loop.context().withErrorRoute(routed::add);
          own.run(() -> listen(server));
        });
    try (var log = LogCapture.application();
        var socket = connect(server)) {
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
      running.turns(2);
      assertThat(log.thrown()).containsExactly(failure);
      assertThat(routed).isEmpty();
    }
  }

  private static void listen(TCPServer server) {
    try {
      server.listen(0, HOST);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aPeerThatResetsUnderAParkedHandlerIsNoError() throws Exception {
    var begun = new CompletableFuture<Void>();
    var ended = new CompletableFuture<Void>();
    var server =
        server(
            (stream, address) -> {
              begun.complete(null);
              try {
                IOLoop.await(stream.readBytes(1));
              } finally {
                ended.complete(null);
              }
            });
    server.listen(0, HOST);
    try (var log = LogCapture.application()) {
      var socket = connect(server);
      get(begun);
      socket.setOption(StandardSocketOptions.SO_LINGER, 0);
      socket.close();
      get(ended);
      running.turns(2);
      assertThat(log.messages()).isEmpty();
    }
  }

  @Test
  void closingTheLoopEndsParkedHandlersQuietlyAndTheirConnections() throws Exception {
    var begun = new CompletableFuture<Void>();
    var never = new LoopFuture<Void>(running.loop);
    var server =
        server(
            (stream, address) -> {
              begun.complete(null);
              IOLoop.await(never);
            });
    server.listen(0, HOST);
    try (var log = LogCapture.application();
        var socket = connect(server)) {
      get(begun);
      running.close();
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
      assertThat(log.messages()).isEmpty();
    }
  }

  @Test
  void othersAreAcceptedWhileOneHandleStreamIsParked() throws Exception {
    var future = new LoopFuture<Void>(running.loop);
    var calls = new AtomicInteger();
    var server =
        server(
            (stream, address) -> {
              if (calls.incrementAndGet() == 1) {
                IOLoop.await(future);
              }
              stream.write(ByteBuffer.wrap(new byte[] {7}));
            });
    server.listen(0, HOST);
    try (var first = connect(server)) {
      try (var second = connect(server)) {
        assertThat(second.getInputStream().read()).isEqualTo(7);
      }
      future.complete(null);
      assertThat(first.getInputStream().read()).isEqualTo(7);
    }
  }

  @Test
  void connectionsThatAreResetBeforeTheyAreAcceptedDoNoHarm() throws Exception {
    var server = echo();
    var release = new CountDownLatch(1);
    try (var log = LogCapture.application()) {
      var busy = running.start(() -> release.await(40, TimeUnit.SECONDS));
      for (int i = 0; i < 20; i++) {
        var socket = connect(server);
        socket.setOption(StandardSocketOptions.SO_LINGER, 0);
        socket.close();
      }
      release.countDown();
      assertThat(get(busy)).isTrue();
      try (var socket = connect(server)) {
        assertThat(exchange(socket, new byte[] {1})).containsExactly(1);
      }
      assertThat(log.messages()).isEmpty();
    }
  }

  @Test
  void manyConnectionsAtOnceEachGetTheirOwnBytes() throws Exception {
    var server = echo();
    var results = new ArrayList<CompletableFuture<Boolean>>();
    for (int i = 0; i < 300; i++) {
      byte own = (byte) i;
      var result = new CompletableFuture<Boolean>();
      results.add(result);
      Thread.ofVirtual()
          .start(
              () -> {
                try (var socket = connect(server)) {
                  boolean right = true;
                  for (int round = 0; round < 20; round++) {
                    var bytes = new byte[1 + round * 100];
                    Arrays.fill(bytes, own);
                    right &= Arrays.equals(bytes, exchange(socket, bytes));
                  }
                  result.complete(right);
                } catch (Throwable e) {
                  result.completeExceptionally(e);
                }
              });
    }
    for (var result : results) {
      assertThat(get(result)).isTrue();
    }
  }
}
