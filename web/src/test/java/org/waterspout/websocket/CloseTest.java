// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.web.Application.settings;
import static org.waterspout.websocket.Wire.FIN;
import static org.waterspout.websocket.Wire.frame;
import static org.waterspout.websocket.Wire.hex;
import static org.waterspout.websocket.Wire.text;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.ioloop.LoopFuture;

/** The ways in which a WebSocket ends. */
class CloseTest {
  private final Server.Events events = new Server.Events();

  /** Does what its messages say. */
  private class Handler extends WebSocketHandler {
    @Override
    protected void onMessage(String message) throws Exception {
      switch (message) {
        case "close" -> close();
        case "close 4000" -> close(4000, "because");
        case "close reason" -> close("because");
        case "park" -> {
          events.add("parked");
          await(new LoopFuture<Void>());
        }
        case "send" -> {
          close();
          assertThat(writeMessage("too late")).isCompletedExceptionally();
          assertThat(ping()).isCompletedExceptionally();
          close(4001);
          close();
        }
        default -> events.add(message);
      }
    }

    @Override
    protected void onClose() {
      events.add("closed " + closeCode() + " " + closeReason());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void givesUpWhatIsAwaitedForAClientThatHasGoneIfItIsTold(boolean told) throws Exception {
    class Patient extends Handler {
      @Override
      protected void onMessage(String message) throws Exception {
        try {
          super.onMessage(message);
        } finally {
          events.add("gave up");
        }
      }
    }
    var settings = settings().cancelOnDisconnect(told).build();
    try (var server = new Server(settings, Patient::new)) {
      try (var client = server.connect()) {
        client.send(text("park"));
        assertThat(events.next()).isEqualTo("parked");
        client.reset();
      }
      assertThat(events.next()).startsWith("closed");
      if (told) {
        assertThat(events.next()).isEqualTo("gave up");
        server.turns(1);
        assertThat(server.thrown()).isEmpty();
      } else {
        server.turns(5);
        assertThat(events.isEmpty()).isTrue();
      }
    }
  }

  @Test
  void givesAClientItsTimeToCloseWhenItHasTakenWhatWasWrittenBefore() throws Exception {
    int half = 32 * 1024 * 1024; // much more than sockets hold
    class Sending extends WebSocketHandler {
      @Override
      protected void open() {
        writeMessage(new byte[half]);
        writeMessage(new byte[half]);
        close(4000, "the end");
        events.add("close is queued");
      }
    }
    var settings = settings().websocketMaxQueueSize(Integer.MAX_VALUE).build();
    try (var server = new Server(settings, Sending::new);
        var client = server.connect()) {
      assertThat(events.next()).isEqualTo("close is queued");
      server.pass(Duration.ofSeconds(4));
      assertThat(client.in.readNBytes(half)).hasSize(half);
      server.pass(Duration.ofSeconds(4)); // 8 since the close, 4 since something was taken
      assertThat(client.in.readNBytes(half + 20)).hasSize(half + 20); // two heads of ten bytes
      assertThat(client.frame()).isEqualTo("close 4000 the end");
      client.finishClose(4000);
    }
  }

  @ParameterizedTest
  @CsvSource({"close,'close '", "close 4000,close 4000 because", "close reason,close 1000 because"})
  void closesByItselfAndWaitsForTheClient(String message, String expected) throws Exception {
    try (var server = new Server(Handler::new);
        var client = server.connect()) {
      client.send(text(message));
      assertThat(client.frame()).isEqualTo(expected);
      client.send(text("still delivered"));
      assertThat(events.next()).isEqualTo("still delivered");
      client.finishClose(4711);
      assertThat(events.next()).isEqualTo("closed 4711 ");
    }
  }

  @ParameterizedTest
  @CsvSource({"'', 1005, ''", "03e8, 1000, 1000 ", "0bb862, 3000, 3000 "})
  void answersTheClientsCloseWithItsCode(String payload, int code, String answer) throws Exception {
    try (var server = new Server(Handler::new);
        var client = server.connect()) {
      client.send(
          frame(FIN | Opcode.CLOSE, hex(payload)), text("ignored"), frame(FIN | Opcode.PING, ""));
      assertThat(client.frame().strip()).isEqualTo(("close " + answer).strip());
      assertThat(client.frame()).isEqualTo("end");
      assertThat(events.next()).isEqualTo("closed " + code + (code == 3000 ? " b" : " "));
    }
  }

  @Test
  void sendsNothingBehindItsCloseFrame() throws Exception {
    try (var server = new Server(Handler::new);
        var client = server.connect()) {
      client.send(text("send"), frame(FIN | Opcode.PING, "no pong"));
      assertThat(client.frame()).isEqualTo("close ");
      client.finishClose(1000);
    }
  }

  @Test
  void givesUpOnAClientThatDoesNotClose() throws Exception {
    try (var server = new Server(Handler::new);
        var client = server.connect()) {
      client.send(text("close"));
      assertThat(client.frame()).isEqualTo("close ");
      server.pass(Duration.ofSeconds(5).minusNanos(1));
      assertThat(events.isEmpty()).as("not yet").isTrue();
      server.pass(Duration.ofNanos(1));
      assertThat(client.frame()).isEqualTo("end");
      assertThat(events.next()).isEqualTo("closed null null");
    }
  }

  @Test
  void tellsOfAClientThatGoesWithoutAWord() throws Exception {
    try (var server = new Server(Handler::new)) {
      server.connect().close();
      assertThat(events.next()).isEqualTo("closed null null");
      server.connect().reset();
      assertThat(events.next()).isEqualTo("closed null null");
      server.connect().send(hex("81ff")).close();
      assertThat(events.next()).isEqualTo("closed null null");
    }
  }

  @Test
  void deliversWhatCameBeforeTheEnd() throws Exception {
    try (var server = new Server(Handler::new)) {
      server.connect().send(text("a"), text("b"), Wire.close(1001)).close();
      assertThat(events.next()).isEqualTo("a");
      assertThat(events.next()).isEqualTo("b");
      assertThat(events.next()).isEqualTo("closed 1001 ");
    }
  }

  @Test
  void tellsOfALostClientWhileTheHandlerWaits() throws Exception {
    try (var server = new Server(Handler::new)) {
      var client = server.connect();
      client.send(text("park"));
      assertThat(events.next()).isEqualTo("parked");
      client.reset();
      assertThat(events.next()).isEqualTo("closed null null");
    }
  }

  @Test
  void tellsOfALostClientWhileOpenWaits() throws Exception {
    var release = new CompletableFuture<Void>();
    class Slow extends Handler {
      @Override
      protected void open() {
        events.add("open");
        await(release);
        assertThatThrownBy(() -> await(writeMessage("a")))
            .isInstanceOf(WebSocketClosedException.class);
        events.add("opened");
        await(writeMessage("throws"));
      }
    }
    try (var server = new Server(Slow::new)) {
      var client = server.connect();
      assertThat(events.next()).isEqualTo("open");
      client.reset();
      assertThat(events.next()).isEqualTo("closed null null");
      release.complete(null);
      assertThat(events.next()).isEqualTo("opened");
      server.call(() -> null);
      server.call(() -> null);
      assertThat(events.isEmpty()).as("closed once").isTrue();
      assertThat(server.thrown()).as("nobody's mistake").isEmpty();
    }
  }

  @Test
  void opensNothingForAClientThatHasGoneDuringPrepare() throws Exception {
    var release = new CompletableFuture<Void>();
    class Slow extends Handler {
      @Override
      protected void prepare() {
        events.add("prepare");
        await(release);
      }

      @Override
      protected void open() {
        events.add("open");
      }

      @Override
      protected void onConnectionClose() {
        events.add("gone");
      }

      @Override
      protected void onFinish() {
        events.add("finished");
      }
    }
    try (var server = new Server(Slow::new);
        var client = new RawWebSocket(server.port)) {
      client.send(Wire.utf8(RawWebSocket.REQUEST + "\r\n"));
      assertThat(events.next()).isEqualTo("prepare");
      client.reset();
      assertThat(events.next()).isEqualTo("gone");
      release.complete(null);
      assertThat(events.next()).isEqualTo("finished");
      assertThat(events.isEmpty()).isTrue();
      assertThat(server.thrown()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "8100,close 1002 a frame of a client is not masked",
    "c180,close 1002 RSV1 is set",
    "8380,close 1002 unknown opcode 3",
    "888100000000ff,close 1002 half a close code",
    "888200000000ffff,close 1002 close code 65535",
    "88830000000003e8ff,close 1007 a close reason that is not UTF-8",
    "818100000000ff,close 1007 a text that is not UTF-8",
    "81fe03e900000000,close 1009 a message of more than 1000 bytes",
  })
  void tellsAClientWhatItHasDoneWrong(String digits, String answer) throws Exception {
    try (var server = new Server(settings().websocketMaxMessageSize(1000).build(), Handler::new);
        var client = server.connect()) {
      client.send(hex(digits));
      assertThat(client.frame()).isEqualTo(answer);
      assertThat(client.frame()).as("the server's output").isEqualTo("end");
      client.send(new byte[100_000]); // in the middle of a long message, it would go on so
      client.close();
      assertThat(events.next()).isEqualTo("closed null null");
      assertThat(server.thrown()).isEmpty();
      var why = answer.substring(6).replaceFirst(" ", ": ");
      assertThat(server.messages()).anyMatch(m -> m.endsWith("127.0.0.1) closed with " + why));
    }
  }

  @Test
  void tellsAClientThatGoesOnSendingWhatItHasDoneWrong() throws Exception {
    try (var server = new Server(settings().websocketMaxMessageSize(1000).build(), Handler::new);
        var client = server.connect()) {
      client.send(Wire.head(FIN | Opcode.BINARY, 50_000_000, true));
      for (int i = 0; i < 50; i++) {
        client.send(new byte[1_000_000]);
      }
      assertThat(client.frame()).startsWith("close 1009 ");
    }
  }

  @Test
  void refusesCodesAndReasonsThatCannotBeSent() throws Exception {
    class Closing extends WebSocketHandler {
      @Override
      protected void open() {
        for (int code : new int[] {0, 999, 1004, 1005, 1006, 1010, 1015, 2000, 5000}) {
          assertThatThrownBy(() -> close(code)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> close("x".repeat(124)))
            .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ping(new byte[126])).isInstanceOf(IllegalArgumentException.class);
        close("x".repeat(123));
      }
    }
    try (var server = new Server(Closing::new);
        var client = server.connect()) {
      assertThat(client.frame()).isEqualTo("close 1000 " + "x".repeat(123));
    }
  }

  @Test
  void closesBehindWhatWaitsToBeSent() throws Exception {
    class Sending extends Handler {
      @Override
      protected void open() {
        writeMessage(new byte[10_000_000]);
        close(4000);
      }
    }
    try (var server = new Server(Sending::new);
        var client = server.connect()) {
      client.send(Wire.close(4000));
      assertThat(client.frame()).hasSize(3 + 20_000_000);
      assertThat(client.frame()).isEqualTo("close 4000 ");
      assertThat(client.frame()).isEqualTo("end");
      assertThat(events.next()).isEqualTo("closed 4000 ");
    }
  }
}
