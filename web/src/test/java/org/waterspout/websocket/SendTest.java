// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.web.Application.settings;
import static org.waterspout.websocket.Wire.frame;
import static org.waterspout.websocket.Wire.hex;
import static org.waterspout.websocket.Wire.text;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.waterspout.http.HTTPServerOptions;
import org.waterspout.ioloop.LoopFuture;

/** What a handler sends, and what becomes of it if the client does not take it. */
class SendTest {
  private final Server.Events events = new Server.Events();

  private class Recording extends WebSocketHandler {
    @Override
    protected void onClose() throws Exception {
      events.add("close " + closeCode() + " " + closeReason());
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
  void awaitsRoomForWhatItSends() throws Exception {
    var written = new CompletableFuture<LoopFuture<Void>>();
    class Flooding extends WebSocketHandler {
      @Override
      protected void open() {
        var future = writeMessage(new byte[20 * 1024 * 1024]); // more than sockets hold
        written.complete(future);
        await(future);
        writeMessage("done");
      }
    }
    try (var server = new Server(Flooding::new);
        var client = server.connect()) {
      assertThat(written.get(20, TimeUnit.SECONDS).isDone()).isFalse();

      assertThat(client.frame()).hasSize(3 + 40 * 1024 * 1024);
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
      assertThat(server.messages()).anyMatch(m -> m.contains("GET \"/ws\", 127.0.0.1) was cut: "));
      assertThat(client.socket.isConnected()).isTrue();
    }
  }

  @Test
  void cutsAClientThatTakesNothingForTheStallTimeout() throws Exception {
    class Patient extends Recording {
      @Override
      protected void open() {
        try {
          await(writeMessage(new byte[64 * 1024 * 1024])); // more than sockets hold
        } catch (WebSocketClosedException e) {
          events.add(String.valueOf(e.getCause()));
          throw e;
        }
      }
    }
    var limit = Duration.ofSeconds(1);
    var options = HTTPServerOptions.builder().stallTimeout(limit).build();
    try (var server = new Server(settings().build(), options, Patient::new);
        var client = server.connect()) {
      for (int i = 0; events.isEmpty(); i++) { // its socket may still take something
        assertThat(i).as("times the limit").isLessThan(1000);
        server.pass(limit);
      }
      assertThat(List.of(events.next(), events.next()))
          .containsExactlyInAnyOrder(
              "java.io.IOException: the peer has taken nothing for too long", "close null null");
      assertThat(server.messages())
          .anyMatch(m -> m.endsWith("GET \"/ws\", 127.0.0.1) was cut: its peer takes nothing"));
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
