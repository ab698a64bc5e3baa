// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.sleep;
import static org.waterspout.web.Application.settings;
import static org.waterspout.websocket.Wire.FIN;
import static org.waterspout.websocket.Wire.frame;
import static org.waterspout.websocket.Wire.hex;
import static org.waterspout.websocket.Wire.text;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;

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
  void sendsTextsBytesAndJSON() throws Exception {
    class Sending extends WebSocketHandler {
      @Override
      protected void open() {
        writeMessage("é");
        writeMessage(hex("00ff"));
        writeMessage(Map.of("a", 1));
        writeJSONMessage(new int[] {1, 2});
        ping();
        ping(hex("01"));
        writeMessage("");
        writeMessage("x".repeat(126));
      }
    }
    try (var server = new Server(Sending::new);
        var client = server.connect()) {
      assertThat(client.in.readNBytes(4)).isEqualTo(hex("8102c3a9"));
      assertThat(client.frame()).isEqualTo("82 00ff");
      assertThat(client.frame()).isEqualTo("text {\"a\":1}");
      assertThat(client.frame()).isEqualTo("text [1,2]");
      assertThat(client.frame()).isEqualTo("ping ");
      assertThat(client.frame()).isEqualTo("ping 01");
      assertThat(client.frame()).isEqualTo("text ");
      assertThat(client.in.readNBytes(4)).isEqualTo(hex("817e007e"));
    }
  }

  @Test
  void sendsFromAnyThreadInOrder() throws Exception {
    var handler = new CompletableFuture<WebSocketHandler>();
    class Shared extends WebSocketHandler {
      @Override
      protected void open() {
        handler.complete(this);
      }
    }
    try (var server = new Server(Shared::new);
        var client = server.connect()) {
      var opened = handler.get(20, TimeUnit.SECONDS);
      var threads =
          IntStream.range(0, 4)
              .mapToObj(
                  t ->
                      Thread.ofPlatform()
                          .start(
                              () -> {
                                for (int i = 0; i < 100; i++) {
                                  opened.writeMessage(t + " " + i);
                                }
                              }))
              .toList();
      var next = new int[4];
      for (int i = 0; i < 400; i++) {
        var words = client.frame().split(" ");
        assertThat(Integer.parseInt(words[2])).isEqualTo(next[Integer.parseInt(words[1])]++);
      }
      for (var thread : threads) {
        thread.join();
      }
      opened.writeMessage("waited for").get(20, TimeUnit.SECONDS);
      opened.close(4000, "from outside");
      assertThat(client.frame()).isEqualTo("text waited for");
      assertThat(client.frame()).isEqualTo("close 4000 from outside");
    }
  }

  @Test
  void deliversNoMessageBeforeTheCallForTheLastHasReturned() throws Exception {
    var release = new CompletableFuture<Void>();
    class Slow extends Recording {
      @Override
      protected void open() throws Exception {
        super.open();
        await(sleep(Duration.ofMillis(1)));
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
      server.call(() -> await(sleep(Duration.ofMillis(50)))); // time to go wrong in
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
        server.call(() -> await(sleep(Duration.ofMillis(200))));
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
  void awaitsRoomForWhatItSends() throws Exception {
    var written = new CompletableFuture<LoopFuture<Void>>();
    class Flooding extends WebSocketHandler {
      @Override
      protected void open() {
        var future = writeMessage(new byte[10 * 1024 * 1024]);
        written.complete(future);
        await(future);
        writeMessage("done");
      }
    }
    try (var server = new Server(Flooding::new);
        var client = server.connect()) {
      assertThat(written.get(20, TimeUnit.SECONDS).isDone()).isFalse();

      assertThat(client.frame()).hasSize(3 + 20 * 1024 * 1024);
      assertThat(client.frame()).isEqualTo("text done");
    }
  }

  @Test
  void cutsAClientThatDoesNotTakeWhatItIsSent() throws Exception {
    var failed = new CompletableFuture<LoopFuture<Void>>();
    class Careless extends Recording {
      @Override
      protected void open() {
        LoopFuture<Void> last = null;
        while (last == null || !last.isCompletedExceptionally()) {
          last = writeMessage(new byte[100_000]);
        }
        failed.complete(last);
      }
    }
    try (var server =
            new Server(settings().websocketMaxQueueSize(1_000_000).build(), Careless::new);
        var client = server.connect()) {
      assertThatThrownBy(() -> failed.get(20, TimeUnit.SECONDS).get())
          .hasCauseInstanceOf(WebSocketClosedException.class);
      assertThat(events.next()).isEqualTo("close null null");
      assertThat(server.messages()).anyMatch(m -> m.contains("was cut"));
      assertThat(client.socket.isConnected()).isTrue();
    }
  }

  @Test
  void countsWhatOtherThreadsSendTooWhileTheLoopIsBusy() throws Exception {
    var handler = new CompletableFuture<WebSocketHandler>();
    class Shared extends Recording {
      @Override
      protected void open() {
        handler.complete(this);
      }
    }
    try (var server = new Server(settings().websocketMaxQueueSize(1_000_000).build(), Shared::new);
        var client = server.connect()) {
      var opened = handler.get(20, TimeUnit.SECONDS);
      var refused =
          server.call(
              () -> {
                var result = new CompletableFuture<Boolean>();
                Thread.ofPlatform()
                    .start(
                        () -> {
                          var any = false;
                          for (int i = 0; i < 20; i++) {
                            any |=
                                opened.writeMessage(new byte[100_000]).isCompletedExceptionally();
                          }
                          result.complete(any);
                        })
                    .join();
                return result.join();
              });
      assertThat(refused).isTrue();
      assertThat(events.next()).isEqualTo("close null null");
      assertThat(client.socket.isConnected()).isTrue();
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
      client.send(text("mine"), text("not delivered"));
      assertThat(client.frame()).isEqualTo("close 1011 ");
      client.finishClose(1011);
      assertThat(events.next()).isEqualTo("open");
      assertThat(events.next()).isEqualTo("close 1011 ");
      assertThat(server.thrown()).extracting(Throwable::getMessage).containsExactly("mine");
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

  @Test
  void compressesInBothDirections() throws Exception {
    class Echo extends WebSocketHandler {
      @Override
      protected CompressionOptions compressionOptions() {
        return CompressionOptions.DEFAULT;
      }

      @Override
      protected void onMessage(String message) {
        writeMessage(message);
      }
    }
    try (var server = new Server(Echo::new)) {
      try (var client = new RawWebSocket(server.port)) {
        client.upgrade("Sec-WebSocket-Extensions: permessage-deflate\r\n");
        client.send(frame(0xc1, hex("f248cdc9c90700")), frame(0xc1, hex("f200110000")));
        assertThat(client.frame()).isEqualTo("c1 f248cdc9c90700");
        assertThat(client.frame()).isEqualTo("c1 f200110000");
      }
      try (var client = server.connect()) { // without the extension
        client.send(text("Hello"));
        assertThat(client.frame()).isEqualTo("text Hello");
        client.send(frame(0xc1, hex("f248cdc9c90700")));
        assertThat(client.frame()).startsWith("close 1002 ");
      }
    }
  }

  @Test
  void keepsNoContextsIfTheHandlerWantsNone() throws Exception {
    class Echo extends WebSocketHandler {
      @Override
      protected CompressionOptions compressionOptions() {
        return CompressionOptions.DEFAULT.withoutContextTakeover();
      }

      @Override
      protected void onMessage(String message) {
        writeMessage(message);
      }
    }
    try (var server = new Server(Echo::new);
        var client = new RawWebSocket(server.port)) {
      client.upgrade("Sec-WebSocket-Extensions: permessage-deflate\r\n");
      for (int i = 0; i < 3; i++) {
        client.send(frame(0xc1, hex("f248cdc9c90700")));
        assertThat(client.frame()).isEqualTo("c1 f248cdc9c90700");
      }
      client.send(frame(0xc1, hex("f200110000"))); // refers to what was forgotten
      assertThat(client.frame()).startsWith("close 1007 ");
    }
  }
}
