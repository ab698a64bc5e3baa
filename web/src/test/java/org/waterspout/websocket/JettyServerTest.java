// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.websocket.WebSocketClientConnection.websocketConnect;

import java.nio.ByteBuffer;
import java.util.Random;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.waterspout.testing.GenTest;

/** Our client at Jetty's endpoint, which compresses. */
class JettyServerTest {
  private static final Server JETTY = new Server();
  private static final ServerConnector CONNECTOR = new ServerConnector(JETTY);

  /** Public, as Jetty wants it. */
  public static final class Endpoint extends Session.Listener.AbstractAutoDemanding {
    @Override
    public void onWebSocketText(String message) {
      if (message.equals("close")) {
        getSession().close(4001, "as you wish", Callback.NOOP);
      } else if (message.equals("ping")) {
        getSession().sendPing(ByteBuffer.wrap(new byte[] {1, 2}), Callback.NOOP);
      } else {
        getSession().sendText(message, Callback.NOOP);
      }
    }

    @Override
    public void onWebSocketBinary(ByteBuffer message, Callback callback) {
      getSession().sendBinary(message, callback);
    }
  }

  @BeforeAll
  static void start() throws Exception {
    CONNECTOR.setHost("127.0.0.1");
    JETTY.addConnector(CONNECTOR);
    JETTY.setHandler(
        WebSocketUpgradeHandler.from(
            JETTY,
            container -> {
              container.setMaxTextMessageSize(5_000_000);
              container.setMaxBinaryMessageSize(5_000_000);
              container.addMapping(
                  "/ws",
                  (request, response, callback) -> {
                    if (request.hasSubProtocol("chat")) {
                      response.setAcceptedSubProtocol("chat");
                    }
                    return new Endpoint();
                  });
            }));
    JETTY.start();
  }

  @AfterAll
  static void stop() throws Exception {
    JETTY.stop();
  }

  private static String url() {
    return "ws://127.0.0.1:" + CONNECTOR.getLocalPort() + "/ws";
  }

  private static void exchange(WebSocketClientConnection connection) {
    for (String text : new String[] {"a", "a", "\u00e4\u20ac", "x".repeat(1_000_000)}) {
      connection.writeMessage(text);
      assertThat(await(connection.readMessage()).text()).isEqualTo(text);
    }
    var bytes = new byte[200_000];
    new Random(1).nextBytes(bytes);
    connection.writeMessage(bytes);
    assertThat(await(connection.readMessage()).bytes()).isEqualTo(bytes);
    connection.writeMessage("close");
    assertThat(await(connection.readMessage())).isNull();
    assertThat(connection.closeCode()).isEqualTo(4001);
    assertThat(connection.closeReason()).isEqualTo("as you wish");
  }

  @GenTest(timeout = 20)
  void exchangesMessages() {
    exchange(await(websocketConnect(url())));
  }

  @GenTest(timeout = 20)
  void exchangesCompressedMessages() {
    for (var compression :
        new CompressionOptions[] {
          CompressionOptions.DEFAULT, CompressionOptions.DEFAULT.withoutContextTakeover()
        }) {
      var options = WebSocketClientOptions.builder().compression(compression).build();
      var connection = await(websocketConnect(url(), options));
      assertThat(connection.headers().get("Sec-WebSocket-Extensions"))
          .startsWith("permessage-deflate");
      exchange(connection);
    }
  }

  @GenTest(timeout = 20)
  void agreesOnASubprotocolAndAnswersPings() {
    var pinged = new org.waterspout.ioloop.LoopFuture<String>();
    var options =
        WebSocketClientOptions.builder()
            .subprotocols("other", "chat")
            .onPing(data -> pinged.complete(Wire.hex(data)))
            .build();
    var connection = await(websocketConnect(url(), options));
    assertThat(connection.selectedSubprotocol()).isEqualTo("chat");
    connection.writeMessage("ping");
    assertThat(await(pinged)).isEqualTo("0102");
    connection.close(1000, "bye");
    assertThat(await(connection.readMessage())).isNull();
    assertThat(connection.closeCode()).isEqualTo(1000);
  }
}
