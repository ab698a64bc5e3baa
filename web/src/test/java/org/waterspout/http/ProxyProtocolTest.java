// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.log.Log;
import org.waterspout.tcp.SSLOptions;
import org.waterspout.testing.ExpectLog;

/** The whole server behind a proxy that speaks the PROXY protocol. */
class ProxyProtocolTest {
  private static final String LINE = "PROXY TCP4 192.0.2.7 192.0.2.1 49153 443\r\n";
  private static final String CLIENT = "192.0.2.7 49153 192.0.2.1 443 ";
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

  private static void tell(TestRequest request) {
    var context = request.connection.context();
    request.reply(
        200,
        "%s %d %s %d %s"
            .formatted(
                context.remoteIP(),
                context.remotePort(),
                context.localIP(),
                context.localPort(),
                context.protocol()));
  }

  private static HTTPServerOptions.Builder options() {
    return HTTPServerOptions.builder().proxyProtocol(true);
  }

  private static TestServer serve(HTTPServerOptions.Builder options) throws Exception {
    return new TestServer(TestRequest.answering(ProxyProtocolTest::tell), options.build());
  }

  private static ExpectLog expectLine(String reason) {
    return new ExpectLog(Log.GENERAL, "127.0.0.1 closed: " + reason);
  }

  @Test
  void saysWhoTheClientIsInAllRequestsOfTheConnection() throws Exception {
    try (var server = serve(options());
        var client = server.connect()) {
      client.send(LINE);
      assertThat(client.get("/").text()).isEqualTo(CLIENT + "http");
      assertThat(client.get("/").text()).isEqualTo(CLIENT + "http");
    }
  }

  @Test
  void takesBinaryHeadersToo() throws Exception {
    try (var server = serve(options());
        var four = server.connect();
        var six = server.connect()) {
      assertThat(four.send(ProxyHeader.FOUR).get("/").text()).isEqualTo(CLIENT + "http");
      assertThat(six.send(ProxyHeader.SIX + GET).read().text())
          .isEqualTo("2001:db8:0:0:0:0:0:7 49153 2001:db8:0:0:0:0:0:1 443 http");
    }
  }

  @Test
  void answersRequestsThatArriveWithTheHeaderInAnyPieces() throws Exception {
    try (var server = serve(options())) {
      String wire = LINE + GET + GET;
      for (int i = 0; i <= wire.length(); i += 7) {
        try (var client = server.connect()) {
          client.send(wire.substring(0, i));
          server.turns(2);
          client.send(wire.substring(i));
          assertThat(client.read().text()).isEqualTo(CLIENT + "http");
          assertThat(client.read().text()).isEqualTo(CLIENT + "http");
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"PROXY UNKNOWN\r\n", ProxyHeader.SIGNATURE + " \0\0\0"})
  void usesTheConnectionsOwnAddressesIfTheProxySpeaksForItself(String header) throws Exception {
    try (var server = serve(options());
        var client = server.connect()) {
      assertThat(client.send(header).get("/").text())
          .startsWith("127.0.0.1 ")
          .endsWith(" 127.0.0.1 " + server.server.port() + " http");
    }
  }

  @Test
  void believesForwardedAddressesOnTopOfTheProxys() throws Exception {
    String forwarded = "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 203.0.113.5, 192.0.2.7\r\n";
    var trusting = options().xheaders(true).trustedDownstream(List.of("192.0.2.7"));
    try (var server = serve(trusting);
        var client = server.connect()) {
      client.send(LINE + forwarded + "\r\n");
      assertThat(client.read().text()).isEqualTo("203.0.113.5 0 192.0.2.1 443 http");
      assertThat(client.get("/").text()).isEqualTo(CLIENT + "http");
    }
  }

  @Test
  void closesConnectionsWithoutTheHeader() throws Exception {
    try (var server = serve(options());
        var client = server.connect();
        var log = expectLine("no header of a proxy")) {
      client.send(GET).expectNoAnswer();
      assertThat(log.loggedStack()).isFalse();
    }
  }

  @Test
  void aLineOfAProxyCannotSplitALogLine() throws Exception {
    try (var server = serve(options());
        var client = server.connect();
        var log = expectLine("malformed line of a proxy: \"\\\\u001b\\[31m\"$")) {
      client.send("PROXY \u001b[31m\r\n").expectNoAnswer();
      assertThat(log.loggedStack()).isFalse();
    }
  }

  @Test
  void readsNoHeaderUnlessItIsToldTo() throws Exception {
    try (var server = new TestServer(ProxyProtocolTest::tell);
        var client = server.connect()) {
      assertThat(client.send(LINE + GET).read().status()).isEqualTo(400);
    }
  }

  @Test
  void aHeaderCountsOnlyOnce() throws Exception {
    try (var server = serve(options());
        var client = server.connect()) {
      assertThat(client.send(LINE + LINE).read().status()).isEqualTo(400);
    }
  }

  @Test
  void cutsHeadersThatDrip() throws Exception {
    try (var server = serve(options().headerTimeout(Duration.ofMillis(200)));
        var silent = server.connect();
        var dripping = server.connect();
        var log = expectLine("the header of a proxy took too long")) {
      var drip = Thread.ofVirtual().start(() -> drip(dripping));
      silent.expectNoAnswer();
      dripping.expectNoAnswer();
      assertThat(drip.join(Duration.ofSeconds(20))).isTrue();
      assertThat(log.loggedStack()).isFalse();
    }
  }

  /** Fails when the connection is closed. */
  private static void drip(RawClient client) {
    try {
      client.send("PROXY UNKNOWN ");
      while (true) {
        Thread.sleep(20); // what dripping is
        client.send("x");
      }
    } catch (IOException | InterruptedException e) {
      // cut, as it should be
    }
  }

  @Test
  void peersThatVanishLeaveNothing() throws Exception {
    try (var server = serve(options())) {
      for (String sent : List.of("", "PROXY", LINE, LINE + "GET /", ProxyHeader.SIGNATURE)) {
        try (var leaving = server.connect();
            var resetting = server.connect()) {
          leaving.send(sent);
          resetting.send(sent);
          server.turns(2);
          resetting.reset();
        }
      }
      var closed = server.call(() -> server.server.stop(Duration.ofSeconds(20)));
      assertThat(closed.get(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void stoppingClosesThoseWhoseHeaderIsAwaited() throws Exception {
    try (var server = serve(options());
        var silent = server.connect();
        var begun = server.connect();
        var served = server.connect()) {
      begun.send("PROXY TC");
      served.send(LINE).get("/"); // the others were accepted before
      var closed = server.call(() -> server.server.stop(Duration.ofSeconds(20)));
      assertThat(silent.rest()).isEmpty();
      begun.expectNoAnswer();
      assertThat(closed.get(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void closesAllConnectionsAtOnceIfAskedTo() throws Exception {
    try (var server = serve(options());
        var silent = server.connect();
        var served = server.connect()) {
      served.send(LINE).get("/"); // the other was accepted before
      server.call(() -> server.server.closeAllConnections()).get(20, TimeUnit.SECONDS);
      silent.expectCut();
      served.expectCut();
    }
  }

  // In front of TLS.

  private static HTTPServerOptions.Builder secure() throws Exception {
    return options().ssl(TestTLS.server().build());
  }

  private static Socket open(TestServer server, String header) throws Exception {
    var raw = new Socket(InetAddress.getLoopbackAddress(), server.server.port());
    raw.setSoTimeout(20_000);
    raw.setTcpNoDelay(true);
    raw.getOutputStream().write(header.getBytes(StandardCharsets.ISO_8859_1));
    return raw;
  }

  private static RawClient secured(Socket raw) throws Exception {
    var factory = TestTLS.client().getSocketFactory();
    return new RawClient(factory.createSocket(raw, "localhost", raw.getPort(), true));
  }

  @Test
  void standsInFrontOfTLS() throws Exception {
    try (var server = serve(secure())) {
      for (String header : List.of(LINE, ProxyHeader.FOUR)) {
        try (var client = secured(open(server, header))) {
          assertThat(client.get("/").text()).isEqualTo(CLIENT + "https");
          assertThat(client.get("/").text()).isEqualTo(CLIENT + "https");
        }
      }
    }
  }

  @Test
  void whatArrivesWithTheHeaderIsTheBeginningOfTLS() throws Exception {
    try (var server = serve(secure());
        var proxy = new JoiningProxy(server.server.port(), LINE);
        var client = secured(new Socket(InetAddress.getLoopbackAddress(), proxy.port()))) {
      assertThat(client.get("/").text()).isEqualTo(CLIENT + "https");
    }
  }

  @Test
  void aHandshakeThatStallsBehindTheHeaderIsCut() throws Exception {
    try (var server = serve(secure().headerTimeout(Duration.ofMillis(300)));
        var client = new RawClient(open(server, LINE))) {
      client.sendIfOpen((byte) 22, (byte) 3, (byte) 1);
      client.expectCut();
    }
  }

  @Test
  void plainHTTPBehindTheHeaderOfASecureServerIsRefused() throws Exception {
    try (var server = serve(secure());
        var plain = new RawClient(open(server, LINE));
        var client = secured(open(server, LINE));
        var log = new ExpectLog(Log.GENERAL, "TLS handshake failed")) {
      plain.send(GET);
      plain.expectNoAnswer();
      assertThat(client.get("/").status()).isEqualTo(200);
      assertThat(log.loggedStack()).isFalse();
    }
  }

  @Test
  void refusesToServeWithoutACertificate() {
    var options = options().ssl(SSLOptions.defaults()).build();
    assertThatIllegalStateException()
        .isThrownBy(() -> new HTTPServer(TestRequest.answering(ProxyProtocolTest::tell), options))
        .withMessageContaining("certificate");
  }
}
