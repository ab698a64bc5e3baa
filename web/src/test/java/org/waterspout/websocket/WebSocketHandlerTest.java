// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.sleep;
import static org.waterspout.websocket.Wire.FIN;
import static org.waterspout.websocket.Wire.frame;
import static org.waterspout.websocket.Wire.hex;
import static org.waterspout.websocket.Wire.text;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.waterspout.ioloop.IOLoop;

/** Messages between a handler and a client, byte for byte. */
class WebSocketHandlerTest {
  private final Server.Events events = new Server.Events();

  private class Recording extends WebSocketHandler {
    @Override
    protected void open() throws Exception {
      events.add("open");
    }

    @Override
    protected void onMessage(String message) throws Exception {
      events.add("text " + message);
    }

    @Override
    protected void onMessage(byte[] message) throws Exception {
      events.add("binary " + hex(message));
    }

    @Override
    protected void onPing(byte[] data) {
      events.add("ping " + hex(data));
    }

    @Override
    protected void onPong(byte[] data) {
      events.add("pong " + hex(data));
    }

    @Override
    protected void onClose() throws Exception {
      events.add("close " + closeCode() + " " + closeReason());
    }
  }

  @Test
  void deliversWhatComesAndAnswersPings() throws Exception {
    try (var server = new Server(Recording::new);
        var client = server.connect()) {
      client.send(
          text("a"),
          frame(FIN | Opcode.BINARY, hex("0102")),
          frame(Opcode.TEXT, "b"),
          frame(FIN | Opcode.PING, hex("0304")),
          frame(FIN, "c"),
          frame(FIN | Opcode.PONG, hex("05")),
          frame(FIN | Opcode.CLOSE, Wire.join(hex("0bb8"), Wire.utf8("bye"))));

      for (var expected :
          new String[] {
            "open", "text a", "binary 0102", "ping 0304", "text bc", "pong 05", "close 3000 bye"
          }) {
        assertThat(events.next()).isEqualTo(expected);
      }
      assertThat(client.frame()).isEqualTo("pong 0304");
      assertThat(client.frame()).isEqualTo("close 3000 ");
      assertThat(client.frame()).isEqualTo("end");
    }
  }

  @Test
  void readsFramesThatComeByteByByte() throws Exception {
    try (var server = new Server(Recording::new);
        var client = server.connect()) {
      for (byte b : Wire.join(text("grüße"), frame(Opcode.TEXT, "a"), frame(FIN, "b"))) {
        client.send(new byte[] {b});
      }

      assertThat(events.next()).isEqualTo("open");
      assertThat(events.next()).isEqualTo("text grüße");
      assertThat(events.next()).isEqualTo("text ab");
    }
  }

  @Test
  void deliversNoMessageBeforeTheCallForTheLastHasReturned() throws Exception {
    var release = new CompletableFuture<Void>();
    class Slow extends Recording {
      @Override
      protected void open() throws Exception {
        super.open();
        await(sleep(Duration.ZERO));
        events.add("opened");
      }

      @Override
      protected void onMessage(String message) throws Exception {
        super.onMessage(message);
        if (message.equals("a")) {
          await(release);
          events.add("a is done");
        }
      }
    }
    try (var server = new Server(Slow::new);
        var client = server.connect()) {
      client.send(text("a"), text("b"), frame(FIN | Opcode.PING, ""));
      assertThat(events.next()).isEqualTo("open");
      assertThat(events.next()).isEqualTo("opened");
      assertThat(events.next()).isEqualTo("text a");
      server.turns(20); // time to go wrong in
      assertThat(events.isEmpty()).isTrue();

      release.complete(null);

      assertThat(events.next()).isEqualTo("a is done");
      assertThat(events.next()).isEqualTo("text b");
      assertThat(events.next()).isEqualTo("ping ");
    }
  }

  @Test
  void holdsAClientBackWhileTheHandlerIsBusy() throws Exception {
    var release = new CompletableFuture<Void>();
    class Busy extends Recording {
      @Override
      protected void onMessage(String message) throws Exception {
        await(release);
        events.add(message);
      }
    }
    try (var server = new Server(Busy::new);
        var client = server.connect()) {
      var sent = new AtomicLong();
      var big = frame(FIN | Opcode.BINARY, new byte[1024 * 1024]);
      var sender =
          Thread.ofPlatform()
              .daemon()
              .start(
                  () -> {
                    try {
                      client.send(text("first"));
                      for (int i = 0; i < 64; i++) {
                        client.send(big);
                        sent.incrementAndGet();
                      }
                      client.send(text("last"));
                    } catch (Exception e) {
                      events.add(e.toString());
                    }
                  });
      assertThat(events.next()).isEqualTo("open");
      for (long before = -1; before != sent.get(); ) { // until it is stuck
        before = sent.get();
        server.turns(1000);
      }
      assertThat(sent.get()).isLessThan(40);

      release.complete(null);

      assertThat(events.next()).isEqualTo("first");
      for (int i = 0; i < 64; i++) {
        assertThat(events.next()).hasSize(7 + 2 * 1024 * 1024);
      }
      assertThat(events.next()).isEqualTo("last");
      sender.join();
    }
  }

  @Test
  void closesWith1011WhatOpenThrows() throws Exception {
    class Failing extends Recording {
      @Override
      protected void open() {
        throw new IllegalStateException("mine");
      }
    }
    try (var server = new Server(Failing::new);
        var client = server.connect()) {
      client.send(text("not delivered"));
      assertThat(client.frame()).isEqualTo("close 1011 ");
      client.finishClose(1011);
      assertThat(events.next()).isEqualTo("close 1011 ");
      assertThat(server.thrown()).extracting(Throwable::getMessage).containsExactly("mine");
    }
  }

  @Test
  void closesWith1011WhatOnMessageThrowsEvenAnError() throws Exception {
    class Failing extends Recording {
      @Override
      protected void onMessage(String message) throws Exception {
        await(sleep(Duration.ZERO));
        throw new AssertionError(message);
      }
    }
    try (var server = new Server(Failing::new);
        var client = server.connect()) {
      client.send(text("mine"), text("not delivered"), frame(FIN | Opcode.PING, "nor this"));
      assertThat(client.frame()).isEqualTo("close 1011 ");
      client.finishClose(1011);
      assertThat(events.next()).isEqualTo("open");
      assertThat(events.next()).isEqualTo("close 1011 ");
      assertThat(server.thrown()).extracting(Throwable::getMessage).containsExactly("mine");
    }
  }

  @Test
  void closesWith1011EvenIfLogExceptionThrows() throws Exception {
    class Failing extends Recording {
      @Override
      protected void onMessage(String message) {
        throw new IllegalStateException(message);
      }

      @Override
      protected void logException(Throwable thrown) {
        throw new IllegalArgumentException("as well");
      }
    }
    try (var server = new Server(Failing::new);
        var client = server.connect()) {
      client.send(text("mine"), text("not delivered"));
      assertThat(client.frame()).isEqualTo("close 1011 ");
      client.finishClose(1011);
      assertThat(events.next()).isEqualTo("open");
      assertThat(events.next()).isEqualTo("close 1011 ");
      assertThat(server.thrown())
          .extracting(Throwable::getMessage)
          .containsExactly("as well", "mine");
    }
  }

  @Test
  void survivesAnOnCloseThatThrows() throws Exception {
    class Failing extends Recording {
      @Override
      protected void onClose() throws Exception {
        super.onClose();
        throw new IllegalStateException("mine");
      }
    }
    try (var server = new Server(Failing::new)) {
      server.connect().close();
      assertThat(events.next()).isEqualTo("open");
      assertThat(events.next()).isEqualTo("close null null");
      server.connect().close();
      assertThat(events.next()).isEqualTo("open");
    }
  }

  @Test
  void logsWhatItsCallbacksThrowAndGoesOn() throws Exception {
    class Failing extends Recording {
      @Override
      protected void onMessage(String message) {
        IOLoop.current()
            .addCallback(
                () -> {
                  throw new IllegalStateException(message);
                });
        IOLoop.current().addCallback(() -> writeMessage("still there"));
      }
    }
    try (var server = new Server(Failing::new);
        var client = server.connect()) {
      client.send(text("mine"));
      assertThat(client.frame()).isEqualTo("text still there");
      assertThat(server.thrown()).extracting(Throwable::getMessage).containsExactly("mine");
    }
  }

  @Test
  void closesWith1003WhatIsNotOverridden() throws Exception {
    class Deaf extends WebSocketHandler {}
    try (var server = new Server(Deaf::new)) {
      try (var client = server.connect()) {
        client.send(text("a"));
        assertThat(client.frame()).isEqualTo("close 1003 no texts here");
        client.finishClose(1003);
      }
      try (var client = server.connect()) {
        client.send(frame(FIN | Opcode.BINARY, "a"), text("b"));
        assertThat(client.frame()).isEqualTo("close 1003 no binary messages here");
        client.finishClose(1003);
      }
    }
  }

  @Test
  void refusesWhatWouldChangeTheAnswerAfterIt() throws Exception {
    class Late extends WebSocketHandler {
      @Override
      protected void onMessage(String message) {
        switch (message) {
          case "write" -> write("x");
          case "setHeader" -> setHeader("a", "b");
          case "setStatus" -> setStatus(200);
          case "setCookie" -> setCookie("a", "b");
          case "redirect" -> redirect("/");
          case "flush" -> flush();
          case "finish" -> finish();
          case "clear" -> clear();
          case "sendError" -> sendError(500);
          case "detach" -> detach();
          default -> throw new AssertionError(message);
        }
      }
    }
    try (var server = new Server(Late::new)) {
      for (var method :
          new String[] {
            "write",
            "setHeader",
            "setStatus",
            "setCookie",
            "redirect",
            "flush",
            "finish",
            "clear",
            "sendError",
            "detach"
          }) {
        try (var client = server.connect()) {
          client.send(text(method));
          assertThat(client.frame()).as(method).isEqualTo("close 1011 ");
        }
      }
      assertThat(server.thrown()).hasSize(10).hasOnlyElementsOfType(IllegalStateException.class);
    }
  }

  @Test
  void hasNoConnectionBeforeTheHandshake() throws Exception {
    class Early extends WebSocketHandler {
      @Override
      protected void prepare() {
        assertThatThrownBy(() -> writeMessage("a")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> close(1000)).isInstanceOf(IllegalStateException.class);
        assertThat(selectedSubprotocol()).isNull();
      }
    }
    try (var server = new Server(Early::new);
        var client = server.connect()) {
      assertThat(client.socket.isConnected()).isTrue();
    }
  }
}
