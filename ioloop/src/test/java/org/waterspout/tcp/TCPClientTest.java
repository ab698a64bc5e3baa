// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.waterspout.ioloop.RunningLoop.get;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.waterspout.gen.Gen;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LogCapture;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.ioloop.RunningLoop;
import org.waterspout.iostream.IOStream;
import org.waterspout.iostream.SSLIOStream;
import org.waterspout.iostream.StreamClosedException;
import org.waterspout.iostream.StreamLimits;

class TCPClientTest {
  private static final ConnectOptions DEFAULTS = ConnectOptions.defaults();
  private static final InetAddress FOUR = InetAddress.ofLiteral("127.0.0.1");
  private static final InetAddress SIX = InetAddress.ofLiteral("::1");

  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

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
    running.loop.close(true);
    running.close();
  }

  private TCPServer echo() {
    var server = HandlerServer.echoOn(running.loop);
    servers.add(server);
    return server;
  }

  private TCPServer echo(InetAddress address) throws IOException {
    var server = echo();
    server.listen(0, address.getHostAddress());
    return server;
  }

  /** A resolver that knows one host's addresses. */
  private static Resolver knowing(InetSocketAddress... addresses) {
    return (host, port, family) ->
        LoopFuture.completed(IOLoop.current(), List.copyOf(Arrays.asList(addresses)));
  }

  private static InetSocketAddress of(InetAddress address, TCPServer server) {
    return new InetSocketAddress(address, server.port());
  }

  /** An address that refuses. */
  private static InetSocketAddress refusing(InetAddress address) throws IOException {
    try (var free = new ServerSocket(0, 1, address)) {
      return new InetSocketAddress(address, free.getLocalPort());
    }
  }

  private IOStream connect(TCPClient client, String host, int port, ConnectOptions options)
      throws Exception {
    return get(start(client, host, port, options));
  }

  private CompletableFuture<IOStream> start(
      TCPClient client, String host, int port, ConnectOptions options) throws Exception {
    return running.call(() -> client.connect(host, port, options));
  }

  private void exchange(IOStream stream) throws Exception {
    running.run(
        () -> {
          IOLoop.await(stream.write(new byte[] {1, 2, 3}));
          assertThat(IOLoop.await(stream.readBytes(3))).containsExactly(1, 2, 3);
          stream.close();
        });
  }

  private static void assumeIPv6() throws IOException {
    assumeThat(NetworkInterface.getByInetAddress(SIX)).as("IPv6 is on").isNotNull();
  }

  // ---- to one address

  @Test
  void connectsToNamesAndAddresses() throws Exception {
    var server = echo();
    server.listen(0, "localhost");
    for (String host : List.of("localhost", "127.0.0.1")) {
      exchange(connect(new TCPClient(), host, server.port(), DEFAULTS));
    }
  }

  @Test
  void connectsToPaths() throws Exception {
    var file = folder.resolve("s");
    echo().listen(file);
    exchange(get(running.call(() -> new TCPClient().connect(file))));
    assertThatThrownBy(
            () -> get(running.call(() -> new TCPClient().connect(folder.resolve("none")))))
        .cause()
        .isInstanceOf(StreamClosedException.class)
        .hasStackTraceContaining(folder.resolve("none").toString());
  }

  @Test
  void aRefusalNamesTheAddress() throws Exception {
    var closed = refusing(FOUR);
    assertThatThrownBy(() -> connect(new TCPClient(), "127.0.0.1", closed.getPort(), DEFAULTS))
        .cause()
        .isInstanceOf(StreamClosedException.class)
        .cause()
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("127.0.0.1:" + closed.getPort());
  }

  @Test
  void anUnknownHostFails() {
    assertThatThrownBy(() -> connect(new TCPClient(), "no-such-host.invalid", 1, DEFAULTS))
        .cause()
        .isInstanceOf(UnknownHostException.class)
        .hasMessageContaining("no-such-host.invalid");
  }

  @Test
  void isCalledOnTheLoop() {
    assertThatIllegalStateException().isThrownBy(() -> new TCPClient().connect("127.0.0.1", 1));
  }

  @Test
  void theStreamHasTheLimits() throws Exception {
    var server = echo(FOUR);
    var options = DEFAULTS.withLimits(StreamLimits.DEFAULT.withMaxWriteBufferSize(10));
    var stream = connect(new TCPClient(), "127.0.0.1", server.port(), options);
    assertThatThrownBy(() -> running.run(() -> IOLoop.await(stream.write(new byte[4 << 20]))))
        .hasStackTraceContaining("StreamBufferFull");
    running.run(stream::close);
  }

  // ---- among several addresses

  @Test
  void goesOnToTheNextAddressAfterARefusal() throws Exception {
    var server = echo(FOUR);
    var client = new TCPClient(knowing(refusing(FOUR), refusing(FOUR), of(FOUR, server)));
    exchange(connect(client, "a.example", 1, DEFAULTS));
  }

  @Test
  void triesTheOtherFamilyAtOnceAfterARefusal() throws Exception {
    assumeIPv6();
    var server = echo(SIX);
    var refusals = new InetSocketAddress[] {refusing(FOUR), of(SIX, server)};
    exchange(connect(new TCPClient(knowing(refusals)), "a.example", 1, DEFAULTS));
  }

  @Test
  void failsWithTheLastErrorIfAllRefuse() throws Exception {
    assumeIPv6();
    var last = refusing(SIX);
    var client = new TCPClient(knowing(refusing(FOUR), refusing(FOUR), refusing(SIX), last));
    assertThatThrownBy(() -> connect(client, "a.example", 1, DEFAULTS))
        .cause()
        .isInstanceOf(StreamClosedException.class);
  }

  @Test
  void failsIfTheResolverFindsNothing() {
    assertFindsNothing(knowing());
    assertFindsNothing((host, port, family) -> LoopFuture.completed(IOLoop.current(), null));
  }

  private void assertFindsNothing(Resolver resolver) {
    assertThatThrownBy(() -> connect(new TCPClient(resolver), "a.example", 1, DEFAULTS))
        .cause()
        .isInstanceOf(StreamClosedException.class)
        .cause()
        .isInstanceOf(IOException.class)
        .hasMessageContaining("a.example");
  }

  @Test
  void failsIfTheResolverAnswersWithNoAddressInAList() {
    Resolver wrong =
        (host, port, family) ->
            LoopFuture.completed(IOLoop.current(), Arrays.asList((InetSocketAddress) null));
    assertThatThrownBy(() -> connect(new TCPClient(wrong), "a.example", 1, DEFAULTS))
        .cause()
        .isInstanceOf(StreamClosedException.class);
  }

  @Test
  void triesTheOtherFamilyWhenTheFirstHangs() throws Exception {
    assumeIPv6();
    try (var silent = new Silent()) {
      var server = echo(SIX);
      var client = new TCPClient(knowing(silent.address, of(SIX, server)));
      long begun = System.nanoTime();
      var stream = connect(client, "a.example", 1, DEFAULTS);
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(299));
      exchange(stream);
    }
  }

  /** Does not accept, and its queue is full: who connects waits. */
  private static final class Silent implements AutoCloseable {
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
        return selector.select(100) > 0 && channel.finishConnect();
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

  @Test
  void attemptsLeaveNoDescriptorBehind() throws Exception {
    assumeThat(DESCRIPTORS).exists();
    assumeIPv6();
    var server = echo(SIX);
    var client = new TCPClient(knowing(refusing(FOUR), refusing(FOUR), of(SIX, server)));
    exchange(connect(client, "a.example", 1, DEFAULTS)); // loads what the rest needs
    running.turns(3);
    int before = descriptors();
    for (int i = 0; i < 50; i++) {
      exchange(connect(client, "a.example", 1, DEFAULTS.withTimeout(Duration.ofHours(1))));
    }
    long deadline = System.nanoTime() + RunningLoop.DEADLINE.toNanos();
    while (descriptors() > before + 5) { // the server's ends are closed when they see the end
      assertThat(System.nanoTime()).as("descriptors stay open").isLessThan(deadline);
      running.turns(1);
    }
  }

  private static int descriptors() {
    return Objects.requireNonNull(DESCRIPTORS.toFile().list()).length;
  }

  // ---- source

  @Test
  void connectsFromTheSourceAskedFor() throws Exception {
    var peers = new LinkedBlockingQueue<InetSocketAddress>();
    var server =
        HandlerServer.on(
            running.loop,
            (stream, address) -> {
              peers.add((InetSocketAddress) address);
              stream.close();
            });
    servers.add(server);
    server.listen(0, "127.0.0.1");
    var from = InetAddress.ofLiteral("127.0.0.2");
    connect(new TCPClient(), "127.0.0.1", server.port(), DEFAULTS.withSource(from, 0));
    assertThat(peers.take().getAddress()).isEqualTo(from);
    int free = refusing(FOUR).getPort();
    connect(new TCPClient(), "127.0.0.1", server.port(), DEFAULTS.withSource(null, free));
    assertThat(peers.take()).isEqualTo(new InetSocketAddress(FOUR, free));
  }

  @Test
  void aSourceThatDoesNotFitFails() throws Exception {
    var server = echo(FOUR);
    for (var source : List.of(SIX, InetAddress.ofLiteral("192.0.2.1"))) {
      assertThatThrownBy(
              () ->
                  connect(
                      new TCPClient(), "127.0.0.1", server.port(), DEFAULTS.withSource(source, 0)))
          .cause()
          .isInstanceOf(StreamClosedException.class);
    }
  }

  @Test
  void optionsAreChecked() {
    assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.withTimeout(Duration.ZERO));
    assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.withSource(null, 65_536));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DEFAULTS.withFamily(StandardProtocolFamily.UNIX));
  }

  // ---- giving up

  private void assertTimesOut(TCPClient client, String host, int port, ConnectOptions options) {
    var limited = options.withTimeout(Duration.ofMillis(50));
    assertThatThrownBy(() -> connect(client, host, port, limited))
        .cause()
        .isInstanceOf(TimeoutException.class)
        .hasMessageContaining(host + ":" + port);
  }

  @Test
  void theTimeoutCoversTheLookUp() throws Exception {
    var asked = new ArrayList<LoopFuture<?>>();
    Resolver never =
        (host, port, family) -> {
          var future = new LoopFuture<List<InetSocketAddress>>();
          asked.add(future);
          return future;
        };
    assertTimesOut(new TCPClient(never), "a.example", 1, DEFAULTS);
    running.turns(2); // what hangs on the result runs after it is there
    assertThat(asked).hasSize(1).allMatch(LoopFuture::isCancelled);
  }

  @Test
  void theTimeoutCoversTheConnecting() throws Exception {
    try (var silent = new Silent()) {
      assertTimesOut(new TCPClient(), "127.0.0.1", silent.address.getPort(), DEFAULTS);
    }
  }

  @Test
  void theTimeoutCoversTheHandshakeAndClosesTheConnection() throws Exception {
    try (var silent = new ServerSocket(0, 1, FOUR)) {
      var options = DEFAULTS.withSSL(TestCertificates.client());
      assertTimesOut(new TCPClient(), "127.0.0.1", silent.getLocalPort(), options);
      try (var accepted = silent.accept()) {
        accepted.setSoTimeout((int) RunningLoop.DEADLINE.toMillis());
        accepted.getInputStream().readAllBytes(); // ends
      }
    }
  }

  @Test
  void aTimeoutThatIsNotReachedDoesNothing() throws Exception {
    var server = echo(FOUR);
    var options = DEFAULTS.withTimeout(Duration.ofMillis(500));
    var stream = connect(new TCPClient(), "127.0.0.1", server.port(), options);
    running.call(() -> IOLoop.await(Gen.sleep(Duration.ofMillis(600))));
    exchange(stream);
  }

  @Test
  void cancellingClosesTheAttempts() throws Exception {
    try (var silent = new ServerSocket(0, 1, FOUR)) {
      var options = DEFAULTS.withSSL(TestCertificates.client());
      var future = start(new TCPClient(), "127.0.0.1", silent.getLocalPort(), options);
      try (var accepted = silent.accept()) {
        accepted.setSoTimeout((int) RunningLoop.DEADLINE.toMillis());
        assertThat(accepted.getInputStream().read()).as("a ClientHello").isEqualTo(22);
        future.cancel(true);
        accepted.getInputStream().readAllBytes(); // ends
      }
    }
  }

  @Test
  void cancellingBeforeTheAddressesAreKnownConnectsToNone() throws Exception {
    var addresses = new LoopFuture<List<InetSocketAddress>>(running.loop);
    var server =
        HandlerServer.on(
            running.loop,
            (stream, address) -> {
              throw new AssertionError("connected");
            });
    servers.add(server);
    server.listen(0, "127.0.0.1");
    try (var log = LogCapture.application()) {
      var future = start(new TCPClient((h, p, f) -> addresses), "a.example", 1, DEFAULTS);
      future.cancel(true);
      addresses.complete(List.of(of(FOUR, server)));
      running.turns(5);
      assertThat(log.messages()).isEmpty();
    }
  }

  // ---- TLS

  private TCPServer secureEcho() throws IOException {
    var server = HandlerServer.echoOn(running.loop, TestCertificates.server());
    servers.add(server);
    server.listen(0, "127.0.0.1");
    return server;
  }

  @Test
  void connectsWithTLS() throws Exception {
    var options = DEFAULTS.withSSL(TestCertificates.client());
    var stream = connect(new TCPClient(), "localhost", secureEcho().port(), options);
    assertThat(((SSLIOStream) stream).session().getProtocol()).isEqualTo("TLSv1.3");
    exchange(stream);
  }

  @Test
  void aHostNameThatTLSDoesNotTakeFailsAlsoWhileAnotherAttemptHangs() throws Exception {
    assumeIPv6();
    try (var silent = new Silent()) {
      var server = echo(SIX);
      var client = new TCPClient(knowing(silent.address, of(SIX, server)));
      var host = "a".repeat(64) + ".example";
      assertThatThrownBy(
              () -> connect(client, host, 1, DEFAULTS.withSSL(TestCertificates.client())))
          .cause()
          .isInstanceOf(StreamClosedException.class)
          .cause()
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aCertificateForAnotherHostFails() throws Exception {
    int port = secureEcho().port();
    var client =
        new TCPClient(new OverrideResolver(Resolver.system()).with("a.example", "127.0.0.1"));
    try (var _ = LogCapture.general()) {
      assertThatThrownBy(
              () -> connect(client, "a.example", port, DEFAULTS.withSSL(TestCertificates.client())))
          .cause()
          .isInstanceOf(StreamClosedException.class)
          .cause()
          .isInstanceOf(SSLException.class);
      running.turns(3);
    }
  }

  @Test
  void aServerThatDoesNotSpeakTLSFails() throws Exception {
    var server = HandlerServer.on(running.loop, (stream, address) -> stream.write(new byte[100]));
    servers.add(server);
    server.listen(0, "127.0.0.1");
    try (var _ = LogCapture.general()) {
      assertThatThrownBy(
              () ->
                  connect(
                      new TCPClient(),
                      "127.0.0.1",
                      server.port(),
                      DEFAULTS.withSSL(TestCertificates.client())))
          .cause()
          .isInstanceOf(StreamClosedException.class)
          .cause()
          .isInstanceOf(SSLException.class);
    }
  }
}
