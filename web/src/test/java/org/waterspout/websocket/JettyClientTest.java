// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.gen.Gen.await;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.client.ClientUpgradeRequest;
import org.eclipse.jetty.websocket.client.WebSocketClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jetty's WebSocket client, which compresses. */
class JettyClientTest {
  private final Server.Events events = new Server.Events();
  private final WebSocketClient client = new WebSocketClient();

  private class Echo extends WebSocketHandler {
    private final CompressionOptions options;

    Echo(CompressionOptions options) {
      this.options = options;
    }

    @Override
    protected CompressionOptions compressionOptions() {
      return options;
    }

    @Override
    protected int maxMessageSize() {
      return 5_000_000;
    }

    @Override
    protected void onMessage(String message) {
      if (message.equals("close")) {
        close(4001, "as you wish");
      } else {
        await(writeMessage(message));
      }
    }

    @Override
    protected void onMessage(byte[] message) {
      await(writeMessage(message));
    }

    @Override
    protected void onClose() {
      events.add("server: " + closeCode());
    }
  }

  /** Public, as Jetty wants it. */
  public static final class Endpoint implements Session.Listener.AutoDemanding {
    private final Server.Events events;

    Endpoint(Server.Events events) {
      this.events = events;
    }

    @Override
    public void onWebSocketText(String message) {
      events.add("text " + message);
    }

    @Override
    public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
      var bytes = new byte[payload.remaining()];
      payload.get(bytes);
      callback.succeed();
      events.add("binary " + Arrays.hashCode(bytes));
    }

    @Override
    public void onWebSocketPong(ByteBuffer payload) {
      events.add("pong " + payload.remaining());
    }

    @Override
    public void onWebSocketError(Throwable cause) {} // what it was still sending has failed

    @Override
    public void onWebSocketClose(int code, String reason, Callback callback) {
      events.add("client: " + code + " " + reason);
      callback.succeed();
    }
  }

  @BeforeEach
  void startClient() throws Exception {
    client.setMaxTextMessageSize(-1);
    client.setMaxBinaryMessageSize(-1);
    client.start();
  }

  @AfterEach
  void stopClient() throws Exception {
    client.stop();
  }

  private Session connect(Server server, String... extensions) throws Exception {
    var request = new ClientUpgradeRequest(URI.create("ws://127.0.0.1:" + server.port + "/ws"));
    request.addExtensions(extensions);
    return client.connect(new Endpoint(events), request).get(20, TimeUnit.SECONDS);
  }

  private static String agreed(Session session) {
    return String.valueOf(session.getUpgradeResponse().getHeader("Sec-WebSocket-Extensions"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "permessage-deflate",
        "permessage-deflate; client_max_window_bits=10",
        "permessage-deflate; server_no_context_takeover",
        // not client_no_context_takeover alone: Jetty's client takes it for the server's
        "permessage-deflate; client_no_context_takeover; server_no_context_takeover",
      })
  void exchangesCompressedMessages(String offer) throws Exception {
    try (var server = new Server(() -> new Echo(CompressionOptions.DEFAULT))) {
      var session = connect(server, offer);
      assertThat(agreed(session)).startsWith("permessage-deflate");
      var random = new Random(1);
      for (int length : new int[] {0, 1, 10, 125, 1000, 70_000, 70_000, 3_000_000}) {
        var text = "ä€".repeat(length / 5);
        session.sendText(text, Callback.NOOP);
        assertThat(events.next()).isEqualTo("text " + text);
        var bytes = new byte[length];
        random.nextBytes(bytes);
        session.sendBinary(ByteBuffer.wrap(bytes), Callback.NOOP);
        assertThat(events.next()).isEqualTo("binary " + Arrays.hashCode(bytes));
      }
      session.sendPartialText("in ", false, Callback.NOOP);
      session.sendPartialText("parts", true, Callback.NOOP);
      assertThat(events.next()).isEqualTo("text in parts");
      session.sendPing(ByteBuffer.allocate(7), Callback.NOOP);
      assertThat(events.next()).isEqualTo("pong 7");
      session.close(1000, "bye", Callback.NOOP);
      assertThat(List.of(events.next(), events.next()))
          .anyMatch("server: 1000"::equals)
          .anyMatch(e -> e.startsWith("client: 1000"));
    }
  }

  @Test
  void talksPlainlyIfItsOfferCannotBeKept() throws Exception {
    try (var server = new Server(() -> new Echo(CompressionOptions.DEFAULT))) {
      var session = connect(server, "permessage-deflate; server_max_window_bits=9");
      assertThat(agreed(session)).isEqualTo("null");
      session.sendText("plain", Callback.NOOP);
      assertThat(events.next()).isEqualTo("text plain");
    }
  }

  @Test
  void isToldThatAMessageInflatesToTooMuch() throws Exception {
    try (var server = new Server(() -> new Echo(CompressionOptions.DEFAULT))) {
      connect(server, "permessage-deflate")
          .sendBinary(ByteBuffer.allocate(20_000_000), Callback.NOOP);
      assertThat(List.of(events.next(), events.next()))
          .anyMatch("server: null"::equals)
          .anyMatch(e -> e.startsWith("client: 1009 "));
    }
  }

  @Test
  void isClosedByTheServer() throws Exception {
    try (var server = new Server(() -> new Echo(null))) {
      connect(server).sendText("close", Callback.NOOP);
      assertThat(List.of(events.next(), events.next()))
          .containsExactlyInAnyOrder("server: 4001", "client: 4001 as you wish");
    }
  }
}
