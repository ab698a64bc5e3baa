// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.websocket.WebSocketClientConnection.websocketConnect;
import static org.waterspout.websocket.Wire.FIN;
import static org.waterspout.websocket.Wire.serverClose;
import static org.waterspout.websocket.Wire.serverFrame;
import static org.waterspout.websocket.Wire.serverText;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.waterspout.gen.Gen;
import org.waterspout.http.HTTPInputException;
import org.waterspout.http.HTTPServerOptions;
import org.waterspout.http.RawServer;
import org.waterspout.http.TestTLS;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.iostream.StreamClosedException;
import org.waterspout.tcp.SSLOptions;
import org.waterspout.testing.ExpectLog;
import org.waterspout.testing.FakeClock;
import org.waterspout.testing.GenTest;
import org.waterspout.web.Application;

/** The client, with our own server and with servers that send what the test says. */
class WebSocketClientTest {
  private static final byte[] NO_DATA = {};

  private static class Echo extends WebSocketHandler {
    @Override
    protected @Nullable CompressionOptions compressionOptions() {
      return switch (request().path()) {
        case "/ws/compressed" -> CompressionOptions.DEFAULT;
        case "/ws/forgetting" -> CompressionOptions.DEFAULT.withoutContextTakeover();
        default -> null;
      };
    }

    @Override
    protected @Nullable String selectSubprotocol(List<String> subprotocols) {
      return subprotocols.contains("second") ? "second" : null;
    }

    @Override
    protected void onMessage(String message) {
      if (message.equals("close")) {
        close(4001, "as you wish");
      } else {
        await(writeMessage(message));
      }
    }

    @Override
    protected void onMessage(byte[] message) {
      await(writeMessage(message));
    }
  }

  private static String url(Server server, String path) {
    return "ws://127.0.0.1:" + server.port + "/ws" + path;
  }

  private static String url(RawServer server) {
    return "ws://127.0.0.1:" + server.port() + "/ws?q";
  }

  private interface Script {
    void run(RawWebSocket peer) throws Exception;
  }

  private static RawServer raw(Script script) throws IOException {
    return RawServer.ofSockets(socket -> script.run(new RawWebSocket(socket)));
  }

  /** All messages to the end, texts as they are and the sizes of the others. */
  private static List<String> rest(WebSocketClientConnection connection) {
    List<String> all = new ArrayList<>();
    for (var m = await(connection.readMessage()); m != null; m = await(connection.readMessage())) {
      all.add(
          switch (m) {
            case WebSocketMessage.Text(var text) -> text;
            case WebSocketMessage.Binary(var bytes) -> bytes.length + " bytes";
          });
    }
    return all;
  }

  // ---- messages

  @GenTest(timeout = 20)
  void exchangesMessages() throws Exception {
    for (String path : List.of("", "/compressed", "/forgetting")) {
      for (var compression :
          new CompressionOptions[] {
            null, CompressionOptions.DEFAULT, CompressionOptions.DEFAULT.withoutContextTakeover()
          }) {
        var options = WebSocketClientOptions.builder();
        if (compression != null) {
          options.compression(compression);
        }
        if (compression != null && compression.serverNoContextTakeover() && path.isEmpty()) {
          continue;
        }
        try (var server = new Server(Echo::new)) {
          var connection = await(websocketConnect(url(server, path), options.build()));
          assertThat(connection.headers().contains("Sec-WebSocket-Extensions"))
              .isEqualTo(compression != null && !path.isEmpty());
          for (String text : List.of("a", "", "gr\u00fc\u00dfe", "x".repeat(1_000_000), "x")) {
            await(connection.writeMessage(text));
            assertThat(await(connection.readMessage()).text()).isEqualTo(text);
          }
          var bytes = new byte[70_000];
          connection.writeMessage(bytes);
          var answer = await(connection.readMessage());
          assertThat(answer.bytes()).isEqualTo(bytes);
          assertThatThrownBy(answer::text).isInstanceOf(IllegalStateException.class);
          connection.writeMessage(Map.of("a", 1));
          assertThat(await(connection.readMessage()).text()).isEqualTo("{\"a\":1}");
          connection.writeMessage("close");
          assertThat(await(connection.readMessage())).isNull();
          assertThat(await(connection.readMessage())).isNull();
          assertThat(connection.closeCode()).isEqualTo(4001);
          assertThat(connection.closeReason()).isEqualTo("as you wish");
          assertThat(connection.writeMessage("late")).isCompletedExceptionally();
        }
      }
    }
  }

  @GenTest(timeout = 20)
  void sendsTheHandshakeAndMasksWhatItSends() throws Exception {
    var head = new CompletableFuture<String>();
    var frames = new LoopFuture<List<String>>();
    try (var server =
        raw(
            peer -> {
              var request = peer.head();
              head.complete(request);
              peer.send(Wire.utf8(RawWebSocket.answer(request, "X-Answer: yes\r\n")));
              var seen = new ArrayList<String>();
              for (int i = 0; i < 5; i++) {
                seen.add(peer.frame());
              }
              frames.complete(seen);
              peer.send(serverClose(1000));
            })) {
      var options =
          WebSocketClientOptions.builder()
              .header("Origin", "http://a")
              .subprotocols("x", "y")
              .build();
      var connection = await(websocketConnect(url(server), options));
      assertThat(connection.headers().get("X-Answer")).isEqualTo("yes");
      assertThat(connection.selectedSubprotocol()).isNull();
      connection.writeMessage("hello");
      connection.writeMessage(new byte[] {1, 2});
      connection.ping();
      connection.ping(new byte[] {3});
      connection.close(4000, "bye");
      assertThat(await(frames))
          .containsExactly("*text hello", "*82 0102", "*ping ", "*ping 03", "*close 4000 bye");
      assertThat(rest(connection)).isEmpty();
      assertThat(connection.closeCode()).isEqualTo(1000);
      assertThat(head.get())
          .matches(
              "GET /ws\\?q HTTP/1.1\r\nHost: 127.0.0.1:\\d+\r\nOrigin: http://a\r\n"
                  + "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                  + "Sec-WebSocket-Key: [A-Za-z0-9+/]{22}==\r\nSec-WebSocket-Version: 13\r\n"
                  + "Sec-WebSocket-Protocol: x, y\r\n\r\n");
    }
  }

  @GenTest(timeout = 20)
  void agreesOnASubprotocol() throws Exception {
    try (var server = new Server(Echo::new)) {
      var options = WebSocketClientOptions.builder().subprotocols("first", "second").build();
      var connection = await(websocketConnect(url(server, ""), options));
      assertThat(connection.selectedSubprotocol()).isEqualTo("second");
      connection.close();
      assertThat(rest(connection)).isEmpty();
      assertThat(connection.closeCode()).isEqualTo(1005);
    }
  }

  @GenTest(timeout = 60)
  void messagesDoNotDependOnHowTheyArrive() throws Exception {
    var wire =
        Wire.join(
            serverText("one"),
            serverFrame(Opcode.TEXT, Wire.utf8("tw")),
            serverFrame(FIN | Opcode.PING, new byte[] {7}),
            serverFrame(FIN, Wire.utf8("o")),
            serverFrame(FIN | Opcode.BINARY, new byte[200]),
            serverClose(3000));
    int head = RawWebSocket.answer(RawWebSocket.REQUEST, "").length();
    var next = new AtomicInteger();
    try (var server =
        raw(
            peer -> {
              var all = Wire.join(Wire.utf8(RawWebSocket.answer(peer.head(), "")), wire);
              int split = next.getAndIncrement();
              peer.socket.getOutputStream().write(all, 0, split);
              Thread.yield();
              peer.socket.getOutputStream().write(all, split, all.length - split);
              assertThat(peer.frame()).isEqualTo("*pong 07");
              assertThat(peer.frame()).isEqualTo("*close 3000 ");
            })) {
      for (int split = 0; split < head + wire.length; split++) {
        var connection = await(websocketConnect(url(server)));
        assertThat(rest(connection))
            .as("split at " + split)
            .containsExactly("one", "two", "200 bytes");
        assertThat(connection.closeCode()).isEqualTo(3000);
      }
    }
  }

  // ---- what the server does wrong

  private record Bad(int closeCode, byte[] wire) {}

  @GenTest(timeout = 30)
  void closesServersThatBreakTheProtocol() throws Exception {
    var bad =
        List.of(
            new Bad(1002, Wire.text("masked")),
            new Bad(1002, serverFrame(FIN | 0x40 | Opcode.TEXT, Wire.utf8("RSV1"))),
            new Bad(1002, serverFrame(FIN | 0x3, NO_DATA)),
            new Bad(1002, serverFrame(FIN | 0xb, NO_DATA)),
            new Bad(1002, serverFrame(FIN, Wire.utf8("continued"))),
            new Bad(1002, serverFrame(Opcode.PING, NO_DATA)),
            new Bad(1002, Wire.head(FIN | Opcode.PING, 126, false)),
            new Bad(1002, serverClose(1005)),
            new Bad(1002, serverFrame(FIN | Opcode.CLOSE, new byte[1])),
            new Bad(
                1002,
                Wire.join(
                    serverFrame(Opcode.TEXT, Wire.utf8("a")),
                    serverFrame(FIN | Opcode.TEXT, Wire.utf8("b")))),
            new Bad(1007, serverFrame(FIN | Opcode.TEXT, new byte[] {(byte) 0xff})),
            new Bad(1009, Wire.head(FIN | Opcode.BINARY, 1001, false)),
            new Bad(1009, Wire.head(FIN | Opcode.BINARY, Long.MAX_VALUE, false)));
    for (var one : bad) {
      var seen = new LoopFuture<String>();
      try (var server =
          raw(
              peer -> {
                peer.accept("").send(serverText("good"), one.wire());
                seen.complete(peer.frame());
              })) {
        var options = WebSocketClientOptions.builder().maxMessageSize(1000).build();
        var connection = await(websocketConnect(url(server), options));
        assertThat(rest(connection)).containsExactly("good");
        assertThat(await(seen)).startsWith("*close " + one.closeCode() + " ");
        assertThat(connection.closeCode()).isNull();
      }
    }
  }

  @GenTest(timeout = 30)
  void theLimitOfMessagesCountsInflatedBytes() throws Exception {
    var seen = new LoopFuture<String>();
    var deflated = new Deflation(6, false).deflate(new byte[1001]);
    var payload = new byte[deflated.remaining()];
    deflated.get(payload);
    try (var server =
        raw(
            peer -> {
              peer.accept("Sec-WebSocket-Extensions: permessage-deflate\r\n");
              peer.send(serverFrame(FIN | 0x40 | Opcode.BINARY, payload));
              seen.complete(peer.frame());
            })) {
      var options =
          WebSocketClientOptions.builder()
              .maxMessageSize(1000)
              .compression(CompressionOptions.DEFAULT)
              .build();
      var connection = await(websocketConnect(url(server), options));
      assertThat(rest(connection)).isEmpty();
      assertThat(await(seen)).startsWith("*close 1009 ");
    }
  }

  @GenTest(timeout = 20)
  void aConnectionThatBreaksHasNoCloseCode() throws Exception {
    for (boolean reset : List.of(false, true)) {
      try (var server =
          raw(
              peer -> {
                peer.accept("").send(serverText("a"));
                assertThat(peer.frame()).isEqualTo("*text go");
                if (reset) {
                  peer.reset();
                }
              })) {
        var connection = await(websocketConnect(url(server)));
        assertThat(await(connection.readMessage()).text()).isEqualTo("a");
        connection.writeMessage("go");
        assertThat(rest(connection)).isEmpty();
        assertThat(connection.closeCode()).isNull();
        assertThat(connection.closeReason()).isNull();
      }
    }
  }

  // ---- handshakes that fail

  private static Throwable failure(LoopFuture<WebSocketClientConnection> connecting) {
    try {
      var connection = await(connecting);
      throw new AssertionError("connected: " + connection.headers());
    } catch (CompletionException e) { // of a checked one
      return e.getCause();
    } catch (Exception e) {
      return e;
    }
  }

  @GenTest(timeout = 20)
  void aRefusalSaysWhatWasAnswered() throws Exception {
    for (String answer :
        List.of(
            "HTTP/1.1 403 Forbidden\r\nX: y\r\nContent-Length: 2\r\n\r\nno",
            "HTTP/1.1 302 Found\r\nX: y\r\nLocation: /\r\n\r\nno",
            "HTTP/1.1 200 OK\r\nX: y\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n",
            "HTTP/1.1 103 X\r\n\r\nHTTP/1.1 500 X\r\nX: y\r\nContent-Length: 20\r\n\r\nno")) {
      try (var server =
          raw(
              peer -> {
                peer.head();
                peer.send(Wire.utf8(answer));
              })) {
        assertThat(failure(websocketConnect(url(server))))
            .isInstanceOfSatisfying(
                WebSocketHandshakeException.class,
                e -> {
                  assertThat(answer).contains(" " + e.status() + " ");
                  assertThat(e.headers().get("X")).isEqualTo("y");
                  assertThat(e.body()).asString().isEqualTo("no");
                });
      }
    }
  }

  @GenTest(timeout = 20)
  void keepsNoMoreThanALimitOfARefusal() throws Exception {
    try (var server =
        raw(
            peer -> {
              peer.head();
              peer.send(Wire.utf8("HTTP/1.1 404 X\r\n\r\n" + "x".repeat(60_000)));
              try {
                peer.send(new byte[1_000_000]);
              } catch (IOException e) {
                // the client has had enough
              }
            })) {
      assertThat(failure(websocketConnect(url(server))))
          .isInstanceOfSatisfying(
              WebSocketHandshakeException.class,
              e -> assertThat(e.body()).hasSizeBetween(60_000, 64 * 1024));
    }
  }

  @GenTest(timeout = 20)
  void brokenAnswersAreNoConnection() throws Exception {
    for (String answer :
        List.of(
            "HTTP/1.1 101 Switching Protocols\r\n\r\n",
            RawWebSocket.answer(RawWebSocket.REQUEST, ""),
            "SSH-2.0-x\r\n",
            "HTTP/1.1 101\r\n folded\r\n\r\n",
            "HTTP/1.1 101 X\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 101 X\r\nUpgrade: websocket",
            "")) {
      try (var server =
          raw(
              peer -> {
                peer.head();
                peer.send(Wire.utf8(answer));
                if (!answer.isEmpty() && !answer.endsWith("websocket")) {
                  assertThat(peer.in.read()).as("the client closes").isEqualTo(-1);
                }
              })) {
        assertThat(failure(websocketConnect(url(server))))
            .as(answer)
            .isInstanceOfAny(
                WebSocketHandshakeException.class,
                HTTPInputException.class,
                StreamClosedException.class);
      }
    }
  }

  @GenTest(timeout = 20)
  void refusesWhatCannotBeAskedFor() throws Exception {
    var builder = WebSocketClientOptions.builder();
    for (var field :
        List.of(
            Map.entry("X", "a\r\nY: b"),
            Map.entry("X", "\n"),
            Map.entry("X\r\n", "a"),
            Map.entry("X", "\u0000"),
            Map.entry("", "a"),
            Map.entry("upgrade", "h2c"),
            Map.entry("Content-Length", "1"),
            Map.entry("Sec-WebSocket-Key", "a"))) {
      assertThatThrownBy(() -> builder.header(field.getKey(), field.getValue()))
          .as(field.toString())
          .isInstanceOf(IllegalArgumentException.class);
    }
    for (var names : new String[][] {{""}, {"a b"}, {"a\r\nX: y"}, {"a", "a"}, {"a,b"}}) {
      assertThatThrownBy(() -> builder.subprotocols(names))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> websocketConnect("ws://a/\r\nX: y"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.connectTimeout(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> WebSocketClientOptions.builder().maxMessageSize(-1).build())
        .isInstanceOf(IllegalArgumentException.class);
    try (var server = raw(peer -> assertThat(peer.in.read()).isEqualTo(-1))) {
      var badHost = WebSocketClientOptions.builder().header("Host", "a b").build();
      assertThat(failure(websocketConnect(url(server), badHost)))
          .isInstanceOf(org.waterspout.http.HTTPOutputException.class);
    }
  }

  @GenTest(timeout = 20)
  void aServerThatDoesNotAnswerIsLeft() throws Exception {
    var left = new LoopFuture<Integer>();
    try (var server =
        raw(
            peer -> {
              peer.head();
              left.complete(peer.in.read());
            })) {
      var options = WebSocketClientOptions.builder().connectTimeout(Duration.ofMillis(50)).build();
      assertThat(failure(websocketConnect(url(server), options)))
          .isInstanceOf(TimeoutException.class);
      assertThat(await(left)).isEqualTo(-1);
    }
  }

  @GenTest(timeout = 20)
  void cancellingTheConnectLeavesNothingOpen() throws Exception {
    var asked = new LoopFuture<Void>();
    var left = new LoopFuture<Integer>();
    try (var server =
        raw(
            peer -> {
              peer.head();
              asked.complete(null);
              left.complete(peer.in.read());
            })) {
      var connecting = websocketConnect(url(server));
      await(asked);
      connecting.cancel(true);
      assertThat(await(left)).isEqualTo(-1);
    }
    try (var server = raw(peer -> left.complete(peer.in.read()))) {
      websocketConnect(url(server)).cancel(true);
      await(Gen.moment());
      await(Gen.moment());
    }
  }

  @GenTest(timeout = 20)
  void fetchesNothingWhereNobodyListens() throws Exception {
    int port;
    try (var server = raw(peer -> {})) {
      port = server.port();
    }
    assertThat(failure(websocketConnect("ws://127.0.0.1:" + port)))
        .isInstanceOf(StreamClosedException.class);
  }

  // ---- the end

  @GenTest(timeout = 20)
  void letsTheServerCloseTheConnectionFirst() throws Exception {
    var order = new CompletableFuture<String>();
    try (var server =
        raw(
            peer -> {
              peer.accept("");
              assertThat(peer.frame()).isEqualTo("*close ");
              peer.send(serverClose(1000));
              peer.socket.setSoTimeout(300);
              try {
                order.complete("read " + peer.in.read());
              } catch (IOException e) {
                order.complete("still open");
              }
            })) {
      var connection = await(websocketConnect(url(server)));
      connection.close();
      assertThat(rest(connection)).isEmpty();
      assertThat(order.get()).isEqualTo("still open");
      assertThat(connection.closeCode()).isEqualTo(1000);
    }
  }

  @GenTest(timeout = 20)
  void aServerThatDoesNotCloseIsCut(FakeClock clock) throws Exception {
    var asked = new LoopFuture<Void>();
    try (var server =
        raw(
            peer -> {
              peer.accept("");
              assertThat(peer.frame()).isEqualTo("*close 1000 enough");
              asked.complete(null);
              assertThat(peer.in.read()).isEqualTo(-1);
            })) {
      var connection = await(websocketConnect(url(server)));
      connection.close("enough");
      connection.close(1001);
      await(asked);
      var end = connection.readMessage();
      clock.advance(Duration.ofSeconds(4));
      await(Gen.moment());
      assertThat(end).isNotDone();
      clock.advance(Duration.ofSeconds(2));
      assertThat(await(end)).isNull();
      assertThat(connection.closeCode()).isNull();
    }
  }

  @GenTest(timeout = 20)
  void whoClosesNeedNotReadWhatStillComes() throws Exception {
    var closed = new LoopFuture<Void>();
    try (var server =
        raw(
            peer -> {
              peer.accept("").send(serverText("1"), serverText("2"), serverText("3"));
              assertThat(peer.frame()).isEqualTo("*close ");
              peer.send(serverText("4"), serverClose(1000));
            })) {
      var options = WebSocketClientOptions.builder().onClose(() -> closed.complete(null)).build();
      var connection = await(websocketConnect(url(server), options));
      connection.close();
      await(closed);
      assertThat(connection.closeCode()).isEqualTo(1000);
      assertThat(rest(connection)).containsExactly("1");
    }
  }

  // ---- back-pressure

  @GenTest(timeout = 30)
  void whatNobodyReadsHoldsTheServerBack() throws Exception {
    var sent = new AtomicInteger();
    int all = 200;
    try (var server =
        raw(
            peer -> {
              peer.accept("");
              for (; sent.get() < all; sent.incrementAndGet()) {
                peer.send(serverFrame(FIN | Opcode.BINARY, new byte[300_000]));
              }
              peer.send(serverClose(1000));
              assertThat(peer.frame()).isEqualTo("*close 1000 ");
            })) {
      var connection = await(websocketConnect(url(server)));
      int before = -1;
      while (sent.get() != before) { // until the server is stuck
        before = sent.get();
        await(Gen.sleep(Duration.ofMillis(100)));
      }
      assertThat(before).isLessThan(all);
      assertThat(rest(connection)).hasSize(all);
      assertThat(connection.closeCode()).isEqualTo(1000);
    }
  }

  @GenTest(timeout = 20)
  void callbacksGetOneMessageAtATime() throws Exception {
    List<String> calls = new ArrayList<>();
    var closed = new LoopFuture<Void>();
    try (var server =
        raw(
            peer -> {
              peer.accept("").send(serverText("1"), serverText("2"), serverClose(1000));
              peer.frame();
            })) {
      var options =
          WebSocketClientOptions.builder()
              .onMessage(
                  message -> {
                    calls.add("<" + message.text());
                    await(Gen.moment());
                    await(Gen.moment());
                    calls.add(message.text() + ">");
                  })
              .onClose(() -> closed.complete(null))
              .build();
      var connection = await(websocketConnect(url(server), options));
      assertThatThrownBy(connection::readMessage).isInstanceOf(IllegalStateException.class);
      await(closed);
      assertThat(calls).containsExactly("<1", "1>", "<2", "2>");
    }
  }

  @GenTest(timeout = 20)
  void oneReadAtATime() throws Exception {
    try (var server = new Server(Echo::new)) {
      var connection = await(websocketConnect(url(server, "")));
      var first = connection.readMessage();
      assertThatThrownBy(connection::readMessage).isInstanceOf(IllegalStateException.class);
      first.cancel(false);
      var second = connection.readMessage();
      connection.writeMessage("a");
      assertThat(await(second).text()).isEqualTo("a");
      var cancelled = connection.readMessage();
      cancelled.cancel(false);
      connection.writeMessage("b");
      assertThat(await(connection.readMessage()).text()).isEqualTo("b");
      connection.close();
      assertThat(rest(connection)).isEmpty();
    }
  }

  @GenTest(timeout = 20)
  void whatACallbackThrowsClosesTheConnection() throws Exception {
    var seen = new LoopFuture<String>();
    try (var log =
            new ExpectLog("org.waterspout.application", "Uncaught exception in WebSocket to");
        var server =
            raw(
                peer -> {
                  peer.accept("").send(serverText("1"), serverText("2"));
                  seen.complete(peer.frame());
                  peer.send(serverClose(1000));
                })) {
      var closed = new LoopFuture<Void>();
      var count = new AtomicInteger();
      var options =
          WebSocketClientOptions.builder()
              .onMessage(
                  message -> {
                    count.incrementAndGet();
                    throw new IllegalArgumentException("mine");
                  })
              .onClose(() -> closed.complete(null))
              .build();
      await(websocketConnect(url(server), options));
      assertThat(await(seen)).isEqualTo("*close 1011 ");
      await(closed);
      assertThat(count).hasValue(1);
    }
  }

  @GenTest(timeout = 20)
  void messagesMayComeFromAnyThread() throws Exception {
    try (var server = new Server(Echo::new)) {
      var connection = await(websocketConnect(url(server, "")));
      var writer =
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; i < 100; i++) {
                      connection.writeMessage("" + i);
                    }
                    connection.close(4002, "done");
                  });
      List<String> all = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        var message = await(connection.readMessage());
        if (message == null) {
          break; // the server may close before it has echoed all
        }
        all.add(message.text());
      }
      writer.join();
      assertThat(all).isNotEmpty().startsWith("0");
      rest(connection);
      assertThat(connection.closeCode()).isEqualTo(4002);
    }
  }

  // ---- pings

  @GenTest(timeout = 20)
  void pingsGoBothWays() throws Exception {
    var pinged = new LoopFuture<String>();
    var ponged = new LoopFuture<String>();
    try (var server =
        raw(
            peer -> {
              peer.accept("").send(serverFrame(FIN | Opcode.PING, new byte[] {5}));
              assertThat(peer.frame()).isEqualTo("*pong 05");
              assertThat(peer.frame()).isEqualTo("*ping 06");
              peer.send(serverFrame(FIN | Opcode.PONG, new byte[] {6}), serverClose(1001));
              assertThat(peer.frame()).isEqualTo("*close 1001 ");
            })) {
      var options =
          WebSocketClientOptions.builder()
              .onPing(data -> pinged.complete(Wire.hex(data)))
              .onPong(data -> ponged.complete(Wire.hex(data)))
              .build();
      var connection = await(websocketConnect(url(server), options));
      assertThat(await(pinged)).isEqualTo("05");
      assertThatThrownBy(() -> connection.ping(new byte[126]))
          .isInstanceOf(IllegalArgumentException.class);
      connection.ping(new byte[] {6});
      assertThat(await(ponged)).isEqualTo("06");
      assertThat(rest(connection)).isEmpty();
      assertThat(connection.closeCode()).isEqualTo(1001);
    }
  }

  @GenTest(timeout = 20)
  void aServerThatDoesNotPongIsClosed() throws Exception {
    var seen = new LoopFuture<List<String>>();
    try (var server =
        raw(
            peer -> {
              peer.accept("");
              seen.complete(List.of(peer.frame(), peer.frame()));
            })) {
      var options =
          WebSocketClientOptions.builder()
              .pingInterval(Duration.ofMillis(60))
              .pingTimeout(Duration.ofMillis(30))
              .build();
      var connection = await(websocketConnect(url(server), options));
      assertThat(rest(connection)).isEmpty();
      assertThat(await(seen)).containsExactly("*ping ", "*close 1000 ping timed out");
    }
  }

  // ---- TLS

  @GenTest(timeout = 20)
  void connectsByTLS() throws Exception {
    var serving = HTTPServerOptions.builder().ssl(TestTLS.server().build()).build();
    try (var server = new Server(Application.settings().build(), serving, Echo::new)) {
      String url = "wss://localhost:" + server.port + "/ws";
      var options = WebSocketClientOptions.builder().ssl(SSLOptions.of(TestTLS.client())).build();
      var connection = await(websocketConnect(url, options));
      String large = "x".repeat(300_000);
      connection.writeMessage(large);
      assertThat(await(connection.readMessage()).text()).isEqualTo(large);
      connection.writeMessage("close");
      assertThat(rest(connection)).isEmpty();
      assertThat(connection.closeCode()).isEqualTo(4001);
      assertThat(failure(websocketConnect(url))).isInstanceOf(StreamClosedException.class);
      assertThat(failure(websocketConnect("ws" + url.substring(3))))
          .isInstanceOfAny(StreamClosedException.class, HTTPInputException.class);
    }
  }

  @GenTest(timeout = 20)
  void speaksTheBytesOfOneCharacterEach() throws Exception {
    var head = new CompletableFuture<String>();
    try (var server =
        raw(
            peer -> {
              head.complete(peer.head());
              peer.send(Wire.utf8("HTTP/1.1 400 X\r\nContent-Length: 0\r\n\r\n"));
            })) {
      var options = WebSocketClientOptions.builder().header("X", "\u00e4").build();
      assertThat(failure(websocketConnect(url(server), options)))
          .isInstanceOf(WebSocketHandshakeException.class);
      assertThat(head.get().getBytes(StandardCharsets.ISO_8859_1)).contains((byte) 0xe4);
    }
  }
}
