// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.sleep;
import static org.waterspout.web.Application.settings;
import static org.waterspout.websocket.Wire.FIN;
import static org.waterspout.websocket.Wire.frame;
import static org.waterspout.websocket.Wire.text;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.waterspout.web.Settings;

/** Pings that the server sends, and those that it answers. */
class PingTest {
  private final Server.Events events = new Server.Events();

  private class Handler extends WebSocketHandler {
    @Override
    protected void onMessage(String message) throws Exception {
      writeMessage(message);
    }

    @Override
    protected void onClose() {
      events.add("closed " + closeCode());
    }
  }

  private static Settings pinging(int interval, int timeout) {
    return settings()
        .websocketPingInterval(Duration.ofMillis(interval))
        .websocketPingTimeout(Duration.ofMillis(timeout))
        .build();
  }

  @Test
  void pingsAtIntervals() throws Exception {
    try (var server =
            new Server(
                settings().websocketPingInterval(Duration.ofMillis(300)).build(), Handler::new);
        var client = server.connect()) {
      long start = System.nanoTime();
      for (int i = 0; i < 4; i++) {
        assertThat(client.frame()).isEqualTo("ping ");
        client.send(frame(FIN | Opcode.PONG, ""));
      }
      assertThat(System.nanoTime() - start).isGreaterThan(1_100_000_000L);
    }
  }

  @Test
  void closesAClientThatDoesNotAnswer() throws Exception {
    try (var server = new Server(pinging(1000, 500), Handler::new);
        var client = server.connect()) {
      client.send(text("I am here"));
      var frames = List.of(client.frame(), client.frame(), client.frame());
      assertThat(frames).containsOnlyOnce("text I am here", "ping ");
      assertThat(frames.getLast()).isEqualTo("close 1000 ping timed out");
      client.finishClose(1000);
      assertThat(events.next()).isEqualTo("closed 1000");
    }
  }

  @Test
  void takesAsLongAPauseAsTheIntervalAtMost() throws Exception {
    try (var server = new Server(pinging(200, 100_000), Handler::new);
        var client = server.connect()) {
      assertThat(client.frame()).isEqualTo("ping ");
      assertThat(client.frame()).isEqualTo("close 1000 ping timed out");
    }
  }

  @Test
  void waitsForeverIfThereIsNoTimeout() throws Exception {
    try (var server = new Server(pinging(50, 0), Handler::new);
        var client = server.connect()) {
      for (int i = 0; i < 10; i++) {
        assertThat(client.frame()).isEqualTo("ping ");
      }
    }
  }

  @Test
  void blamesNoClientForAHandlerThatIsBusy() throws Exception {
    var release = new CompletableFuture<Void>();
    class Busy extends Handler {
      @Override
      protected void onMessage(String message) throws Exception {
        await(release);
        super.onMessage(message);
      }
    }
    try (var server = new Server(pinging(500, 500), Busy::new);
        var client = server.connect()) {
      client.send(text("wait"));
      assertThat(client.frame()).isEqualTo("ping ");
      client.send(frame(FIN | Opcode.PONG, ""));
      server.call(() -> await(sleep(Duration.ofMillis(500)))); // five timeouts
      release.complete(null);
      assertThat(client.frame()).isEqualTo("text wait");
    }
  }

  @Test
  void blamesNoClientForALongMessageThatIsStillOnItsWay() throws Exception {
    try (var server = new Server(pinging(1000, 1000), Handler::new);
        var client = server.connect()) {
      var message = text("x".repeat(100));
      assertThat(client.frame()).isEqualTo("ping ");
      for (int i = 0; i < message.length; i += 10) {
        client.send(Arrays.copyOfRange(message, i, Math.min(i + 10, message.length)));
        server.call(() -> await(sleep(Duration.ofMillis(200))));
      }
      client.send(frame(FIN | Opcode.PONG, ""));
      assertThat(client.frame()).isEqualTo("text " + "x".repeat(100));
    }
  }

  @Test
  void closesAClientWhoseMessageDoesNotGoOn() throws Exception {
    try (var server = new Server(pinging(300, 300), Handler::new);
        var client = server.connect()) {
      assertThat(client.frame()).isEqualTo("ping ");
      client.send(Wire.head(FIN | Opcode.TEXT, 100, true));
      assertThat(client.frame()).isEqualTo("close 1000 ping timed out");
    }
  }

  @Test
  void keepsOnlyTheLastPongForAClientThatDoesNotRead() throws Exception {
    try (var server = new Server(Handler::new);
        var client = server.connect()) {
      var ping = frame(FIN | Opcode.PING, "x".repeat(125));
      var pings = new byte[ping.length * 1000];
      for (int i = 0; i < 1000; i++) {
        System.arraycopy(ping, 0, pings, i * ping.length, ping.length);
      }
      for (int i = 0; i < 400; i++) {
        client.send(pings); // 52 MB of them: a pong for each would fill all buffers
      }
      client.send(text("behind"));
      int pongs = 0;
      for (var frame = client.frame(); !frame.equals("text behind"); frame = client.frame()) {
        assertThat(frame).startsWith("pong ");
        pongs++;
      }
      assertThat(pongs).isBetween(1, 399_999);
    }
  }

  @Test
  void letsAHandlerHaveItsOwnIntervals() throws Exception {
    class Pinging extends Handler {
      @Override
      protected Duration pingInterval() {
        return Duration.ofMillis(20);
      }

      @Override
      protected Duration pingTimeout() {
        return Duration.ZERO;
      }
    }
    try (var server = new Server(Pinging::new);
        var client = server.connect()) {
      assertThat(client.frame()).isEqualTo("ping ");
      assertThat(client.frame()).isEqualTo("ping ");
    }
  }
}
