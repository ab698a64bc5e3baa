// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.websocket.ClientPeers.failure;
import static org.waterspout.websocket.ClientPeers.raw;
import static org.waterspout.websocket.ClientPeers.rest;
import static org.waterspout.websocket.WebSocketClientConnection.websocketConnect;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.waterspout.http.HTTPServerOptions;
import org.waterspout.http.TestTLS;
import org.waterspout.httpclient.AuthMode;
import org.waterspout.httpclient.Credentials;
import org.waterspout.httpclient.HTTPClientError;
import org.waterspout.httpclient.HTTPProxy;
import org.waterspout.httpclient.HTTPTimeoutError;
import org.waterspout.httpclient.TestProxy;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.tcp.SSLOptions;
import org.waterspout.testing.FakeClock;
import org.waterspout.testing.GenTest;
import org.waterspout.web.Application;

/** The client's ways to a server: through proxies, and by Unix domain sockets. */
class WebSocketClientRouteTest {
  /** Tells first who asks, then repeats what comes. */
  private static final class Curious extends ClientPeers.Echo {
    @Override
    protected void open() {
      writeMessage(request().headers().toString() + request().remoteIP());
    }
  }

  private static Server server(boolean secure) throws Exception {
    var options = HTTPServerOptions.builder();
    if (secure) {
      options.ssl(TestTLS.server().build());
    }
    return new Server(Application.settings().build(), options.build(), Curious::new);
  }

  private static String url(Server server, boolean secure) {
    return (secure ? "wss" : "ws") + "://localhost:" + server.port + "/ws";
  }

  private static WebSocketClientOptions.Builder trusting() throws Exception {
    return WebSocketClientOptions.builder().ssl(SSLOptions.of(TestTLS.client()));
  }

  private static WebSocketClientOptions through(int port, @Nullable Credentials user)
      throws Exception {
    return trusting().proxy(new HTTPProxy("127.0.0.1", port, user)).build();
  }

  /** What the server has seen of the handshake, after an exchange of messages. */
  private static String exchange(WebSocketClientConnection connection) {
    var seen = await(connection.readMessage()).text();
    for (String text : List.of("a", "x".repeat(300_000))) {
      connection.writeMessage(text);
      assertThat(await(connection.readMessage()).text()).isEqualTo(text);
    }
    connection.writeMessage("close");
    assertThat(rest(connection)).isEmpty();
    assertThat(connection.closeCode()).isEqualTo(4001);
    return seen;
  }

  // ---- proxies

  @GenTest(timeout = 40)
  void asksForATunnelToPlainAndSecureServers() throws Exception {
    for (boolean secure : new boolean[] {false, true}) {
      try (var server = server(secure);
          var proxy = new TestProxy(null)) {
        var options = through(proxy.port(), null);
        assertThat(exchange(await(websocketConnect(url(server, secure), options))))
            .contains("Host: localhost:" + server.port);
        var authority = "localhost:" + server.port;
        assertThat(proxy.heads).hasSize(1);
        assertThat(proxy.heads.getFirst())
            .startsWith("CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n")
            .doesNotContain("Upgrade", "WebSocket");
      }
    }
  }

  @GenTest(timeout = 40)
  void tellsTheProxyAndNobodyElseWhoItIs() throws Exception {
    for (var mode : AuthMode.values()) {
      for (boolean secure : new boolean[] {false, true}) {
        try (var server = server(secure);
            var proxy = new TestProxy(mode)) {
          var options = through(proxy.port(), new Credentials("proxy", "open", mode));
          assertThat(exchange(await(websocketConnect(url(server, secure), options))))
              .doesNotContain("Authorization");
          assertThat(proxy.heads).hasSize(mode == AuthMode.BASIC ? 1 : 2);
          var wrong = through(proxy.port(), new Credentials("proxy", "wrong", mode));
          assertThat(failure(websocketConnect(url(server, secure), wrong)))
              .isInstanceOfSatisfying(
                  HTTPClientError.class, e -> assertThat(e.code()).isEqualTo(599))
              .hasMessage("the proxy refuses a tunnel: 407");
        }
      }
    }
  }

  @GenTest(timeout = 20)
  void failsIfThereIsNoTunnel() throws Exception {
    for (String answer :
        List.of(
            "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n",
            "nonsense\r\n\r\n",
            "")) {
      try (var proxy =
          raw(
              peer -> {
                peer.head();
                peer.send(Wire.utf8(answer));
              })) {
        assertThat(failure(websocketConnect("ws://a.example", through(proxy.port(), null))))
            .as(answer)
            .isInstanceOfSatisfying(
                HTTPClientError.class,
                e -> {
                  assertThat(e.code()).isEqualTo(599);
                  assertThat(e.response()).isNull();
                });
      }
    }
  }

  @GenTest(timeout = 20)
  void leavesAProxyThatDoesNotAnswer(FakeClock clock) throws Exception {
    for (boolean cancel : new boolean[] {false, true}) {
      var asked = new LoopFuture<String>();
      var left = new LoopFuture<Integer>();
      try (var proxy =
          raw(
              peer -> {
                asked.complete(peer.head());
                left.complete(peer.in.read());
              })) {
        var connecting = websocketConnect("wss://a.example", through(proxy.port(), null));
        assertThat(await(asked)).startsWith("CONNECT a.example:443 HTTP/1.1\r\n");
        if (cancel) {
          connecting.cancel(false);
        } else {
          clock.advance(Duration.ofSeconds(20));
          assertThat(failure(connecting)).isInstanceOf(HTTPTimeoutError.class);
        }
        assertThat(await(left)).isEqualTo(-1);
      }
    }
  }

  @GenTest(timeout = 20)
  void theHandshakeIsTheServersAlsoBehindATunnel() throws Exception {
    List<String> heads = new ArrayList<>();
    var seen = new LoopFuture<List<String>>();
    try (var proxy =
        raw(
            peer -> {
              heads.add(peer.head());
              peer.send(Wire.utf8("HTTP/1.1 200 Connected\r\n\r\n"));
              heads.add(peer.head());
              peer.send(Wire.utf8("HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno"));
              seen.complete(heads);
            })) {
      var options = through(proxy.port(), new Credentials("u", "p", AuthMode.BASIC));
      assertThat(failure(websocketConnect("ws://a.example/b?c", options)))
          .isInstanceOfSatisfying(
              HTTPClientError.class,
              e -> {
                assertThat(e.code()).isEqualTo(403);
                assertThat(e.response().text()).isEqualTo("no");
              });
      assertThat(await(seen).get(0)).contains("Proxy-Authorization: Basic ");
      assertThat(await(seen).get(1))
          .startsWith("GET /b?c HTTP/1.1\r\nHost: a.example\r\n")
          .doesNotContain("Proxy-");
    }
  }

  // ---- other ways

  @GenTest(timeout = 40)
  void speaksByUnixSockets(@TempDir Path folder) throws Exception {
    for (boolean secure : new boolean[] {false, true}) {
      var file = folder.resolve(secure ? "secure" : "plain");
      try (var server = server(secure)) {
        server.call(
            () -> {
              server.server.listen(file);
              return null;
            });
        var options = trusting().unixSocket(file).build();
        var url = secure ? "wss://localhost/ws" : "ws://any.example/ws";
        assertThat(exchange(await(websocketConnect(url, options))))
            .contains("Host: " + (secure ? "localhost" : "any.example") + "\n");
      }
      var options = trusting().unixSocket(file).build();
      assertThat(failure(websocketConnect("ws://localhost/ws", options)))
          .isInstanceOf(HTTPClientError.class);
    }
  }

  @GenTest(timeout = 20)
  void comesFromTheInterfaceItIsTold() throws Exception {
    try (var server = server(false)) {
      var options =
          WebSocketClientOptions.builder()
              .networkInterface(InetAddress.ofLiteral("127.0.0.2"))
              .allowIPv6(false)
              .build();
      assertThat(exchange(await(websocketConnect(url(server, false), options))))
          .endsWith("127.0.0.2");
    }
  }
}
