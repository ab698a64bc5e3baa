// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.http.Exchanges.OK;
import static org.waterspout.http.Exchanges.bytes;
import static org.waterspout.http.Exchanges.connect;
import static org.waterspout.http.Exchanges.get;
import static org.waterspout.http.Exchanges.getTooLate;
import static org.waterspout.http.Exchanges.headers;
import static org.waterspout.http.Exchanges.line;
import static org.waterspout.http.Exchanges.send;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.iostream.IOStream;
import org.waterspout.iostream.StreamClosedException;
import org.waterspout.testing.GenTest;

/** What becomes of a client's connection: who can go on, trouble, and other protocols. */
class HTTP1ClientConnectionTest {
  // Who can go on.

  @GenTest(timeout = 20)
  void knowsWhoKeepsTheConnection() throws Exception {
    expectReusable(true, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    expectReusable(true, "HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nok");
    expectReusable(
        true, "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok");
    expectReusable(false, "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok");
    expectReusable(false, "HTTP/1.1 200 OK\r\nConnection: x, Close\r\nContent-Length: 2\r\n\r\nok");
    expectReusable(false, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok!");
    expectReusable(false, OK + OK);
    expectReusable(false, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "Connection: close");
  }

  private static void expectReusable(boolean expected, String wire, String... fields)
      throws Exception {
    try (var server =
        new RawServer(
            peer -> {
              peer.head();
              peer.send(wire);
              peer.restBeforeCut();
            })) {
      var connection = connect(server.port());
      assertThat(send(connection, "GET", new TestAnswer(), fields).whole().text()).isEqualTo("ok");
      assertThat(connection.reusable()).as(wire).isEqualTo(expected);
      assertThat(connection.stream().closed()).as(wire).isEqualTo(!expected);
      connection.abort();
    }
  }

  @GenTest(timeout = 20)
  void tellsWhenAnIdleConnectionIsClosed() throws Exception {
    for (String farewell : List.of("", "HTTP/1.1 408 Request Timeout\r\n\r\n", "x")) {
      try (var server =
          new RawServer(
              peer -> {
                peer.head();
                peer.send(OK);
                assertThat(peer.head()).startsWith("GET");
                peer.send(OK);
                peer.sendIfOpen(farewell.getBytes(StandardCharsets.ISO_8859_1));
              })) {
        var connection = connect(server.port());
        get(connection).whole();
        connection.onIdleClose(
            () -> {
              throw new AssertionError("it is not idle");
            });
        get(connection).whole();
        var told = new LoopFuture<Void>();
        connection.onIdleClose(() -> told.complete(null));
        await(told);
        assertThat(connection.reusable()).isFalse();
        var late = getTooLate(connection);
        assertThat(late.failure()).isInstanceOf(StreamClosedException.class);
        assertThat(connection.answered()).isFalse();
      }
    }
  }

  @GenTest(timeout = 20)
  void whatComesUnaskedIsNoAnswer() throws Exception {
    try (var server =
        new RawServer(
            peer -> {
              peer.send(OK);
              peer.restBeforeCut();
            })) {
      var connection = connect(server.port());
      var told = new LoopFuture<Void>();
      connection.onIdleClose(() -> told.complete(null));
      await(told);
      assertThat(getTooLate(connection).failure()).isInstanceOf(StreamClosedException.class);
    }
  }

  @GenTest(timeout = 20)
  void aRefusalBeforeTheRequestWasSentEndsTheConnection() throws Exception {
    try (var server =
        new RawServer(
            peer -> {
              peer.head();
              peer.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno");
              peer.restBeforeCut();
            })) {
      var connection = connect(server.port());
      var answer = new TestAnswer();
      connection.writeHeaders(line("PUT", "/"), headers("Content-Length: 5"), bytes("a"), answer);
      assertThat(answer.whole().text()).isEqualTo("no");
      assertThat(answer.status).isEqualTo(413);
      assertThat(connection.reusable()).isFalse();
      assertThat(connection.write(bytes("b"))).isCompletedExceptionally();
      assertThat(connection.finish()).isCompletedExceptionally();
    }
  }

  // Trouble.

  @GenTest(timeout = 60)
  void aCloseAtEveryByteIsNoAnswer() throws Exception {
    for (String wire :
        List.of(
            OK,
            "HTTP/1.1 100 Continue\r\n\r\n" + OK,
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX: y\r\n\r\n")) {
      for (int i = 0; i < wire.length(); i++) {
        try (var server = RawServer.answering(wire.substring(0, i))) {
          var connection = connect(server.port());
          var answer = get(connection);
          assertThat(answer.failure())
              .as(wire.substring(0, i))
              .isInstanceOf(StreamClosedException.class);
          assertThat(connection.answered()).isEqualTo(i > 0);
          assertThat(connection.reusable()).isFalse();
          assertThat(connection.stream().closed()).isTrue();
        }
      }
    }
  }

  @GenTest(timeout = 20)
  void malformedAnswersFailAndEndTheConnection() throws Exception {
    for (var refused : ResponseParserTest.refused()) {
      try (var server =
          new RawServer(
              peer -> {
                peer.head();
                peer.sendIfOpen(refused.wire().getBytes(StandardCharsets.ISO_8859_1));
                peer.restBeforeCut();
              })) {
        var options = HTTP1ClientOptions.defaults().withMaxHeaderSize(4096).withMaxBodySize(1000);
        var connection = connect(server.port(), options);
        var answer = get(connection);
        connection.setDecompress(true);
        assertThat(answer.failure())
            .as(refused.toString())
            .isInstanceOf(HTTPInputException.class)
            .hasMessage(refused.reason());
        assertThat(connection.reusable()).isFalse();
        assertThat(connection.stream().closed()).isTrue();
      }
    }
  }

  @GenTest(timeout = 20)
  void whatADelegateThrowsFailsTheExchange() throws Exception {
    var thrown = new Exception("mine");
    try (var server = RawServer.answering(OK)) {
      for (int i = 0; i < 4; i++) {
        int at = i;
        var answer =
            new TestAnswer() {
              @Override
              public @Nullable CompletionStage<?> headersReceived(
                  StartLine startLine, HTTPHeaders headers) throws Exception {
                if (at == 0) {
                  throw thrown;
                }
                return at == 1 ? LoopFuture.failed(over.loop(), thrown) : null;
              }

              @Override
              public @Nullable CompletionStage<?> dataReceived(byte[] chunk) throws Exception {
                if (at == 2) {
                  throw thrown;
                }
                return LoopFuture.failed(over.loop(), thrown);
              }
            };
        var connection = connect(server.port());
        assertThat(send(connection, "GET", answer).failure()).isSameAs(thrown);
        assertThat(connection.stream().closed()).isTrue();
      }
    }
  }

  @GenTest(timeout = 20)
  void anAbortedExchangeHearsNoMore() throws Exception {
    var gone = new LoopFuture<Void>();
    try (var server =
        new RawServer(
            peer -> {
              peer.head();
              peer.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab");
              peer.rest();
              gone.complete(null);
            })) {
      var connection = connect(server.port());
      var begun = new LoopFuture<Void>();
      var answer =
          new TestAnswer() {
            @Override
            public @Nullable CompletionStage<?> dataReceived(byte[] chunk) {
              connection.abort();
              begun.complete(null);
              return null;
            }
          };
      send(connection, "GET", answer);
      await(begun);
      await(gone);
      assertThat(answer.over).isNotDone();
      assertThat(connection.reusable()).isFalse();
    }
  }

  // Other protocols.

  /** Takes the stream with the head. */
  private static final class Switching extends TestAnswer {
    private final HTTP1ClientConnection connection;
    private final LoopFuture<IOStream> detached = new LoopFuture<>();

    Switching(HTTP1ClientConnection connection) {
      this.connection = connection;
    }

    @Override
    public @Nullable CompletionStage<?> headersReceived(StartLine startLine, HTTPHeaders headers)
        throws Exception {
      super.headersReceived(startLine, headers);
      detached.complete(connection.detach());
      return null;
    }
  }

  @GenTest(timeout = 20)
  void handsOverTheStreamWithWhatCameBehindTheHead() throws Exception {
    for (String head :
        List.of(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n")) {
      try (var server =
          new RawServer(
              peer -> {
                peer.head();
                peer.send(head + "first");
                assertThat(peer.exactly(4)).asString().isEqualTo("ping");
                peer.send("pong");
              })) {
        var connection = connect(server.port());
        boolean tunnel = head.contains("200");
        var answer = new Switching(connection);
        connection.writeHeaders(
            tunnel ? line("CONNECT", "b:443") : line("GET", "/"),
            tunnel ? headers() : headers("Upgrade: x", "Connection: Upgrade"),
            null,
            answer);
        connection.finish();
        IOStream stream = await(answer.detached);
        assertThat(await(stream.readBytes(5))).asString().isEqualTo("first");
        stream.write("ping".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(await(stream.readUntilClose())).asString().isEqualTo("pong");
        assertThat(connection.reusable()).isFalse();
        connection.abort(); // not its stream any more
        assertThatThrownBy(() -> connection.write(bytes("x")))
            .isInstanceOf(IllegalStateException.class);
        assertThat(answer.over).isNotDone();
      }
    }
  }

  @GenTest(timeout = 20)
  void aStreamThatNobodyDetachesIsClosed() throws Exception {
    try (var server = RawServer.answering("HTTP/1.1 101 Switching Protocols\r\n\r\n")) {
      var connection = connect(server.port());
      var answer = send(connection, "GET", new TestAnswer(), "Upgrade: x", "Connection: upgrade");
      assertThat(answer.failure()).isInstanceOf(IllegalStateException.class);
      assertThat(connection.stream().closed()).isTrue();
    }
  }

  @GenTest(timeout = 20)
  void aRefusedTunnelIsAnAnswerLikeOthers() throws Exception {
    try (var server = RawServer.answering("HTTP/1.1 407 No\r\nContent-Length: 2\r\n\r\nno")) {
      var connection = connect(server.port());
      var answer = new TestAnswer();
      connection.writeHeaders(line("CONNECT", "b:1"), headers(), null, answer);
      connection.finish();
      assertThat(answer.whole().text()).isEqualTo("no");
    }
  }
}
