// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.waterspout.ioloop.IOLoop;

/** The chat, with the JDK's client in the place of browsers. */
final class ChatDemoTest {
  private final IOLoop loop = new IOLoop();
  private final HttpClient client = HttpClient.newHttpClient();
  private Thread runner;
  private int port;

  @BeforeEach
  void serve() throws Exception {
    runner = Thread.ofPlatform().start(loop::start);
    port =
        loop.spawn(() -> ChatDemo.application().listen(0, "127.0.0.1").port())
            .get(20, TimeUnit.SECONDS);
  }

  @AfterEach
  void stop() throws Exception {
    client.shutdownNow();
    loop.stop();
    runner.join();
    loop.close(true);
  }

  /** Someone in the room. */
  private final class Guest implements WebSocket.Listener {
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final WebSocket socket;

    Guest(String name) throws Exception {
      socket =
          client
              .newWebSocketBuilder()
              .buildAsync(URI.create("ws://127.0.0.1:" + port + "/chat"), this)
              .get(20, TimeUnit.SECONDS);
      say(name);
    }

    void say(String text) throws Exception {
      socket.sendText(text, true).get(20, TimeUnit.SECONDS);
    }

    String hear() throws Exception {
      return String.valueOf(received.poll(20, TimeUnit.SECONDS));
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      received.add(data.toString());
      from.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      received.add("closed " + code);
      return null;
    }
  }

  @Test
  void everybodyHearsWhatIsSaidAndWhoIsThere() throws Exception {
    var ann = new Guest("Ann");
    assertThat(ann.hear()).contains("\"members\"", "[\"Ann\"]");
    ann.say("<b>hello</b>");
    assertThat(ann.hear()).contains("\"name\":\"Ann\"", "hello");

    var bob = new Guest(" Bob ");
    assertThat(bob.hear()).as("what was said before").contains("\"name\":\"Ann\"");
    assertThat(bob.hear()).contains("[\"Ann\",\"Bob\"]");
    assertThat(ann.hear()).contains("[\"Ann\",\"Bob\"]");
    bob.say("hi");
    assertThat(ann.hear()).contains("\"text\":\"hi\"");

    bob.socket.abort();
    assertThat(ann.hear()).contains("[\"Ann\"]");
  }

  @Test
  void whoSaysTooMuchIsShownOut() throws Exception {
    var ann = new Guest("Ann");
    ann.hear();
    ann.say("x".repeat(2001));
    assertThat(ann.hear()).isEqualTo("closed 4000");
    assertThat(new Guest("x".repeat(31)).hear()).isEqualTo("closed 4000");
  }

  @Test
  void thePageIsThere() throws Exception {
    var page =
        client.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/")).build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(page.body()).contains("<!DOCTYPE html>", "new WebSocket");
  }
}
