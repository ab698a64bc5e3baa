// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.websocket.ClientPeers.failure;
import static org.waterspout.websocket.ClientPeers.rest;
import static org.waterspout.websocket.WebSocketClientConnection.websocketConnect;

import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.waterspout.gen.Gen;
import org.waterspout.http.TestTLS;
import org.waterspout.httpclient.HTTPClientError;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.tcp.SSLOptions;
import org.waterspout.testing.GenTest;

/** Our client at an endpoint in Tomcat. */
class TomcatServerTest {
  @TempDir static Path folder;
  private static @Nullable TomcatServer tomcat; // between start and stop

  @BeforeAll
  static void start() throws Exception {
    tomcat = new TomcatServer(folder);
  }

  @AfterAll
  static void stop() throws Exception {
    if (tomcat != null) {
      tomcat.close();
    }
  }

  private static String url(String path) {
    return "ws://127.0.0.1:" + tomcat.port() + path;
  }

  /** What the endpoint has been told. */
  private static String told() throws InterruptedException {
    return TomcatServer.EVENTS.poll(20, TimeUnit.SECONDS);
  }

  private static void exchange(WebSocketClientConnection connection) throws Exception {
    for (String text :
        new String[] {"", "a", "a", "\u00e4\u20ac", "x".repeat(125), "x".repeat(1_000_000), "a"}) {
      connection.writeMessage(text);
      assertThat(await(connection.readMessage()).text()).isEqualTo(text);
    }
    var random = new Random(1);
    for (int size : new int[] {0, 1, 126, 65_535, 65_536, 2_000_000}) {
      var bytes = new byte[size];
      random.nextBytes(bytes);
      connection.writeMessage(bytes);
      assertThat(await(connection.readMessage()).bytes()).isEqualTo(bytes);
    }
    connection.writeMessage("fragments");
    assertThat(await(connection.readMessage()).text()).isEqualTo("one\u00e4 two three");
    assertThat(await(connection.readMessage()).bytes()).containsExactly(1, 2, 3);
    connection.writeMessage("close");
    assertThat(rest(connection)).isEmpty();
    assertThat(connection.closeCode()).isEqualTo(4001);
    assertThat(connection.closeReason()).isEqualTo("as you wish");
    assertThat(told()).isEqualTo("closed 4001 as you wish");
  }

  @GenTest(timeout = 60)
  void exchangesMessages() throws Exception {
    var connection = await(websocketConnect(url("/echo")));
    assertThat(connection.headers().contains("Sec-WebSocket-Extensions")).isFalse();
    exchange(connection);
  }

  @GenTest(timeout = 60)
  void exchangesCompressedMessages() throws Exception {
    for (var compression :
        new CompressionOptions[] {
          CompressionOptions.DEFAULT, CompressionOptions.DEFAULT.withoutContextTakeover()
        }) {
      var options = WebSocketClientOptions.builder().compression(compression).build();
      var connection = await(websocketConnect(url("/echo"), options));
      assertThat(connection.headers().get("Sec-WebSocket-Extensions"))
          .startsWith("permessage-deflate");
      exchange(connection);
    }
  }

  @GenTest(timeout = 60)
  void exchangesMessagesByTLS() throws Exception {
    var url = "wss://localhost:" + tomcat.securePort() + "/echo";
    var options = WebSocketClientOptions.builder().ssl(SSLOptions.of(TestTLS.client()));
    exchange(await(websocketConnect(url, options.build())));
    exchange(await(websocketConnect(url, options.compression(CompressionOptions.DEFAULT).build())));
  }

  @GenTest(timeout = 60)
  void agreesOnASubprotocolAndShowsHeaders() throws Exception {
    var options =
        WebSocketClientOptions.builder()
            .header("X-Asked", "gr\u00fcn")
            .subprotocols("other", "chat")
            .build();
    var connection = await(websocketConnect(url("/echo"), options));
    assertThat(connection.selectedSubprotocol()).isEqualTo("chat");
    assertThat(connection.headers().get("X-Answered")).isEqualTo("gr\u00fcn");
    connection.close();
    assertThat(rest(connection)).isEmpty();
    assertThat(connection.closeCode()).isEqualTo(1000);
    assertThat(told()).isEqualTo("closed 1000 null"); // its way to say that there was no code
  }

  @GenTest(timeout = 60)
  void pingsGoBothWays() throws Exception {
    var pinged = new LoopFuture<String>();
    var ponged = new LoopFuture<String>();
    var options =
        WebSocketClientOptions.builder()
            .onPing(data -> pinged.complete(Wire.hex(data)))
            .onPong(data -> ponged.complete(Wire.hex(data)))
            .build();
    var connection = await(websocketConnect(url("/echo"), options));
    connection.writeMessage("ping");
    assertThat(await(pinged)).isEqualTo("0102");
    assertThat(told()).isEqualTo("pong 0102");
    connection.ping(new byte[] {3});
    assertThat(await(ponged)).isEqualTo("03");
    connection.close(3000, "gr\u00fc\u00dfe");
    assertThat(rest(connection)).isEmpty();
    assertThat(connection.closeCode()).isEqualTo(3000);
    assertThat(told()).isEqualTo("closed 3000 gr\u00fc\u00dfe");
  }

  @GenTest(timeout = 60)
  void sendsMessagesWhileOthersCome() throws Exception {
    var connection = await(websocketConnect(url("/echo")));
    int count = 500;
    var sending =
        Gen.spawn(
            () -> {
              for (int i = 0; i < count; i++) {
                await(connection.writeMessage(i + "x".repeat(10_000)));
              }
              return null;
            });
    for (int i = 0; i < count; i++) {
      assertThat(await(connection.readMessage()).text()).startsWith(i + "x");
    }
    await(sending);
    connection.close(1000, "bye");
    assertThat(rest(connection)).isEmpty();
    assertThat(told()).isEqualTo("closed 1000 bye");
  }

  @GenTest(timeout = 60)
  void isToldWhatIsRefused() {
    var foreign = WebSocketClientOptions.builder().header("Origin", "http://evil.example").build();
    assertThat(failure(websocketConnect(url("/echo"), foreign)))
        .isInstanceOfSatisfying(HTTPClientError.class, e -> assertThat(e.code()).isEqualTo(403));
    assertThat(failure(websocketConnect(url("/none"))))
        .isInstanceOfSatisfying(
            HTTPClientError.class,
            e -> {
              assertThat(e.code()).isEqualTo(404);
              assertThat(e.response().text()).contains("404");
            });
  }

  @GenTest(timeout = 60)
  void isClosedWhenAMessageIsTooLarge() throws Exception {
    var connection = await(websocketConnect(url("/echo?small")));
    connection.writeMessage("x".repeat(TomcatServer.SMALL + 1));
    assertThat(rest(connection)).isEmpty();
    assertThat(connection.closeCode()).isEqualTo(1009);
    assertThat(told()).startsWith("closed 1009 ");
  }
}
