// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.websocket.Wire.FIN;
import static org.waterspout.websocket.Wire.text;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.waterspout.http.HTTPServerOptions;
import org.waterspout.http.TestTLS;
import org.waterspout.web.Application;

/** WebSockets over TLS. */
class TLSTest {
  private final Server.Events events = new Server.Events();

  private class Echo extends WebSocketHandler {
    @Override
    protected void onMessage(String message) {
      writeMessage(message);
    }

    @Override
    protected void onClose() {
      events.add("closed " + closeCode());
    }
  }

  private Server serve() throws Exception {
    var options = HTTPServerOptions.builder().ssl(TestTLS.server().build()).build();
    return new Server(Application.settings().build(), options, Echo::new);
  }

  private static RawWebSocket connect(Server server) throws Exception {
    return new RawWebSocket(TestTLS.connect(TestTLS.client(), server.port));
  }

  @Test
  void exchangesMessagesAndCloses() throws Exception {
    try (var server = serve();
        var client = connect(server)) {
      client.send(
          Wire.utf8(RawWebSocket.REQUEST + "Origin: https://localhost\r\n\r\n"), text("early"));
      assertThat(client.head()).startsWith("HTTP/1.1 101 ");
      assertThat(client.frame()).isEqualTo("text early");
      var large = "x".repeat(1_000_000);
      client.send(text(large));
      assertThat(client.frame()).isEqualTo("text " + large);
      client.send(Wire.close(1000));
      assertThat(client.frame()).isEqualTo("close 1000 ");
      assertThat(client.frame()).isEqualTo("end");
      assertThat(events.next()).isEqualTo("closed 1000");
    }
  }

  @Test
  void tellsAClientThatGoesOnSendingWhatItHasDoneWrong() throws Exception {
    try (var server = serve();
        var client = connect(server).upgrade("")) {
      client.send(Wire.head(FIN | Opcode.BINARY, 50_000_000, true));
      for (int i = 0; i < 20; i++) {
        client.send(new byte[1_000_000]);
      }
      assertThat(client.frame()).startsWith("close 1009 ");
      assertThat(client.frame()).isEqualTo("end");
      client.close();
      assertThat(events.next()).isEqualTo("closed null");
    }
  }

  @Test
  void talksToTheJDKsClient() throws Exception {
    class Listener implements WebSocket.Listener {
      @Override
      public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
        events.add("text " + data);
        socket.request(1);
        return null;
      }

      @Override
      public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
        events.add("client " + code);
        return null;
      }
    }
    try (var server = serve();
        var client = HttpClient.newBuilder().sslContext(TestTLS.client()).build()) {
      var socket =
          client
              .newWebSocketBuilder()
              .buildAsync(URI.create("wss://localhost:" + server.port + "/ws"), new Listener())
              .join();
      socket.sendText("grüße", true).join();
      assertThat(events.next()).isEqualTo("text grüße");
      socket.sendClose(1001, "").join();
      assertThat(List.of(events.next(), events.next()))
          .containsExactlyInAnyOrder("closed 1001", "client 1001");
    }
  }
}
