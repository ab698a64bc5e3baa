// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.websocket.ClientPeers.NO_DATA;
import static org.waterspout.websocket.ClientPeers.raw;
import static org.waterspout.websocket.ClientPeers.rest;
import static org.waterspout.websocket.ClientPeers.url;
import static org.waterspout.websocket.WebSocketClientConnection.websocketConnect;
import static org.waterspout.websocket.Wire.FIN;
import static org.waterspout.websocket.Wire.serverClose;
import static org.waterspout.websocket.Wire.serverFrame;
import static org.waterspout.websocket.Wire.serverText;

import java.time.Duration;
import java.util.List;
import org.waterspout.gen.Gen;
import org.waterspout.http.LoopPeer;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.testing.FakeClock;
import org.waterspout.testing.GenTest;

/** How a client's connection ends: in order, by broken rules, or by itself. */
class WebSocketClientCloseTest {
  // ---- what the server does wrong

  private record Bad(int closeCode, byte[] wire) {}

  @GenTest(timeout = 30)
  void closesServersThatBreakTheProtocol() throws Exception {
    var bad =
        List.of(
            new Bad(1002, Wire.text("masked")),
            new Bad(1002, serverFrame(FIN | 0x40 | Opcode.TEXT, Wire.utf8("RSV1"))),
            new Bad(1002, serverFrame(FIN | 0x3, NO_DATA)),
            new Bad(1002, serverFrame(FIN | 0xb, NO_DATA)),
            new Bad(1002, serverFrame(FIN, Wire.utf8("continued"))),
            new Bad(1002, serverFrame(Opcode.PING, NO_DATA)),
            new Bad(1002, Wire.head(FIN | Opcode.PING, 126, false)),
            new Bad(1002, serverClose(1005)),
            new Bad(1002, serverFrame(FIN | Opcode.CLOSE, new byte[1])),
            new Bad(
                1002,
                Wire.join(
                    serverFrame(Opcode.TEXT, Wire.utf8("a")),
                    serverFrame(FIN | Opcode.TEXT, Wire.utf8("b")))),
            new Bad(1007, serverFrame(FIN | Opcode.TEXT, new byte[] {(byte) 0xff})),
            new Bad(1009, Wire.head(FIN | Opcode.BINARY, 1001, false)),
            new Bad(1009, Wire.head(FIN | Opcode.BINARY, Long.MAX_VALUE, false)));
    for (var one : bad) {
      var seen = new LoopFuture<String>();
      try (var server =
          raw(
              peer -> {
                peer.accept("").send(serverText("good"), one.wire());
                seen.complete(peer.frame());
              })) {
        var options = WebSocketClientOptions.builder().maxMessageSize(1000).build();
        var connection = await(websocketConnect(url(server), options));
        assertThat(rest(connection)).containsExactly("good");
        assertThat(await(seen)).startsWith("*close " + one.closeCode() + " ");
        assertThat(connection.closeCode()).isNull();
      }
    }
  }

  @GenTest(timeout = 30)
  void theLimitOfMessagesCountsInflatedBytes() throws Exception {
    var seen = new LoopFuture<String>();
    var deflated = new Deflation(6, false).deflate(new byte[1001]);
    var payload = new byte[deflated.remaining()];
    deflated.get(payload);
    try (var server =
        raw(
            peer -> {
              peer.accept("Sec-WebSocket-Extensions: permessage-deflate\r\n");
              peer.send(serverFrame(FIN | 0x40 | Opcode.BINARY, payload));
              seen.complete(peer.frame());
            })) {
      var options =
          WebSocketClientOptions.builder()
              .maxMessageSize(1000)
              .compression(CompressionOptions.DEFAULT)
              .build();
      var connection = await(websocketConnect(url(server), options));
      assertThat(rest(connection)).isEmpty();
      assertThat(await(seen)).startsWith("*close 1009 ");
    }
  }

  @GenTest(timeout = 20)
  void aConnectionThatBreaksHasNoCloseCode() throws Exception {
    for (boolean reset : List.of(false, true)) {
      try (var server =
          raw(
              peer -> {
                peer.accept("").send(serverText("a"));
                assertThat(peer.frame()).isEqualTo("*text go");
                if (reset) {
                  peer.reset();
                }
              })) {
        var connection = await(websocketConnect(url(server)));
        assertThat(await(connection.readMessage()).text()).isEqualTo("a");
        connection.writeMessage("go");
        assertThat(rest(connection)).isEmpty();
        assertThat(connection.closeCode()).isNull();
        assertThat(connection.closeReason()).isNull();
      }
    }
  }

  // ---- the end

  @GenTest(timeout = 20)
  void letsTheServerCloseTheConnectionFirst(FakeClock clock) throws Exception {
    try (var server = new LoopPeer()) {
      var connecting = websocketConnect("ws://127.0.0.1:" + server.port());
      server.send(Wire.utf8(RawWebSocket.answer(server.acceptHead(), "")));
      var connection = await(connecting);
      connection.close();
      assertThat(server.exactly(6)).startsWith(FIN | Opcode.CLOSE, 0x80);
      server.send(serverClose(1000));
      while (connection.closeCode() == null) {
        await(Gen.moment());
      }
      var end = connection.readMessage();
      clock.advance(Duration.ofSeconds(4));
      assertThat(server.quiet()).isTrue();
      assertThat(end).isNotDone();
      server.close();
      assertThat(await(end)).isNull();
      assertThat(connection.closeCode()).isEqualTo(1000);
    }
  }

  @GenTest(timeout = 20)
  void aServerThatDoesNotCloseIsCut(FakeClock clock) throws Exception {
    var asked = new LoopFuture<Void>();
    try (var server =
        raw(
            peer -> {
              peer.accept("");
              assertThat(peer.frame()).isEqualTo("*close 1000 enough");
              asked.complete(null);
              assertThat(peer.in.read()).isEqualTo(-1);
            })) {
      var connection = await(websocketConnect(url(server)));
      connection.close("enough");
      connection.close(1001);
      await(asked);
      var end = connection.readMessage();
      clock.advance(Duration.ofSeconds(4));
      await(Gen.moment());
      assertThat(end).isNotDone();
      clock.advance(Duration.ofSeconds(2));
      assertThat(await(end)).isNull();
      assertThat(connection.closeCode()).isNull();
    }
  }

  @GenTest(timeout = 20)
  void whoClosesNeedNotReadWhatStillComes() throws Exception {
    var closed = new LoopFuture<Void>();
    try (var server =
        raw(
            peer -> {
              peer.accept("").send(serverText("1"), serverText("2"), serverText("3"));
              assertThat(peer.frame()).isEqualTo("*close ");
              peer.send(serverText("4"), serverClose(1000));
            })) {
      var options = WebSocketClientOptions.builder().onClose(() -> closed.complete(null)).build();
      var connection = await(websocketConnect(url(server), options));
      connection.close();
      await(closed);
      assertThat(connection.closeCode()).isEqualTo(1000);
      assertThat(rest(connection)).containsExactly("1");
    }
  }
}
