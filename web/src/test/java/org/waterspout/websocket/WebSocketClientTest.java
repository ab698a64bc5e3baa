// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.websocket.ClientPeers.failure;
import static org.waterspout.websocket.ClientPeers.raw;
import static org.waterspout.websocket.ClientPeers.rest;
import static org.waterspout.websocket.ClientPeers.url;
import static org.waterspout.websocket.WebSocketClientConnection.websocketConnect;
import static org.waterspout.websocket.Wire.FIN;
import static org.waterspout.websocket.Wire.serverClose;
import static org.waterspout.websocket.Wire.serverFrame;
import static org.waterspout.websocket.Wire.serverText;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.waterspout.http.HTTPServerOptions;
import org.waterspout.http.TestTLS;
import org.waterspout.httpclient.HTTPClientError;
import org.waterspout.httpclient.HTTPStreamClosedError;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.tcp.SSLOptions;
import org.waterspout.testing.FakeClock;
import org.waterspout.testing.GenTest;
import org.waterspout.web.Application;
import org.waterspout.websocket.ClientPeers.Echo;

/** The client, with our own server and with servers that send what the test says. */
class WebSocketClientTest {
  @GenTest(timeout = 20)
  void exchangesMessages() throws Exception {
    for (String path : List.of("", "/compressed", "/forgetting")) {
      for (var compression :
          new CompressionOptions[] {
            null, CompressionOptions.DEFAULT, CompressionOptions.DEFAULT.withoutContextTakeover()
          }) {
        var options = WebSocketClientOptions.builder();
        if (compression != null) {
          options.compression(compression);
        }
        if (compression != null && compression.serverNoContextTakeover() && path.isEmpty()) {
          continue;
        }
        try (var server = new Server(Echo::new)) {
          var connection = await(websocketConnect(url(server, path), options.build()));
          assertThat(connection.headers().contains("Sec-WebSocket-Extensions"))
              .isEqualTo(compression != null && !path.isEmpty());
          for (String text : List.of("a", "", "gr\u00fc\u00dfe", "x".repeat(1_000_000), "x")) {
            await(connection.writeMessage(text));
            assertThat(await(connection.readMessage()).text()).isEqualTo(text);
          }
          var bytes = new byte[70_000];
          connection.writeMessage(bytes);
          var answer = await(connection.readMessage());
          assertThat(answer.bytes()).isEqualTo(bytes);
          assertThatThrownBy(answer::text).isInstanceOf(IllegalStateException.class);
          connection.writeMessage(Map.of("a", 1));
          assertThat(await(connection.readMessage()).text()).isEqualTo("{\"a\":1}");
          connection.writeMessage("close");
          assertThat(await(connection.readMessage())).isNull();
          assertThat(await(connection.readMessage())).isNull();
          assertThat(connection.closeCode()).isEqualTo(4001);
          assertThat(connection.closeReason()).isEqualTo("as you wish");
          assertThat(connection.writeMessage("late")).isCompletedExceptionally();
        }
      }
    }
  }

  @GenTest(timeout = 20)
  void sendsTheHandshakeAndMasksWhatItSends() throws Exception {
    var head = new CompletableFuture<String>();
    var frames = new LoopFuture<List<String>>();
    try (var server =
        raw(
            peer -> {
              var request = peer.head();
              head.complete(request);
              peer.send(Wire.utf8(RawWebSocket.answer(request, "X-Answer: yes\r\n")));
              var seen = new ArrayList<String>();
              for (int i = 0; i < 5; i++) {
                seen.add(peer.frame());
              }
              frames.complete(seen);
              peer.send(serverClose(1000));
            })) {
      var options =
          WebSocketClientOptions.builder()
              .header("Origin", "http://a")
              .subprotocols("x", "y")
              .build();
      var connection = await(websocketConnect(url(server), options));
      assertThat(connection.headers().get("X-Answer")).isEqualTo("yes");
      assertThat(connection.selectedSubprotocol()).isNull();
      connection.writeMessage("hello");
      connection.writeMessage(new byte[] {1, 2});
      connection.ping();
      connection.ping(new byte[] {3});
      connection.close(4000, "bye");
      assertThat(await(frames))
          .containsExactly("*text hello", "*82 0102", "*ping ", "*ping 03", "*close 4000 bye");
      assertThat(rest(connection)).isEmpty();
      assertThat(connection.closeCode()).isEqualTo(1000);
      assertThat(head.get())
          .matches(
              "GET /ws\\?q HTTP/1.1\r\nHost: 127.0.0.1:\\d+\r\nOrigin: http://a\r\n"
                  + "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                  + "Sec-WebSocket-Key: [A-Za-z0-9+/]{22}==\r\nSec-WebSocket-Version: 13\r\n"
                  + "Sec-WebSocket-Protocol: x, y\r\n\r\n");
    }
  }

  @GenTest(timeout = 20)
  void agreesOnASubprotocol() throws Exception {
    try (var server = new Server(Echo::new)) {
      var options = WebSocketClientOptions.builder().subprotocols("first", "second").build();
      var connection = await(websocketConnect(url(server, ""), options));
      assertThat(connection.selectedSubprotocol()).isEqualTo("second");
      connection.close();
      assertThat(rest(connection)).isEmpty();
      assertThat(connection.closeCode()).isEqualTo(1005);
    }
  }

  @GenTest(timeout = 60)
  void messagesDoNotDependOnHowTheyArrive() throws Exception {
    var wire =
        Wire.join(
            serverText("one"),
            serverFrame(Opcode.TEXT, Wire.utf8("tw")),
            serverFrame(FIN | Opcode.PING, new byte[] {7}),
            serverFrame(FIN, Wire.utf8("o")),
            serverFrame(FIN | Opcode.BINARY, new byte[200]),
            serverClose(3000));
    int head = RawWebSocket.answer(RawWebSocket.REQUEST, "").length();
    var next = new AtomicInteger();
    try (var server =
        raw(
            peer -> {
              var all = Wire.join(Wire.utf8(RawWebSocket.answer(peer.head(), "")), wire);
              int split = next.getAndIncrement();
              peer.socket.getOutputStream().write(all, 0, split);
              Thread.yield();
              peer.socket.getOutputStream().write(all, split, all.length - split);
              assertThat(peer.frame()).isEqualTo("*pong 07");
              assertThat(peer.frame()).isEqualTo("*close 3000 ");
            })) {
      for (int split = 0; split < head + wire.length; split++) {
        var connection = await(websocketConnect(url(server)));
        assertThat(rest(connection))
            .as("split at " + split)
            .containsExactly("one", "two", "200 bytes");
        assertThat(connection.closeCode()).isEqualTo(3000);
      }
    }
  }

  @GenTest(timeout = 20)
  void pingsGoBothWays() throws Exception {
    var pinged = new LoopFuture<String>();
    var ponged = new LoopFuture<String>();
    try (var server =
        raw(
            peer -> {
              peer.accept("").send(serverFrame(FIN | Opcode.PING, new byte[] {5}));
              assertThat(peer.frame()).isEqualTo("*pong 05");
              assertThat(peer.frame()).isEqualTo("*ping 06");
              peer.send(serverFrame(FIN | Opcode.PONG, new byte[] {6}), serverClose(1001));
              assertThat(peer.frame()).isEqualTo("*close 1001 ");
            })) {
      var options =
          WebSocketClientOptions.builder()
              .onPing(data -> pinged.complete(Wire.hex(data)))
              .onPong(data -> ponged.complete(Wire.hex(data)))
              .build();
      var connection = await(websocketConnect(url(server), options));
      assertThat(await(pinged)).isEqualTo("05");
      assertThatThrownBy(() -> connection.ping(new byte[126]))
          .isInstanceOf(IllegalArgumentException.class);
      connection.ping(new byte[] {6});
      assertThat(await(ponged)).isEqualTo("06");
      assertThat(rest(connection)).isEmpty();
      assertThat(connection.closeCode()).isEqualTo(1001);
    }
  }

  @GenTest(timeout = 20)
  void aServerThatDoesNotPongIsClosed(FakeClock clock) throws Exception {
    var pinged = new LoopFuture<String>();
    var closed = new LoopFuture<String>();
    try (var server =
        raw(
            peer -> {
              peer.accept("");
              pinged.complete(peer.frame());
              assertThat(peer.frame()).isEqualTo("*text still open");
              closed.complete(peer.frame());
            })) {
      var options =
          WebSocketClientOptions.builder()
              .pingInterval(Duration.ofSeconds(60))
              .pingTimeout(Duration.ofSeconds(30))
              .build();
      var connection = await(websocketConnect(url(server), options));
      clock.advance(Duration.ofSeconds(60));
      assertThat(await(pinged)).isEqualTo("*ping ");
      clock.advance(Duration.ofSeconds(30).minusNanos(1));
      assertThat(connection.writeMessage("still open")).isNotCompletedExceptionally();
      clock.advance(Duration.ofNanos(1));
      assertThat(await(closed)).isEqualTo("*close 1000 ping timed out");
      assertThat(rest(connection)).isEmpty();
    }
  }

  @GenTest(timeout = 20)
  void connectsByTLS() throws Exception {
    var serving = HTTPServerOptions.builder().ssl(TestTLS.server().build()).build();
    try (var server = new Server(Application.settings().build(), serving, Echo::new)) {
      String url = "wss://localhost:" + server.port + "/ws";
      var options = WebSocketClientOptions.builder().ssl(SSLOptions.of(TestTLS.client())).build();
      var connection = await(websocketConnect(url, options));
      String large = "x".repeat(300_000);
      connection.writeMessage(large);
      assertThat(await(connection.readMessage()).text()).isEqualTo(large);
      connection.writeMessage("close");
      assertThat(rest(connection)).isEmpty();
      assertThat(connection.closeCode()).isEqualTo(4001);
      assertThat(failure(websocketConnect(url))).isInstanceOf(HTTPStreamClosedError.class);
      assertThat(failure(websocketConnect("ws" + url.substring(3))))
          .isInstanceOf(HTTPClientError.class);
    }
  }
}
