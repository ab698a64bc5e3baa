// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.ioloop.RunningLoop.get;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LogCapture;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.ioloop.RunningLoop;
import org.waterspout.iostream.SSLIOStream;
import org.waterspout.iostream.StreamClosedException;
import org.waterspout.iostream.StreamLimits;

class TCPClientTest extends TCPClientTesting {
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
    var options = DEFAULTS.withTimeout(Duration.ofHours(1));
    var now = new AtomicLong();
    try (var clocked = new RunningLoop(now::get)) {
      var connecting =
          clocked.call(() -> new TCPClient().connect("127.0.0.1", server.port(), options));
      var stream = get(connecting);
      now.set(Duration.ofHours(2).toNanos());
      clocked.turns(3);
      exchange(clocked, stream);
    }
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
