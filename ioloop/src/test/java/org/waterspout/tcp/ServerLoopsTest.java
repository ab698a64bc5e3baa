// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.waterspout.ioloop.RunningLoop.DEADLINE;
import static org.waterspout.ioloop.RunningLoop.get;

import java.io.Closeable;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LogCapture;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.ioloop.RunningLoop;

class ServerLoopsTest {
  private static final String HOST = "127.0.0.1";
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final Closeable NOTHING = () -> {};
  private static final int MANY = 1000; // connections, among which each loop gets one

  private RunningLoop running;
  private final List<TCPServer> servers = new ArrayList<>();
  private final BlockingQueue<IOLoop> used = new LinkedBlockingQueue<>();
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

  /** Tells on which loops it was called, and sends one byte. */
  private TCPServer server() {
    var server =
        HandlerServer.on(
            running.loop,
            (stream, address) -> {
              assertThat(stream.loop()).isSameAs(IOLoop.current());
              used.add(IOLoop.current());
              stream.startReading(new HandlerServer.Echo(stream));
              stream.write(ByteBuffer.wrap(new byte[] {7}));
            });
    servers.add(server);
    return server;
  }

  private void start(TCPServer server, int loops) throws Exception {
    try {
      running.run(() -> server.start(loops));
    } catch (ExecutionException e) {
      throw (Exception) e.getCause();
    }
  }

  private IOLoop connectOnce(String host, int port) throws Exception {
    try (var socket = connect(host, port)) {
      assertThat(socket.getInputStream().read()).isEqualTo(7);
    }
    return used.take();
  }

  private static Socket connect(String host, int port) throws IOException {
    var socket = new Socket(InetAddress.getByName(host), port);
    socket.setSoTimeout((int) DEADLINE.toMillis());
    return socket;
  }

  private Set<IOLoop> connectUntilLoops(int count, String host, int port) throws Exception {
    Set<IOLoop> loops = ConcurrentHashMap.newKeySet();
    for (int i = 0; i < Math.max(MANY, 40 * count) && loops.size() < count; i++) {
      loops.add(connectOnce(host, port));
    }
    return loops;
  }

  @Test
  void connectionsAreSharedOutToAllLoops() throws Exception {
    var server = server();
    server.bind(0, HOST);
    int port = server.port();
    start(server, 3);
    assertThat(server.port()).isEqualTo(port);
    assertThat(connectUntilLoops(3, HOST, port)).hasSize(3).contains(running.loop);
  }

  @Test
  void allAddressesAreServedByAllLoops() throws Exception {
    var server = server();
    server.bind(0);
    start(server, 2);
    assertThat(connectUntilLoops(2, HOST, server.port())).hasSize(2);
  }

  @Test
  void noNumberMeansTheServersOwnLoopAndZeroOnePerProcessor() throws Exception {
    var one = server();
    one.bind(0, HOST);
    running.run(one::start);
    for (int i = 0; i < 20; i++) {
      assertThat(connectOnce(HOST, one.port())).isSameAs(running.loop);
    }
    var all = server();
    all.bind(0, HOST);
    start(all, 0);
    int processors = Runtime.getRuntime().availableProcessors();
    assertThat(connectUntilLoops(processors, HOST, all.port())).hasSize(processors);
  }

  @Test
  void aPortThatAnotherServerSharesIsAnErrorAllTheSame() throws Exception {
    var first = server();
    first.bind(0, HOST);
    start(first, 2);
    var second = server();
    assertThatExceptionOfType(BindException.class)
        .isThrownBy(() -> second.bind(first.port(), HOST))
        .withMessageContaining("port " + first.port());
  }

  @Test
  void whereTheKernelDoesNotShareOutConnectionsAreDealtOutInTurn() throws Exception {
    var file = folder.resolve("s");
    var server = server();
    server.bind(file);
    start(server, 3);
    var seen = new ArrayList<IOLoop>();
    for (int i = 0; i < 6; i++) {
      try (var socket = SocketChannel.open(UnixDomainSocketAddress.of(file))) {
        assertThat(socket.read(ByteBuffer.allocate(1))).isOne();
        seen.add(used.take());
      }
    }
    assertThat(seen.subList(0, 3)).doesNotHaveDuplicates().contains(running.loop);
    assertThat(seen.subList(3, 6)).isEqualTo(seen.subList(0, 3));
  }

  @Test
  void connectionsOfOtherLoopsGoOnAfterStop() throws Exception {
    var server = server();
    server.bind(0, HOST);
    start(server, 2);
    var open = new ArrayList<Socket>();
    try {
      for (IOLoop loop = running.loop; loop == running.loop; loop = used.take()) {
        open.add(connect(HOST, server.port()));
        assertThat(open.getLast().getInputStream().read()).isEqualTo(7);
        assertThat(open).hasSizeLessThan(MANY);
      }
      server.stop();
      open.getLast().getOutputStream().write(3);
      assertThat(open.getLast().getInputStream().read()).isEqualTo(3);
    } finally {
      for (var socket : open) {
        socket.close();
      }
    }
  }

  @Test
  void theOtherLoopsEndWhenTheServersOwnIsClosed() throws Exception {
    var server = server();
    server.bind(0, HOST);
    start(server, 2);
    var loops = connectUntilLoops(2, HOST, server.port());
    var idle = connect(HOST, server.port());
    assertThat(idle.getInputStream().read()).isEqualTo(7);
    running.loop.close(true);
    assertThat(used.take().isRunning()).isFalse();
    idle.close();
    for (var loop : loops) {
      assertThat(loop.isRunning()).isFalse();
      assertThatIllegalStateException().isThrownBy(loop::start).withMessageContaining("closed");
    }
    idle.close();
  }

  @Test
  void anErrorThatEndsOneLoopEndsTheServersOwn() throws Exception {
    var error = new OutOfMemoryError("of a test");
    var thrown = new AtomicBoolean(); // from then on nobody takes connections of that loop
    var server =
        HandlerServer.on(
            running.loop,
            (stream, address) -> {
              if (IOLoop.current() != running.loop) {
                thrown.set(true);
                throw error;
              }
              stream.close();
            });
    servers.add(server);
    server.bind(0, HOST);
    start(server, 2);
    try (var log = LogCapture.general();
        var _ = LogCapture.application()) {
      for (int i = 0; i < MANY && !thrown.get(); i++) {
        connectUnless(thrown, server);
      }
      assertThatThrownBy(running::awaitEnd).hasRootCause(error);
      log.await("a loop of a server ended");
    }
  }

  /** Connects; the server may have gone away with the error of a connection before. */
  private static void connectUnless(AtomicBoolean gone, TCPServer server) {
    try {
      connect(HOST, server.port()).close();
    } catch (IOException | IllegalStateException e) {
      assertThat(gone).isTrue();
    }
  }

  @Test
  void isStartedOnceAndAfterAllIsBound() throws Exception {
    var server = server();
    assertThatIllegalArgumentException().isThrownBy(() -> start(server, -1));
    start(server, 1);
    assertThatIllegalStateException()
        .isThrownBy(() -> start(server, 1))
        .withMessageContaining("started before");
    assertThatIllegalStateException()
        .isThrownBy(() -> server.bind(0, HOST))
        .withMessageContaining("bind(...)");
    assertThatIllegalStateException()
        .isThrownBy(() -> server().start(2))
        .withMessageContaining("off the loop");
  }

  /** Another process takes the port in the moment in which start() gives it away. */
  @Test
  void aStartThatFailsLeavesNothingOpen() throws Exception {
    assumeThat(DESCRIPTORS).exists();
    start(server(), 2); // loads what the rest needs
    int failures = 0;
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    for (int i = 0; i < 100 && failures == 0 && System.nanoTime() < end; i++) {
      var server = server();
      server.bind(0, HOST);
      int before = descriptors();
      try (var thief = new Thief(server.port())) {
        assertThat(thief).isNotNull();
        start(server, 3);
        server.stop();
      } catch (BindException e) {
        failures++;
        waitUntilDescriptors(before + 1);
        assertThatIllegalStateException().isThrownBy(server::port);
      }
    }
    assumeThat(failures).as("the moment was met").isPositive();
  }

  /** A loop has more than two; what else the process has open may come and go. */
  private static void waitUntilDescriptors(int most) {
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    while (descriptors() > most) {
      assertThat(System.nanoTime()).as("more than %s descriptors", most).isLessThan(deadline);
    }
  }

  private static int descriptors() {
    return Objects.requireNonNull(DESCRIPTORS.toFile().list()).length;
  }

  /** Tries to bind a port until it succeeds. */
  private static final class Thief implements AutoCloseable {
    private final AtomicBoolean end = new AtomicBoolean();
    private final Thread thread;

    Thief(int port) {
      thread = Thread.ofPlatform().start(() -> steal(port));
    }

    private void steal(int port) {
      while (!end.get()) {
        try (var taken = new ServerSocket(port, 1, InetAddress.getByName(HOST))) {
          while (!end.get()) {
            Thread.yield();
          }
        } catch (IOException e) {
          Thread.yield(); // still taken
        }
      }
    }

    @Override
    public void close() throws InterruptedException {
      end.set(true);
      thread.join();
    }
  }

  @Test
  void aStopDuringAStartHolds() throws Exception {
    for (int i = 0; i < 40; i++) {
      var server = server();
      server.bind(0, HOST);
      int port = server.port();
      var started = running.start(() -> startOn(server));
      for (long end = System.nanoTime() + i * 20_000; System.nanoTime() < end; ) {
        Thread.onSpinWait();
      }
      server.stop();
      get(started);
      assertThatIllegalStateException().isThrownBy(server::port);
      waitUntilFree(port);
    }
  }

  private static boolean startOn(TCPServer server) throws IOException {
    server.start(2);
    return true;
  }

  private static void waitUntilFree(int port) throws IOException {
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    while (true) {
      try (var socket = new ServerSocket(port, 1, InetAddress.getByName(HOST))) {
        assertThat(socket.getLocalPort()).isEqualTo(port);
        return;
      } catch (BindException e) {
        assertThat(System.nanoTime()).as("port %s is taken", port).isLessThan(deadline);
      }
    }
  }

  @Test
  void aLoopThatEndsIsClosedWithItsConnectionsAndTheOthersServeOn() throws Exception {
    var file = folder.resolve("s");
    var server =
        HandlerServer.on(
            running.loop,
            (stream, address) -> {
              used.add(IOLoop.current());
              if (IOLoop.current() == running.loop) {
                stream.write(ByteBuffer.wrap(new byte[] {7}));
              } else {
                IOLoop.current().stop();
                IOLoop.await(new LoopFuture<Void>(IOLoop.current()));
              }
            });
    servers.add(server);
    server.bind(file);
    server.bind(0, HOST);
    start(server, 2);
    try (var log = LogCapture.general()) {
      assertThat(List.of(firstByte(file), firstByte(file))).containsExactlyInAnyOrder(7, -1);
      log.await("a loop of a server was stopped");
      waitUntilClosed(used.stream().filter(each -> each != running.loop).findAny().orElseThrow());
      for (int i = 0; i < 50; i++) {
        assertThat(firstByte(file)).as("connection %s", i).isEqualTo(7);
        try (var socket = connect(HOST, server.port())) {
          assertThat(socket.getInputStream().read()).isEqualTo(7);
        }
      }
      assertThat(log.messages()).hasSize(1);
    }
  }

  private static void waitUntilClosed(IOLoop loop) {
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    while (LoopSockets.add(loop, NOTHING)) {
      assertThat(System.nanoTime()).as("%s is open", loop).isLessThan(deadline);
    }
  }

  private static int firstByte(Path file) throws IOException {
    try (var socket = SocketChannel.open(UnixDomainSocketAddress.of(file))) {
      var in = ByteBuffer.allocate(1);
      return socket.read(in) < 0 ? -1 : in.get(0);
    }
  }

  @Test
  void connectionsThatWaitToBeHandledAreClosedWithTheLoop() throws Exception {
    var file = folder.resolve("s");
    var busy = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    var server =
        HandlerServer.on(
            running.loop,
            (stream, address) -> {
              used.add(IOLoop.current());
              if (IOLoop.current() != running.loop) {
                busy.countDown();
                goOn.await();
                stream.close();
              }
            });
    servers.add(server);
    server.bind(file);
    start(server, 2);
    var clients = new ArrayList<SocketChannel>();
    for (int i = 0; i < 5; i++) { // by turns: the owner's, the other's, ... and again the owner's
      clients.add(SocketChannel.open(UnixDomainSocketAddress.of(file)));
      if (i == 1) {
        busy.await();
      }
    }
    for (int i = 0; i < 4; i++) {
      used.take(); // three of the owner's: so the other has been given its second
    }
    var closer = Thread.ofPlatform().start(running.loop::close);
    running.awaitEnd();
    while (!waitsIn(closer, "endThenBeginClosing")) { // of the other loop
      Thread.onSpinWait();
    }
    goOn.countDown();
    assertThat(closer.join(DEADLINE)).isTrue();
    assertThat(clients.get(3).read(ByteBuffer.allocate(1))).isEqualTo(-1);
    for (var client : clients) {
      client.close();
    }
  }

  private static boolean waitsIn(Thread thread, String method) {
    var stack = List.of(thread.getStackTrace());
    return stack.stream()
            .anyMatch(frame -> frame.getClassName().equals(ServerLoops.class.getName()))
        && stack.stream().anyMatch(frame -> frame.getMethodName().equals(method))
        && stack.getFirst().getMethodName().equals("park");
  }

  @Test
  void stopFreesWhatWasBoundAndNeverStarted() throws Exception {
    var server = server();
    var file = folder.resolve("s");
    server.bind(0, HOST);
    server.bind(file);
    int port = server.port();
    server.stop();
    assertThat(file).doesNotExist();
    var next = server();
    next.listen(port, HOST);
    assertThat(next.port()).isEqualTo(port);
  }
}
