// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.waterspout.httpclient.HTTPClientError;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.websocket.WebSocketClientOptions;

/** The client on the loop of the test, with the chat on another one. */
final class WebSocketClientTest {
  private final IOLoop serving = new IOLoop();
  private final IOLoop loop = new IOLoop();
  private Thread runner;
  private int port;

  @BeforeEach
  void serve() throws Exception {
    runner = Thread.ofPlatform().start(serving::start);
    port =
        serving
            .spawn(() -> ChatDemo.application().listen(0, "127.0.0.1").port())
            .get(20, TimeUnit.SECONDS);
    loop.makeCurrent();
  }

  @AfterEach
  void stop() throws Exception {
    IOLoop.clearCurrent();
    loop.close(true);
    serving.stop();
    runner.join();
    serving.close(true);
  }

  private String talk(String path, String lines, ByteArrayOutputStream out) throws Exception {
    return WebSocketClient.talk(
        "ws://127.0.0.1:" + port + path,
        WebSocketClientOptions.defaults(),
        new BufferedReader(new StringReader(lines)),
        new PrintStream(out, true, StandardCharsets.UTF_8));
  }

  @Test
  void sendsLinesAndPrintsWhatComes() throws Exception {
    var out = new ByteArrayOutputStream();
    assertThat(talk("/chat", "Ann\nHello, world\n", out)).startsWith("closed with 1005");
    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .anyMatch(line -> line.contains("Ann") && line.contains("members"))
        .anyMatch(line -> line.contains("Hello, world"));
  }

  @Test
  void saysWhereThereIsNoWebSocket() {
    assertThatThrownBy(() -> talk("/none", "", new ByteArrayOutputStream()))
        .isInstanceOfSatisfying(HTTPClientError.class, e -> assertThat(e.code()).isEqualTo(404));
  }
}
