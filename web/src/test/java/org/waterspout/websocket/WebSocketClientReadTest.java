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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.waterspout.gen.Gen;
import org.waterspout.http.LoopPeer;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.testing.ExpectLog;
import org.waterspout.testing.GenTest;
import org.waterspout.websocket.ClientPeers.Echo;

/** Who reads a client's messages, and who is held back meanwhile. */
class WebSocketClientReadTest {
  @GenTest(timeout = 60)
  void whatNobodyReadsHoldsTheServerBack() throws Exception {
    int all = 200;
    try (var server = new LoopPeer()) {
      var connecting = websocketConnect("ws://127.0.0.1:" + server.port());
      server.send(Wire.utf8(RawWebSocket.answer(server.acceptHead(), "")));
      var connection = await(connecting);
      var message = serverFrame(FIN | Opcode.BINARY, new byte[300_000]);
      assertThat(server.fill(message, all)).as("the server is stuck").isTrue();
      var messages = Gen.spawn(() -> rest(connection));
      server.sendRest();
      server.send(serverClose(1000));
      assertThat(server.exactly(8)).startsWith(FIN | Opcode.CLOSE, 0x82);
      server.close();
      assertThat(await(messages)).hasSize(all);
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
}
