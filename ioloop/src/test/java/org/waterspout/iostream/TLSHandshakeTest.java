// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.waterspout.ioloop.RunningLoop.DEADLINE;
import static org.waterspout.ioloop.RunningLoop.get;
import static org.waterspout.iostream.StreamEnds.failure;
import static org.waterspout.iostream.StreamEnds.utf8;
import static org.waterspout.iostream.StreamPair.pattern;
import static org.waterspout.tcp.TestCertificates.client;
import static org.waterspout.tcp.TestCertificates.clientBuilder;
import static org.waterspout.tcp.TestCertificates.file;
import static org.waterspout.tcp.TestCertificates.server;
import static org.waterspout.tcp.TestCertificates.serverBuilder;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.ioloop.LogCapture;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.ioloop.RunningLoop;
import org.waterspout.tcp.SSLOptions;

/** Handshakes between two streams of ours: who believes whom, and what is said if not. */
class TLSHandshakeTest {
  private static SSLOptions serverWith(String certificate) {
    return SSLOptions.builder()
        .certificate(file(certificate + ".pem"), file(certificate + "-key.pem"))
        .build();
  }

  /** Both sides fail, with one line of the log each and no stack. */
  private static void refuses(SSLOptions server, SSLOptions client, String host, String why)
      throws Exception {
    try (var log = LogCapture.general();
        var pair = new TLSPair(server, client, host, piece -> 64 * 1024)) {
      assertThat(pair.clientFailure())
          .isInstanceOf(SSLException.class)
          .hasStackTraceContaining(why);
      assertThat(failure(pair.connected)).isInstanceOf(StreamClosedException.class);
      assertThat(pair.serverFailure()).isInstanceOf(IOException.class);
      assertThat(log.thrown()).allMatch(thrown -> thrown == null);
      assertThat(log.messages()).hasSizeBetween(1, 2);
      assertThat(log.messages()).allMatch(line -> line.startsWith("TLS handshake failed"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void bothVersionsAreSpokenWhateverTheSplit(String protocol) throws Exception {
    var expected = pattern(20_000); // more than a record has
    for (var pieceSize :
        List.<IntUnaryOperator>of(
            piece -> 1, piece -> 1 + piece % 7, piece -> 1 + piece * 37 % 1500)) {
      try (var pair =
          new TLSPair(
              serverBuilder().protocols(protocol).build(), client(), "localhost", pieceSize)) {
        var read = pair.running.call(() -> pair.server.readBytes(expected.length));
        var written = pair.running.call(() -> pair.client.write(expected.clone()));
        assertThat(get(read)).isEqualTo(expected);
        get(written);
        get(pair.running.call(() -> pair.server.write(utf8("answer\n"))));
        pair.running.run(pair.server::close);
        var answer = pair.running.call(() -> pair.client.readUntilClose());
        assertThat(get(answer)).asString().isEqualTo("answer\n");
        assertThat(pair.client.session().getProtocol()).isEqualTo(protocol);
        assertThat(pair.server.session().getProtocol()).isEqualTo(protocol);
      }
    }
  }

  @Test
  void theCertificateMustBeForTheNameThatWasAskedFor() throws Exception {
    refuses(server(), client(), "other.example", "other.example");
    refuses(serverWith("other"), client(), "localhost", "localhost");
  }

  @Test
  void anUnknownAuthorityIsRefused() throws Exception {
    refuses(server(), SSLOptions.defaults(), "localhost", "certification path");
    var stranger = SSLOptions.builder().trust(file("stranger.pem")).build();
    refuses(server(), stranger, "localhost", "certification path");
  }

  @Test
  void anExpiredCertificateIsRefused() throws Exception {
    refuses(serverWith("expired"), client(), "localhost", "NotAfter");
  }

  @Test
  void noCommonProtocolIsRefused() throws Exception {
    refuses(
        serverBuilder().protocols("TLSv1.2").build(),
        clientBuilder().protocols("TLSv1.3").build(),
        "localhost",
        "protocol_version");
  }

  @Test
  void noCommonApplicationProtocolIsRefused() throws Exception {
    refuses(
        serverBuilder().applicationProtocols("h2").build(),
        clientBuilder().applicationProtocols("http/1.1").build(),
        "localhost",
        "no_application_protocol");
  }

  @Test
  void theApplicationProtocolIsAgreedOn() throws Exception {
    var http = serverBuilder().applicationProtocols("http/1.1", "spdy").build();
    try (var pair =
        new TLSPair(http, clientBuilder().applicationProtocols("x", "http/1.1").build())
            .secured()) {
      assertThat(pair.client.applicationProtocol()).isEqualTo("http/1.1");
      assertThat(pair.server.applicationProtocol()).isEqualTo("http/1.1");
    }
    try (var pair = new TLSPair(http, client()).secured()) {
      assertThat(pair.client.applicationProtocol()).isEmpty();
      assertThat(pair.server.applicationProtocol()).isEmpty();
    }
  }

  @Test
  void theServerIsToldTheNameAndShowsItsCertificate() throws Exception {
    var several = serverBuilder().certificate(file("other.pem"), file("other-key.pem")).build();
    for (var host : List.of("localhost", "other.example")) {
      try (var pair = new TLSPair(several, client(), host, piece -> 64 * 1024).secured()) {
        assertThat(pair.client.session().getPeerPrincipal().getName()).contains(host);
      }
    }
  }

  @Test
  void aCertificateThatIsWantedMayBeShownOrNot() throws Exception {
    var wanting = serverBuilder().trust(file("ca.pem")).wantClientCertificate().build();
    var showing = clientBuilder().certificate(file("client.pem"), file("client-key.pem")).build();
    try (var pair = new TLSPair(wanting, showing).secured()) {
      assertThat(pair.server.session().getPeerPrincipal().getName()).contains("client");
    }
    try (var pair = new TLSPair(wanting, client()).secured()) {
      Assertions.assertThatExceptionOfType(SSLPeerUnverifiedException.class)
          .isThrownBy(() -> pair.server.session().getPeerPrincipal());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aCertificateThatIsNeededMustBeShown(String protocol) throws Exception {
    var needing =
        serverBuilder().trust(file("ca.pem")).needClientCertificate().protocols(protocol).build();
    try (var log = LogCapture.general();
        var pair = new TLSPair(needing, client())) {
      var read = pair.running.call(() -> pair.client.readBytes(1)); // 1.3: the client is done first
      assertThat(failure(read).getCause()).isInstanceOf(SSLException.class);
      assertThat(pair.serverFailure()).isInstanceOf(SSLException.class);
      assertThat(log.messages()).isNotEmpty();
      assertThat(log.thrown()).allMatch(thrown -> thrown == null);
    }
  }

  @Test
  void waitingForTheHandshakeMayBeginAnyTime() throws Exception {
    try (var pair = new TLSPair(server(), client())) {
      var before = pair.running.call(pair.client::waitForHandshake);
      assertThat(get(before)).isSameAs(pair.client);
      assertThat(get(pair.running.call(pair.client::waitForHandshake))).isSameAs(pair.client);
      assertThat(get(pair.connected)).isSameAs(pair.client);
      assertThat(get(pair.running.call(pair.server::waitForHandshake))).isSameAs(pair.server);
    }
  }

  @Test
  void whoGivesUpWaitingForTheHandshakeDoesNotEndTheWaitOfOthers() throws Exception {
    var go = new CountDownLatch(1);
    try (var pair =
        new TLSPair(server(), client(), "localhost", piece -> afterwards(go, 64 * 1024))) {
      var first = pair.running.call(pair.client::waitForHandshake);
      var second = pair.running.call(pair.client::waitForHandshake);
      pair.running.run(() -> first.cancel(true));
      go.countDown();
      assertThat(get(second)).isSameAs(pair.client);
      assertThat(get(pair.running.call(pair.client::waitForHandshake))).isSameAs(pair.client);
      assertThat(first).isCancelled();
      pair.running.run(() -> pair.client.close(new IOException("later")));
      assertThat(get(pair.running.call(pair.client::waitForHandshake))).isSameAs(pair.client);
    }
  }

  /** A piece's size, once it may go. */
  private static int afterwards(CountDownLatch go, int size) {
    try {
      assertThat(go.await(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      return size;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** All that {@code blocking} has. */
  @Test
  void usersWhoBlockEveryThreadStallNoHandshake() throws Exception {
    int threads = 256;
    var blocked = new CountDownLatch(threads);
    var go = new CountDownLatch(1);
    Callable<Boolean> user =
        () -> {
          blocked.countDown();
          return go.await(2 * DEADLINE.toSeconds(), TimeUnit.SECONDS);
        };
    try (var users = new RunningLoop()) {
      var bodies = new ArrayList<LoopFuture<Boolean>>();
      for (int i = 0; i < threads; i++) {
        bodies.add(users.loop.runInExecutor(user));
      }
      assertThat(blocked.await(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      try (var pair = new TLSPair(server(), client())) {
        pair.secured();
      } finally {
        go.countDown();
      }
      for (var body : bodies) {
        assertThat(get(body)).isTrue();
      }
    }
  }

  @Test
  void readsAndWritesMayBeginBeforeTheHandshake() throws Exception {
    try (var pair = new TLSPair(server(), client())) {
      var large = pattern(500_000);
      var asked = pair.running.call(() -> pair.server.readUntil(utf8("\n")));
      var got = pair.running.call(() -> pair.client.readBytes(large.length));
      pair.running.run(
          () -> {
            var _ = pair.client.write(utf8("question"));
            var _ = pair.client.write(utf8("\n"));
            var _ = pair.server.write(large.clone());
          });
      assertThat(get(asked)).asString().isEqualTo("question\n");
      assertThat(get(got)).isEqualTo(large);
    }
  }

  @Test
  void aCloseDuringTheHandshakeFailsEverything() throws Exception {
    var go = new CountDownLatch(1);
    IntUnaryOperator stopsInTheMiddle = piece -> piece < 100 ? 1 : afterwards(go, 64 * 1024);
    try (var log = LogCapture.general();
        var pair = new TLSPair(server(), client(), "localhost", stopsInTheMiddle)) {
      var reason = new IllegalStateException("changed my mind");
      var handshake = pair.running.call(pair.client::waitForHandshake);
      var read = pair.running.call(() -> pair.client.readBytes(1));
      var written = pair.running.call(() -> pair.client.write(utf8("x")));
      pair.running.run(() -> pair.client.close(reason));
      for (var failed : List.of(handshake, read, written, pair.connected)) {
        assertThat(failure(failed)).isInstanceOf(StreamClosedException.class).hasCause(reason);
      }
      go.countDown();
      assertThat(failure(pair.running.call(pair.server::waitForHandshake)))
          .isInstanceOf(StreamClosedException.class);
      assertThat(log.messages()).as("a peer that is gone is nobody's fault").isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aResetAtAnyPointOfTheHandshakeFailsEverything(String protocol) throws Exception {
    var server = serverBuilder().protocols(protocol).build();
    for (int last : new int[] {0, 1, 2, 3, 5, 8, 10}) {
      try (var log = LogCapture.general();
          var pair = new TLSPair(server, client(), "localhost", piece -> piece < last ? 100 : 0)) {
        var failures = new ArrayList<LoopFuture<?>>(List.of(pair.connected));
        pair.running.run(
            () -> {
              for (var stream : List.of(pair.client, pair.server)) {
                failures.add(stream.waitForHandshake());
                failures.add(stream.readBytes(1));
                failures.add(stream.write(utf8("x")));
              }
            });
        for (var failed : failures) {
          assertThat(failure(failed))
              .isInstanceOf(StreamClosedException.class)
              .hasCauseInstanceOf(IOException.class);
        }
        assertThat(log.messages()).as("a peer that is gone is nobody's fault").isEmpty();
      }
    }
  }

  @Test
  void aSecureStreamIsNotSecuredAgain() throws Exception {
    try (var pair = new TLSPair(server(), client()).secured()) {
      pair.running.run(
          () -> {
            assertThatIllegalStateException()
                .isThrownBy(() -> pair.client.startTLS(false, client(), "localhost"));
            assertThat(pair.client.lendWriteSide()).isNull();
          });
    }
  }
}
