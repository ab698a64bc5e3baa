// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.websocket.ClientPeers.raw;
import static org.waterspout.websocket.ClientPeers.rest;
import static org.waterspout.websocket.ClientPeers.url;
import static org.waterspout.websocket.WebSocketClientConnection.websocketConnect;
import static org.waterspout.websocket.Wire.FIN;
import static org.waterspout.websocket.Wire.serverClose;
import static org.waterspout.websocket.Wire.serverFrame;
import static org.waterspout.websocket.Wire.serverText;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.waterspout.gen.Gen;
import org.waterspout.httpclient.HTTPClientError;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopContents;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.testing.FakeClock;
import org.waterspout.testing.GenTest;

/** The client under fire: servers that vanish, calls at the wrong time, a loop that is closed. */
class WebSocketClientTroubleTest {
  private static final byte[] WIRE =
      Wire.join(
          serverText("one"),
          serverFrame(FIN | Opcode.PING, new byte[] {7}),
          serverFrame(Opcode.TEXT, Wire.utf8("tw")),
          serverFrame(FIN, Wire.utf8("o")),
          serverClose(1000));

  @GenTest(timeout = 60)
  void aServerMayVanishAtAnyByte() throws Exception {
    int all = RawWebSocket.answer(RawWebSocket.REQUEST, "").length() + WIRE.length;
    var next = new AtomicInteger();
    try (var server =
        raw(
            peer -> {
              var wire = Wire.join(Wire.utf8(RawWebSocket.answer(peer.head(), "")), WIRE);
              int cut = next.getAndIncrement() % all;
              peer.socket.getOutputStream().write(wire, 0, cut);
              if (next.get() > all) {
                peer.reset();
              }
            })) {
      for (int i = 0; i < 2 * all; i++) {
        var ends = new AtomicInteger();
        var closed = new LoopFuture<Void>();
        var options =
            WebSocketClientOptions.builder()
                .onClose(
                    () -> {
                      ends.incrementAndGet();
                      closed.complete(null);
                    })
                .build();
        try {
          var connection = await(websocketConnect(url(server), options));
          var messages = rest(connection);
          assertThat(messages).isEqualTo(List.of("one", "two").subList(0, messages.size()));
          await(closed);
          await(Gen.moment());
          assertThat(connection.closeCode()).isNull();
          assertThat(connection.writeMessage("late")).isCompletedExceptionally();
          assertThat(connection.ping()).isCompletedExceptionally();
          connection.close();
          assertThat(ends).hasValue(1);
        } catch (HTTPClientError e) {
          assertThat(e.code()).isEqualTo(HTTPClientError.NO_ANSWER);
          await(Gen.moment());
          assertThat(ends).hasValue(0);
        }
      }
    }
  }

  /** What the loop holds, this test's own coroutine included. */
  private static String left() {
    var left = new LoopFuture<String>();
    var loop = IOLoop.current();
    loop.addCallback(() -> left.complete(LoopContents.left(loop)));
    return await(left);
  }

  @GenTest(timeout = 60)
  void aConnectMayBeCancelledAtAnyTime() throws Exception {
    var random = new Random(1);
    var before = left();
    try (var server = new Server(ClientPeers.Echo::new)) {
      for (int i = 0; i < 300; i++) {
        var connecting = websocketConnect(ClientPeers.url(server, ""));
        for (int turns = random.nextInt(40); turns > 0 && !connecting.isDone(); turns--) {
          await(Gen.moment());
        }
        if (connecting.cancel(false)) {
          assertThatThrownBy(() -> await(connecting)).isInstanceOf(CancellationException.class);
        } else {
          var connection = await(connecting);
          connection.close();
          assertThat(rest(connection)).isEmpty();
        }
      }
      while (!left().equals(before)) {
        await(Gen.moment());
      }
    }
  }

  @GenTest(timeout = 60)
  void noMessageIsLostToReadsThatAreCancelled() throws Exception {
    var random = new Random(2);
    int count = 300;
    try (var server = new Server(ClientPeers.Echo::new)) {
      var connection = await(websocketConnect(ClientPeers.url(server, "")));
      for (int i = 0; i < count; i++) {
        connection.writeMessage("" + i);
      }
      List<String> all = new ArrayList<>();
      while (all.size() < count) {
        var read = connection.readMessage();
        for (int turns = random.nextInt(4); turns > 0 && !read.isDone(); turns--) {
          await(Gen.moment());
        }
        if (!read.cancel(false)) {
          all.add(await(read).text());
        }
      }
      for (int i = 0; i < count; i++) {
        assertThat(all.get(i)).isEqualTo("" + i);
      }
      connection.close();
      assertThat(rest(connection)).isEmpty();
    }
  }

  @GenTest(timeout = 20)
  void bothMayCloseAtOnce(FakeClock clock) throws Exception {
    var seen = new LoopFuture<List<String>>();
    try (var server =
        raw(
            peer -> {
              peer.accept("").send(serverClose(3001));
              seen.complete(List.of(peer.frame(), peer.frame()));
            })) {
      var connection = await(websocketConnect(url(server)));
      connection.close(3000);
      while (connection.closeCode() == null) {
        await(Gen.moment());
      }
      assertThat(connection.closeCode()).isEqualTo(3001);
      clock.advance(Duration.ofSeconds(5)); // the server does not end the connection
      assertThat(rest(connection)).isEmpty();
      assertThat(await(seen)).containsExactly("*close 3000 ", "end");
    }
  }

  @GenTest(timeout = 20)
  void callbacksMayCloseAndWrite() throws Exception {
    for (String where : List.of("message", "ping", "pong")) {
      var seen = new LoopFuture<List<String>>();
      var late = new LoopFuture<Boolean>();
      var holder = new WebSocketClientConnection[1];
      try (var server =
          raw(
              peer -> {
                peer.accept("");
                assertThat(peer.frame()).isEqualTo("*text go");
                int opcode =
                    switch (where) {
                      case "message" -> Opcode.TEXT;
                      case "ping" -> Opcode.PING;
                      default -> Opcode.PONG;
                    };
                peer.send(serverFrame(FIN | opcode, Wire.utf8("x")), serverText("more"));
                var frames = new ArrayList<String>();
                for (var frame = peer.frame(); !frame.startsWith("*close"); frame = peer.frame()) {
                  frames.add(frame);
                }
                peer.send(serverClose(1000));
                seen.complete(frames);
              })) {
        Runnable callback =
            () -> {
              holder[0].writeMessage("last");
              holder[0].close(3000);
              assertThat(holder[0].writeMessage("late")).isCompletedExceptionally();
            };
        var options =
            WebSocketClientOptions.builder()
                .onMessage(
                    message -> {
                      if (message.text().equals("x")) {
                        callback.run();
                      }
                    })
                .onPong(data -> callback.run())
                .onPing(data -> callback.run())
                .onClose(
                    () -> late.complete(holder[0].writeMessage("late").isCompletedExceptionally()))
                .build();
        holder[0] = await(websocketConnect(url(server), options));
        holder[0].writeMessage("go");
        var frames = await(seen);
        assertThat(frames).last().isEqualTo("*text last");
        assertThat(frames).hasSize(where.equals("ping") ? 2 : 1);
        assertThat(await(late)).isTrue();
      }
    }
  }

  @Test
  void aLoopThatIsClosedLeavesNobodyWaiting() throws Exception {
    for (String when : List.of("handshake", "reading", "held back", "callback")) {
      var there = new CompletableFuture<Void>();
      var left = new CompletableFuture<Void>();
      try (var server =
          raw(
              peer -> {
                if (when.equals("handshake")) {
                  peer.head();
                } else {
                  peer.accept("").send(serverText("1"), serverText("2"));
                  assertThat(peer.frame()).isEqualTo("*text there");
                }
                there.complete(null);
                try {
                  while (peer.in.read() >= 0) {}
                } catch (IOException e) {
                  // a reset is an end too
                }
                left.complete(null);
              })) {
        var loop = new IOLoop();
        var runner = Thread.ofPlatform().daemon().start(loop::start);
        var parked = new CompletableFuture<Void>();
        var user =
            loop.spawn(
                () -> {
                  var options = WebSocketClientOptions.builder();
                  if (when.equals("callback")) {
                    options.onMessage(
                        message -> {
                          parked.complete(null);
                          await(new LoopFuture<Void>());
                        });
                  } else {
                    parked.complete(null);
                  }
                  var connection = await(websocketConnect(url(server), options.build()));
                  connection.writeMessage("there");
                  if (when.equals("reading")) {
                    rest(connection);
                  }
                  await(new LoopFuture<Void>());
                  return null;
                });
        there.get(20, TimeUnit.SECONDS);
        parked.get(20, TimeUnit.SECONDS);
        loop.close(true);
        assertThatThrownBy(() -> user.get(20, TimeUnit.SECONDS))
            .isInstanceOfAny(ExecutionException.class, CancellationException.class);
        left.get(20, TimeUnit.SECONDS);
        runner.join();
      }
    }
  }
}
