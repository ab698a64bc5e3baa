// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.websocket.ClientPeers.failure;
import static org.waterspout.websocket.ClientPeers.raw;
import static org.waterspout.websocket.ClientPeers.url;
import static org.waterspout.websocket.WebSocketClientConnection.websocketConnect;

import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.waterspout.gen.Gen;
import org.waterspout.httpclient.HTTPClientError;
import org.waterspout.httpclient.HTTPProxy;
import org.waterspout.httpclient.HTTPStreamClosedError;
import org.waterspout.httpclient.HTTPTimeoutError;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.tcp.Resolver;
import org.waterspout.testing.FakeClock;
import org.waterspout.testing.GenTest;

/** Handshakes of the client that fail, or are given up. */
class WebSocketClientConnectTest {
  @GenTest(timeout = 20)
  void aRefusalSaysWhatWasAnswered() throws Exception {
    for (String answer :
        List.of(
            "HTTP/1.1 403 Forbidden\r\nX: y\r\nContent-Length: 2\r\n\r\nno",
            "HTTP/1.1 302 Found\r\nX: y\r\nLocation: /\r\n\r\nno",
            "HTTP/1.1 200 OK\r\nX: y\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n",
            "HTTP/1.1 103 X\r\n\r\nHTTP/1.1 500 X\r\nX: y\r\nContent-Length: 20\r\n\r\nno")) {
      try (var server =
          raw(
              peer -> {
                peer.head();
                peer.send(Wire.utf8(answer));
              })) {
        assertThat(failure(websocketConnect(url(server))))
            .isInstanceOfSatisfying(
                HTTPClientError.class,
                e -> {
                  var response = e.response();
                  assertThat(answer).contains(" " + e.code() + " ");
                  assertThat(response.code()).isEqualTo(e.code());
                  assertThat(response.reason()).isIn("Forbidden", "Found", "OK", "X");
                  assertThat(response.headers().get("X")).isEqualTo("y");
                  assertThat(response.text()).isEqualTo("no");
                  assertThat(response.effectiveUrl()).isEqualTo("http" + url(server).substring(2));
                  assertThat(response.requestTime()).isPositive();
                });
      }
    }
  }

  @GenTest(timeout = 20)
  void keepsNoMoreThanALimitOfARefusal() throws Exception {
    try (var server =
        raw(
            peer -> {
              peer.head();
              peer.send(Wire.utf8("HTTP/1.1 404 X\r\n\r\n" + "x".repeat(60_000)));
              try {
                peer.send(new byte[1_000_000]);
              } catch (IOException e) {
                // the client has had enough
              }
            })) {
      assertThat(failure(websocketConnect(url(server))))
          .isInstanceOfSatisfying(
              HTTPClientError.class,
              e -> assertThat(e.response().body()).hasSizeBetween(60_000, 64 * 1024));
    }
  }

  private record Broken(int code, String message, String answer) {}

  @GenTest(timeout = 20)
  void brokenAnswersAreNoConnection() throws Exception {
    for (var broken :
        List.of(
            new Broken(101, "not an answer to the ", "HTTP/1.1 101 Switching Protocols\r\n\r\n"),
            new Broken(101, "not an answer to the ", "HTTP/1.1 101\r\nContent-Length: 0\r\n\r\n"),
            new Broken(101, "to this key", RawWebSocket.answer(RawWebSocket.REQUEST, "")),
            new Broken(599, "a malformed answer: ", "SSH-2.0-x\r\n"),
            new Broken(599, "a malformed answer: ", "HTTP/1.1 101\r\n folded\r\n\r\n"),
            new Broken(599, "ended", "HTTP/1.1 101 X\r\nUpgrade: websocket"),
            new Broken(599, "ended", ""))) {
      try (var server =
          raw(
              peer -> {
                peer.head();
                peer.send(Wire.utf8(broken.answer));
                if (!broken.message.equals("ended")) {
                  assertThat(peer.in.read()).as("the client closes").isEqualTo(-1);
                }
              })) {
        assertThat(failure(websocketConnect(url(server))))
            .as(broken.answer)
            .hasMessageContaining(broken.message)
            .isInstanceOfSatisfying(
                HTTPClientError.class,
                e -> {
                  assertThat(e.code()).isEqualTo(broken.code);
                  assertThat(e.response() == null).isEqualTo(broken.code == 599);
                  assertThat(e instanceof HTTPStreamClosedError)
                      .isEqualTo(broken.message.equals("ended"));
                });
      }
    }
  }

  @GenTest(timeout = 20)
  void refusesWhatCannotBeAskedFor() throws Exception {
    var builder = WebSocketClientOptions.builder();
    for (var field :
        List.of(
            Map.entry("X", "a\r\nY: b"),
            Map.entry("X", "\n"),
            Map.entry("X\r\n", "a"),
            Map.entry("X", "\u0000"),
            Map.entry("", "a"),
            Map.entry("upgrade", "h2c"),
            Map.entry("Content-Length", "1"),
            Map.entry("Sec-WebSocket-Key", "a"))) {
      assertThatThrownBy(() -> builder.header(field.getKey(), field.getValue()))
          .as(field.toString())
          .isInstanceOf(IllegalArgumentException.class);
    }
    for (var names : new String[][] {{""}, {"a b"}, {"a\r\nX: y"}, {"a", "a"}, {"a,b"}}) {
      assertThatThrownBy(() -> builder.subprotocols(names))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> websocketConnect("ws://a/\r\nX: y"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.connectTimeout(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> websocketConnect("ws://a b"))
        .isInstanceOf(IllegalArgumentException.class);
    var both = WebSocketClientOptions.builder().proxy(new HTTPProxy("a", 1));
    assertThatThrownBy(() -> both.unixSocket(Path.of("/x")).build())
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> WebSocketClientOptions.builder().maxMessageSize(-1).build())
        .isInstanceOf(IllegalArgumentException.class);
    try (var server = raw(peer -> assertThat(peer.in.read()).isEqualTo(-1))) {
      var badHost = WebSocketClientOptions.builder().header("Host", "a b").build();
      assertThat(failure(websocketConnect(url(server), badHost)))
          .isInstanceOf(HTTPClientError.class)
          .hasMessageContaining("the request cannot be sent: ");
    }
  }

  @GenTest(timeout = 20)
  void aServerThatDoesNotAnswerIsLeft(FakeClock clock) throws Exception {
    var asked = new LoopFuture<Void>();
    var left = new LoopFuture<Integer>();
    try (var server =
        raw(
            peer -> {
              peer.head();
              asked.complete(null);
              left.complete(peer.in.read());
            })) {
      var connecting = websocketConnect(url(server));
      await(asked);
      clock.advance(Duration.ofSeconds(20).minusNanos(1));
      assertThat(connecting).isNotDone();
      clock.advance(Duration.ofNanos(1));
      assertThat(failure(connecting))
          .isInstanceOf(HTTPTimeoutError.class)
          .hasMessageContaining("within PT20S");
      assertThat(await(left)).isEqualTo(-1);
    }
  }

  @GenTest(timeout = 20)
  void cancellingTheConnectLeavesNothingOpen() throws Exception {
    var asked = new LoopFuture<Void>();
    var left = new LoopFuture<Integer>();
    try (var server =
        raw(
            peer -> {
              peer.head();
              asked.complete(null);
              left.complete(peer.in.read());
            })) {
      var connecting = websocketConnect(url(server));
      await(asked);
      connecting.cancel(true);
      assertThat(await(left)).isEqualTo(-1);
    }
    try (var server = raw(peer -> left.complete(peer.in.read()))) {
      websocketConnect(url(server)).cancel(true);
      await(Gen.moment());
      await(Gen.moment());
    }
  }

  @GenTest(timeout = 20)
  void fetchesNothingWhereNobodyListens() throws Exception {
    int port;
    try (var server = raw(peer -> {})) {
      port = server.port();
    }
    assertThat(failure(websocketConnect("ws://127.0.0.1:" + port)))
        .isInstanceOf(HTTPStreamClosedError.class);
    Resolver nobody =
        (host, p, family) -> LoopFuture.failed(IOLoop.current(), new UnknownHostException(host));
    var options = WebSocketClientOptions.builder().resolver(nobody).build();
    assertThat(failure(websocketConnect("ws://none.example", options)))
        .isInstanceOf(HTTPClientError.class)
        .hasMessageContaining("none.example");
  }

  @GenTest(timeout = 20)
  void speaksTheBytesOfOneCharacterEach() throws Exception {
    var head = new CompletableFuture<String>();
    try (var server =
        raw(
            peer -> {
              head.complete(peer.head());
              peer.send(Wire.utf8("HTTP/1.1 400 X\r\nContent-Length: 0\r\n\r\n"));
            })) {
      var options = WebSocketClientOptions.builder().header("X", "\u00e4").build();
      assertThat(failure(websocketConnect(url(server), options)))
          .isInstanceOf(HTTPClientError.class);
      assertThat(head.get().getBytes(StandardCharsets.ISO_8859_1)).contains((byte) 0xe4);
    }
  }
}
