// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.websocket.WebSocketClientConnection.websocketConnect;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.waterspout.ioloop.IOLoop;

/** The application in containers that are part of the program. */
final class EmbeddedTest {
  @Test
  void jettySendsBackWhatItIsSent() throws Exception {
    var server = JettyCore.start(0);
    try {
      sendsBackWhatItIsSent(JettyCore.port(server));
    } finally {
      server.stop();
    }
  }

  @Test
  void undertowSendsBackWhatItIsSent() throws Exception {
    try (var server = new UndertowCore(0)) {
      sendsBackWhatItIsSent(server.port());
    }
  }

  private static void sendsBackWhatItIsSent(int port) throws Exception {
    byte[] body = new byte[3 << 20];
    new Random(7).nextBytes(body);
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/anything"))
            .timeout(Duration.ofSeconds(20))
            .POST(BodyPublishers.ofByteArray(body))
            .build();
    try (var client = HttpClient.newHttpClient()) {
      var answer = client.send(request, BodyHandlers.ofByteArray());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo(body);
    }
    try (var loop = new IOLoop()) {
      loop.runSync(
          Duration.ofSeconds(20),
          () -> {
            var socket = await(websocketConnect("ws://127.0.0.1:" + port + "/ws"));
            await(socket.writeMessage("hello"));
            assertThat(await(socket.readMessage()).text()).isEqualTo("hello");
            return null;
          });
    }
  }

  @Test
  void theyFailOnATakenPort() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.ofLiteral("0.0.0.0"))) {
      int port = taken.getLocalPort();
      assertThatThrownBy(() -> JettyCore.start(port))
          .isInstanceOf(IOException.class)
          .hasCauseInstanceOf(BindException.class);
      assertThatThrownBy(() -> new UndertowCore(port)).hasCauseInstanceOf(BindException.class);
    }
  }
}
