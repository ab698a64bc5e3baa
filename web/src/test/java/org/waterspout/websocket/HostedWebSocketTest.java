// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.gen.Gen.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.waterspout.http.WebSocketTransport;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;

/** The order in which a container is asked to send, told to close, and believed. */
class HostedWebSocketTest {
  private final IOLoop loop = new IOLoop();
  private final List<String> done = new ArrayList<>();
  private final Queue<LoopFuture<Void>> sending = new ArrayDeque<>();

  /** What a container would do. */
  private final class Container implements WebSocketTransport {
    @Override
    public void start(Receiver receiver) {}

    @Override
    public void receiveMore() {
      done.add("more");
    }

    @Override
    public LoopFuture<Void> sendText(String message) {
      done.add("text " + message);
      return sent();
    }

    @Override
    public LoopFuture<Void> sendBinary(byte[] message) {
      done.add("binary " + Wire.hex(message));
      return sent();
    }

    @Override
    public LoopFuture<Void> sendPing(byte[] data) {
      done.add("ping " + Wire.hex(data));
      return sent();
    }

    private LoopFuture<Void> sent() {
      var sent = new LoopFuture<Void>(loop);
      sending.add(sent);
      return sent;
    }

    @Override
    public void close(int code, String reason) {
      done.add("close " + code + " " + reason);
    }

    @Override
    public void cut() {
      done.add("cut");
    }
  }

  /** Whose calls stand among the container's. */
  private final class Handler implements WebSocketReceiver {
    @Override
    public void open() {
      done.add("open");
    }

    @Override
    public void onMessage(String message) {
      done.add("got " + message);
      if (message.equals("fail")) {
        throw new IllegalStateException("as the test wants it");
      }
    }

    @Override
    public void onMessage(byte[] message) {
      done.add("got " + Wire.hex(message));
    }

    @Override
    public void onPing(byte[] data) {}

    @Override
    public void onPong(byte[] data) {
      done.add("pong " + Wire.hex(data));
    }

    @Override
    public void onClose() {
      done.add("closed");
    }

    @Override
    public void failed(Throwable reason) {
      done.add("failed");
    }
  }

  @AfterEach
  void closeLoop() {
    loop.close();
  }

  @FunctionalInterface
  private interface Body {
    void run(HostedWebSocket socket) throws Exception;
  }

  private void onLoop(Body body) throws Exception {
    loop.runSync(
        Duration.ofSeconds(20),
        () -> {
          var options = new ConnectionOptions(1000, 1000, Duration.ZERO, Duration.ZERO);
          var socket = new HostedWebSocket(loop, new Container(), new Handler(), options);
          socket.takeCharge();
          socket.open();
          body.run(socket);
          return null;
        });
  }

  private static LoopFuture<Void> text(HostedWebSocket socket, String text) {
    return socket.send(Opcode.TEXT, Wire.utf8(text));
  }

  @Test
  void hasOneMessageOnItsWayAndTheCloseFrameBehindAll() throws Exception {
    onLoop(
        socket -> {
          var a = text(socket, "a");
          var b = text(socket, "b");
          socket.close(4000, "enough");
          assertThatThrownBy(() -> await(text(socket, "c")))
              .isInstanceOf(WebSocketClosedException.class);
          assertThat(done).containsExactly("open", "more", "text a");
          sending.remove().complete(null);
          await(a);
          assertThat(done).endsWith("text a", "text b");
          assertThat(b.isDone()).isFalse();
          sending.remove().complete(null);
          await(b);
          assertThat(done).endsWith("text b", "close 4000 enough");
        });
  }

  @Test
  void asksForTheNextMessageWhenOneIsTaken() throws Exception {
    onLoop(
        socket -> {
          socket.text("a");
          socket.binary(new byte[] {1});
          socket.pong(new byte[] {2});
          assertThat(done)
              .containsExactly(
                  "open", "more", "got a", "more", "got 01", "more", "pong 02", "more");
        });
  }

  @Test
  void cutsWhoLetsTooMuchWait() throws Exception {
    onLoop(
        socket -> {
          var first = socket.send(Opcode.BINARY, new byte[900]);
          var second = socket.send(Opcode.BINARY, new byte[900]);
          assertThatThrownBy(() -> await(second)).isInstanceOf(WebSocketClosedException.class);
          assertThatThrownBy(() -> await(text(socket, "more")))
              .isInstanceOf(WebSocketClosedException.class);
          assertThat(done).containsOnlyOnce("cut");
          socket.closed(1006, "");
          assertThatThrownBy(() -> await(first)).isInstanceOf(WebSocketClosedException.class);
          assertThat(done).endsWith("cut", "closed");
          assertThat(socket.closeCode()).isNull();
        });
  }

  @Test
  void endsWhenTheContainerCannotSend() throws Exception {
    onLoop(
        socket -> {
          var sent = text(socket, "a");
          sending.remove().completeExceptionally(new IOException("broken"));
          assertThatThrownBy(() -> await(sent))
              .isInstanceOf(WebSocketClosedException.class)
              .hasRootCauseMessage("broken");
          assertThat(done).endsWith("text a", "cut");
        });
  }

  @Test
  void closesWith1011WhenItsHandlerFailsAndCallsItNoMore() throws Exception {
    onLoop(
        socket -> {
          socket.text("fail");
          socket.text("not any more");
          socket.closed(1011, "");
          socket.closed(1000, "again");
          assertThat(done)
              .containsExactly(
                  "open", "more", "got fail", "failed", "close 1011 ", "more", "more", "closed");
          assertThat(socket.closeCode()).isEqualTo(1011);
        });
  }

  @Test
  void saysNormalWhereNoCodeIsGiven() throws Exception {
    onLoop(
        socket -> {
          socket.close(CloseCode.NONE, "");
          assertThat(done).endsWith("close 1000 ");
        });
  }
}
