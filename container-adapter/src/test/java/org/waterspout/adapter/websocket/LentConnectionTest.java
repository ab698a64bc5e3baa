// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.adapter.websocket.RawWebSocket.FIN;
import static org.waterspout.adapter.websocket.RawWebSocket.frame;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.web.Application.url;
import static org.waterspout.websocket.WebSocketClientConnection.websocketConnect;

import java.net.Socket;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.waterspout.adapter.NativeServer;
import org.waterspout.adapter.TLS;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.tcp.SSLOptions;
import org.waterspout.web.Application;
import org.waterspout.websocket.CompressionOptions;
import org.waterspout.websocket.WebSocketClientOptions;
import org.waterspout.websocket.WebSocketHandler;

/** What WebSockets can besides where a container lends us its connection. */
@Timeout(60)
@ParameterizedClass
@EnumSource
class LentConnectionTest {
  private final Events events = new Events();
  @Parameter private NativeServer.Kind kind;

  class Echo extends WebSocketHandler {
    @Override
    protected void onMessage(String message) {
      await(writeMessage(message));
    }

    @Override
    protected void onMessage(byte[] message) {
      await(writeMessage(message));
    }

    @Override
    protected CompressionOptions compressionOptions() {
      return CompressionOptions.DEFAULT;
    }

    @Override
    protected void onPing(byte[] data) {
      events.add("ping " + HexFormat.of().formatHex(data));
    }

    @Override
    protected void onClose() {
      events.add("closed " + closeCode());
    }
  }

  private Application echo() {
    return new Application(url("/ws", Echo::new));
  }

  @Test
  void compressesByTheHandlersOptions() throws Exception {
    byte[] hello = HexFormat.of().parseHex("f248cdc9c90700"); // RFC 7692 section 7.2.3.1
    try (var server = kind.start(echo());
        var client = new RawWebSocket(server.port())) {
      assertThat(client.open("/ws", "Sec-WebSocket-Extensions: permessage-deflate"))
          .containsIgnoringCase("\r\nSec-WebSocket-Extensions: permessage-deflate");
      client.send(frame(FIN | 0x40 | RawWebSocket.TEXT, hello));
      assertThat(client.frame()).isEqualTo("c1 f248cdc9c90700");
    }
  }

  @Test
  void seesPingsThatItAnswers() throws Exception {
    try (var server = kind.start(echo());
        var client = new RawWebSocket(server.port()).opened("/ws")) {
      client.send(frame(FIN | RawWebSocket.PING, new byte[] {1, 2}));
      assertThat(client.frame()).isEqualTo("pong 0102");
      assertThat(events.next()).isEqualTo("ping 0102");
    }
  }

  @Test
  void tellsACloseWithoutACode() throws Exception {
    try (var server = kind.start(echo());
        var client = new RawWebSocket(server.port()).opened("/ws")) {
      client.send(frame(FIN | RawWebSocket.CLOSE, new byte[0]));
      assertThat(client.frame()).isEqualTo("close");
      assertThat(client.frame()).isEqualTo("end");
      assertThat(events.next()).isEqualTo("closed 1005");
    }
  }

  @Test
  void endsWhenItIsStopped() throws Exception {
    RawWebSocket client;
    try (var server = kind.start(echo())) {
      client = new RawWebSocket(server.port()).opened("/ws");
      assertThat(client.text("there").frame()).isEqualTo("text there");
    }
    try (client) {
      // Jetty closes its connections before it stops its handlers.
      boolean late = kind == NativeServer.Kind.JETTY;
      assertThat(client.frame()).isEqualTo(late ? "end" : "close 1001");
      assertThat(client.frame()).isEqualTo("end");
      assertThat(events.next()).isEqualTo("closed null");
    }
  }

  /** Two idle connections are given up, one after the other, while this one stays. */
  @Test
  void outlivesTheContainersTimeouts() throws Exception {
    try (var server = kind.startImpatient(Duration.ofMillis(300), echo());
        var client = new RawWebSocket(server.port()).opened("/ws")) {
      for (int i = 0; i < 2; i++) {
        try (var idle = new Socket("127.0.0.1", server.port())) {
          idle.setSoTimeout(20_000);
          idle.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(UTF_8));
          assertThat(idle.getInputStream().readAllBytes()).isNotEmpty();
        }
      }
      assertThat(client.text("still there").frame()).isEqualTo("text still there");
    }
  }

  @Test
  void opensBehindAPrefix() throws Exception {
    try (var server = kind.startAt("/app", echo());
        var client = new RawWebSocket(server.port()).opened("/app/ws")) {
      assertThat(client.text("hello").frame()).isEqualTo("text hello");
    }
  }

  @Test
  void echoesThroughTLS() throws Exception {
    byte[] large = new byte[3 << 20];
    new Random(42).nextBytes(large);
    var trusting =
        WebSocketClientOptions.builder()
            .ssl(SSLOptions.builder().trust(TLS.file("ca.pem")).build())
            .maxMessageSize(large.length)
            .build();
    try (var server = kind.startSecure(TLS.server(), echo());
        var loop = new IOLoop()) {
      loop.runSync(
          Duration.ofSeconds(30),
          () -> {
            var address = "wss://localhost:" + server.port() + "/ws";
            var socket = await(websocketConnect(address, trusting));
            for (int i = 0; i < 5; i++) {
              var _ = socket.writeMessage(large);
              assertThat(await(socket.readMessage()).bytes()).isEqualTo(large);
              await(socket.writeMessage("small"));
              assertThat(await(socket.readMessage()).text()).isEqualTo("small");
            }
            socket.close(4002);
            assertThat(await(socket.readMessage())).isNull();
            return null;
          });
      assertThat(events.next()).isEqualTo("closed 4002");
    }
  }
}
