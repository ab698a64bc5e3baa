// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.gen.Gen.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The JDK's WebSocket client. */
class JDKClientTest {
  private final Server.Events events = new Server.Events();
  private final HttpClient client = HttpClient.newHttpClient();

  private class Echo extends WebSocketHandler {
    @Override
    protected String selectSubprotocol(List<String> subprotocols) {
      return subprotocols.isEmpty() ? null : subprotocols.getLast();
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
      events.add("server: " + closeCode() + " " + closeReason());
    }
  }

  private class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();
    private int bytes;

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        events.add("text " + (text.length() > 100 ? text.length() : text));
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
      bytes += data.remaining();
      if (last) {
        events.add("binary " + bytes);
        bytes = 0;
      }
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onPong(WebSocket socket, ByteBuffer data) {
      events.add("pong " + data.remaining());
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      events.add("client: " + code + " " + reason);
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      events.add("client: " + error);
    }
  }

  @AfterEach
  void closeClient() {
    client.shutdownNow();
  }

  private WebSocket connect(Server server, String... subprotocols) {
    var builder = client.newWebSocketBuilder();
    if (subprotocols.length > 0) {
      builder.subprotocols(subprotocols[0], subprotocols[1]);
    }
    return builder
        .buildAsync(URI.create("ws://127.0.0.1:" + server.port + "/ws"), new Listener())
        .orTimeout(20, TimeUnit.SECONDS)
        .join();
  }

  @Test
  void exchangesMessagesAndClosesFromTheClient() throws Exception {
    try (var server = new Server(Echo::new)) {
      var socket = connect(server, "a", "b");
      assertThat(socket.getSubprotocol()).isEqualTo("b");
      socket.sendText("grüße", true).join();
      assertThat(events.next()).isEqualTo("text grüße");
      socket.sendText("in ", false).join();
      socket.sendText("parts", true).join();
      assertThat(events.next()).isEqualTo("text in parts");
      socket.sendText("x".repeat(1_000_000), true).join();
      assertThat(events.next()).isEqualTo("text 1000000");
      socket.sendBinary(ByteBuffer.allocate(3_000_000), true).join();
      assertThat(events.next()).isEqualTo("binary 3000000");
      socket.sendPing(ByteBuffer.allocate(125)).join();
      assertThat(events.next()).isEqualTo("pong 125");
      socket.sendClose(1000, "bye").join();
      assertThat(List.of(events.next(), events.next()))
          .containsExactlyInAnyOrder("server: 1000 bye", "client: 1000 ");
    }
  }

  @Test
  void closesFromTheServer() throws Exception {
    try (var server = new Server(Echo::new)) {
      connect(server).sendText("close", true).join();
      assertThat(List.of(events.next(), events.next()))
          .containsExactlyInAnyOrder("server: 4001 ", "client: 4001 as you wish");
    }
  }

  @Test
  void isToldThatAMessageIsTooBig() throws Exception {
    try (var server = new Server(Echo::new)) {
      var _ = connect(server).sendBinary(ByteBuffer.allocate(20_000_000), true);
      assertThat(List.of(events.next(), events.next()))
          .anyMatch(e -> e.startsWith("server: null"))
          .anyMatch(e -> e.startsWith("client: "));
    }
  }

  @Test
  void isRefusedByAnOrdinaryAnswer() throws Exception {
    try (var server = new Server(Echo::new)) {
      var refused =
          client
              .newWebSocketBuilder()
              .header("Origin", "http://elsewhere")
              .buildAsync(URI.create("ws://127.0.0.1:" + server.port + "/ws"), new Listener());
      assertThatThrownBy(refused::join)
          .isInstanceOf(CompletionException.class)
          .cause()
          .isInstanceOfSatisfying(
              WebSocketHandshakeException.class,
              e -> assertThat(e.getResponse().statusCode()).isEqualTo(403));
    }
  }

  @Test
  void isMissedWhenItAborts() throws Exception {
    try (var server = new Server(Echo::new)) {
      connect(server).abort();
      assertThat(events.next()).isEqualTo("server: null null");
    }
  }
}
