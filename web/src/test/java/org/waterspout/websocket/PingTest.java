// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.web.Application.settings;
import static org.waterspout.websocket.Wire.FIN;
import static org.waterspout.websocket.Wire.frame;
import static org.waterspout.websocket.Wire.text;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.waterspout.web.Settings;

/** Pings that the server sends, and those that it answers. */
class PingTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

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

  private static Settings pinging(Duration interval, Duration timeout) {
    return settings().websocketPingInterval(interval).websocketPingTimeout(timeout).build();
  }

  @Test
  void pingsAtIntervals() throws Exception {
    class Listening extends Handler {
      @Override
      protected void onPong(byte[] data) {
        events.add("pong");
      }
    }
    try (var server = new Server(settings().websocketPingInterval(SECOND).build(), Listening::new);
        var client = server.connect()) {
      for (int i = 0; i < 4; i++) {
        server.pass(SECOND.minusNanos(1));
        assertThat(client.in.available()).as("too early").isZero();
        server.pass(Duration.ofNanos(1));
        assertThat(client.frame()).isEqualTo("ping ");
        client.send(frame(FIN | Opcode.PONG, ""));
        assertThat(events.next()).isEqualTo("pong");
      }
    }
  }

  @Test
  void closesAClientThatDoesNotAnswer() throws Exception {
    try (var server = new Server(pinging(SECOND, SECOND.dividedBy(2)), Handler::new);
        var client = server.connect()) {
      client.send(text("I am here"));
      assertThat(client.frame()).isEqualTo("text I am here");
      server.pass(SECOND);
      assertThat(client.frame()).isEqualTo("ping ");
      server.pass(SECOND.dividedBy(2).minusNanos(1));
      assertThat(client.in.available()).as("too early").isZero();
      server.pass(Duration.ofNanos(1));
      assertThat(client.frame()).isEqualTo("close 1000 ping timed out");
      client.finishClose(1000);
      assertThat(events.next()).isEqualTo("closed 1000");
    }
  }

  @Test
  void takesAsLongAPauseAsTheIntervalAtMost() throws Exception {
    try (var server = new Server(pinging(SECOND, SECOND.multipliedBy(100)), Handler::new);
        var client = server.connect()) {
      server.pass(SECOND);
      assertThat(client.frame()).isEqualTo("ping ");
      server.pass(SECOND);
      assertThat(client.frame()).isEqualTo("close 1000 ping timed out");
    }
  }

  @Test
  void waitsForeverIfThereIsNoTimeout() throws Exception {
    try (var server = new Server(pinging(SECOND, Duration.ZERO), Handler::new);
        var client = server.connect()) {
      for (int i = 0; i < 10; i++) {
        server.pass(SECOND);
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
        events.add("busy");
        await(release);
        super.onMessage(message);
      }
    }
    try (var server = new Server(pinging(SECOND, SECOND), Busy::new);
        var client = server.connect()) {
      client.send(text("wait"));
      assertThat(events.next()).isEqualTo("busy");
      server.pass(SECOND);
      assertThat(client.frame()).isEqualTo("ping ");
      client.send(frame(FIN | Opcode.PONG, ""));
      for (int i = 0; i < 5; i++) {
        server.pass(SECOND);
      }
      release.complete(null);
      assertThat(client.frame()).isEqualTo("text wait");
    }
  }

  @Test
  void blamesNoClientForALongMessageThatIsStillOnItsWay() throws Exception {
    try (var server = new Server(pinging(SECOND, SECOND), Handler::new);
        var client = server.connect()) {
      server.pass(SECOND);
      assertThat(client.frame()).isEqualTo("ping ");
      for (int i = 0; i < 10; i++) {
        client.send(frame(i == 0 ? Opcode.TEXT : Opcode.CONTINUATION, "x".repeat(10)));
        client.send(frame(FIN | Opcode.PING, "")); // so that we learn when it has arrived
        assertThat(client.frame()).isEqualTo("pong ");
        server.pass(SECOND.dividedBy(5));
      }
      client.send(frame(FIN | Opcode.CONTINUATION, ""), frame(FIN | Opcode.PONG, ""));
      assertThat(client.frame()).isEqualTo("text " + "x".repeat(100));
    }
  }

  @Test
  void closesAClientWhoseMessageDoesNotGoOn() throws Exception {
    try (var server = new Server(pinging(SECOND, SECOND), Handler::new);
        var client = server.connect()) {
      server.pass(SECOND);
      assertThat(client.frame()).isEqualTo("ping ");
      client.send(Wire.head(FIN | Opcode.TEXT, 100, true));
      server.pass(SECOND);
      server.pass(SECOND);
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
        return SECOND;
      }

      @Override
      protected Duration pingTimeout() {
        return Duration.ZERO;
      }
    }
    try (var server = new Server(Pinging::new);
        var client = server.connect()) {
      for (int i = 0; i < 2; i++) {
        server.pass(SECOND);
        assertThat(client.frame()).isEqualTo("ping ");
      }
    }
  }
}
