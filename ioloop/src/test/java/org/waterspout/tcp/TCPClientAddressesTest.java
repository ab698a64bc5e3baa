// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.waterspout.ioloop.RunningLoop.get;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.ioloop.RunningLoop;
import org.waterspout.iostream.StreamClosedException;

/** Which of the addresses it connects to, and from which. */
class TCPClientAddressesTest extends TCPClientTesting {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

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
    var client = new TCPClient(knowing(refusing(FOUR), refusing(SIX), last));
    assertThatThrownBy(() -> connect(client, "a.example", 1, DEFAULTS))
        .cause()
        .isInstanceOf(StreamClosedException.class)
        .cause()
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("cannot connect to " + last);
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
  void failsIfTheResolverThrows() {
    var failure = new IllegalStateException("of a resolver");
    Resolver wrong =
        (host, port, family) -> {
          throw failure;
        };
    assertThatThrownBy(() -> connect(new TCPClient(wrong), "a.example", 1, DEFAULTS))
        .cause()
        .isSameAs(failure);
  }

  @Test
  void failsIfTheResolverGivesNoFuture() {
    Resolver wrong = (host, port, family) -> null;
    assertThatThrownBy(() -> connect(new TCPClient(wrong), "a.example", 1, DEFAULTS))
        .cause()
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("gave no future for a.example");
  }

  @Test
  void takesAResolversFutureOfAnotherLoop() throws Exception {
    var server = echo(FOUR);
    var addresses = List.of(of(FOUR, server));
    try (var other = new RunningLoop()) {
      var future = new LoopFuture<List<InetSocketAddress>>(other.loop);
      var begun = start(new TCPClient((h, p, f) -> future), "a.example", 1, DEFAULTS);
      future.complete(addresses);
      exchange(get(begun));
    }
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
    int free = freePort();
    connect(new TCPClient(), "127.0.0.1", server.port(), DEFAULTS.withSource(null, free));
    assertThat(peers.take()).isEqualTo(new InetSocketAddress(FOUR, free));
  }

  private static int freePort() throws IOException {
    try (var free = new ServerSocket(0, 1, FOUR)) {
      return free.getLocalPort();
    }
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
          .isInstanceOf(StreamClosedException.class)
          .cause()
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining(
              source.equals(SIX) ? "0:0:0:0:0:0:0:1" : "127.0.0.1:" + server.port());
    }
  }

  @Test
  void addressesThatDoNotFitTheSourceDoNotHideTheErrorOfThoseThatDo() throws Exception {
    var closed = refusing(FOUR);
    for (var other : List.of(List.of(refusing(SIX), closed), List.of(closed, refusing(SIX)))) {
      var client = new TCPClient(knowing(other.toArray(InetSocketAddress[]::new)));
      assertThatThrownBy(() -> connect(client, "a.example", 1, DEFAULTS.withSource(FOUR, 0)))
          .hasStackTraceContaining("cannot connect to " + closed)
          .hasStackTraceContaining("Connection refused");
    }
  }

  @Test
  void aSourceThatFitsNoAddressIsNamedWithThem() {
    var client = new TCPClient(knowing(new InetSocketAddress(FOUR, 1)));
    assertThatThrownBy(() -> connect(client, "a.example", 1, DEFAULTS.withSource(SIX, 0)))
        .cause()
        .isInstanceOf(StreamClosedException.class)
        .cause()
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("a.example:1: the source address 0:0:0:0:0:0:0:1")
        .hasMessageContaining("127.0.0.1:1");
  }

  @Test
  void portsAreChecked() throws Exception {
    for (int port : new int[] {-1, 65_536}) {
      running.run(
          () ->
              assertThatIllegalArgumentException()
                  .isThrownBy(() -> new TCPClient().connect("a.example", port))
                  .withMessageContaining(Integer.toString(port)));
    }
  }

  @Test
  void optionsAreChecked() {
    assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.withTimeout(Duration.ZERO));
    assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.withSource(null, 65_536));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DEFAULTS.withFamily(StandardProtocolFamily.UNIX));
  }
}
