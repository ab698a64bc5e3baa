// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.gen.Gen.await;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.iostream.IOStream;
import org.waterspout.iostream.StreamClosedException;
import org.waterspout.iostream.StreamLimits;
import org.waterspout.tcp.ConnectOptions;
import org.waterspout.tcp.SSLOptions;
import org.waterspout.tcp.TCPClient;
import org.waterspout.tcp.TCPServer;
import org.waterspout.testing.GenTest;

/** Exchanges of a client, with our own server and with servers that send what the test says. */
class HTTP1ClientConnectionTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  private static HTTP1ClientConnection connect(int port) {
    return connect(port, HTTP1ClientOptions.defaults());
  }

  private static HTTP1ClientConnection connect(int port, HTTP1ClientOptions options) {
    return new HTTP1ClientConnection(await(new TCPClient().connect("127.0.0.1", port)), options);
  }

  private static HTTPHeaders headers(String... fields) {
    var headers = new HTTPHeaders();
    headers.add("Host", "a");
    for (String field : fields) {
      headers.parseLine(field);
    }
    return headers;
  }

  private static RequestStartLine line(String method, String target) {
    return new RequestStartLine(method, target, "HTTP/1.1");
  }

  private static ByteBuffer bytes(String text) {
    return TestRequest.bytes(text);
  }

  private static <A extends ClientDelegate> A send(
      HTTP1ClientConnection connection, String method, A answer, String... fields) {
    var _ = connection.writeHeaders(line(method, "/"), headers(fields), null, answer);
    var _ = connection.finish();
    return answer;
  }

  private static TestAnswer get(HTTP1ClientConnection connection) {
    return send(connection, "GET", new TestAnswer());
  }

  // What is sent.

  @GenTest(timeout = 20)
  void sendsExactlyWhatItIsGiven() throws Exception {
    var seen = new LoopFuture<String>();
    try (var server =
        new RawServer(
            peer -> {
              seen.complete(peer.head() + new String(peer.exactly(5), "ISO-8859-1"));
              peer.send(OK);
              peer.rest();
            })) {
      var connection = connect(server.port());
      var answer = new TestAnswer();
      connection.writeHeaders(
          line("POST", "/a?b=%20|"),
          headers("Content-Length: 5", "X-A: \u00e4"),
          bytes("he"),
          answer);
      connection.write(bytes("llo"));
      await(connection.finish());
      assertThat(await(seen))
          .isEqualTo(
              "POST /a?b=%20| HTTP/1.1\r\n"
                  + "Host: a\r\n"
                  + "Content-Length: 5\r\n"
                  + "X-A: \u00e4\r\n\r\n"
                  + "hello");
      assertThat(answer.whole().text()).isEqualTo("ok");
      assertThat(connection.reusable()).isTrue();
      connection.abort();
    }
  }

  @GenTest(timeout = 20)
  void sendsBodiesInChunks() throws Exception {
    String large = "0123456789abcdef".repeat(5000);
    var seen = new LoopFuture<String>();
    try (var server =
        new RawServer(
            peer -> {
              peer.head();
              seen.complete(peer.chunks());
              peer.send(OK);
            })) {
      var connection = connect(server.port());
      var answer = new TestAnswer();
      connection.writeHeaders(
          line("PUT", "/"), headers("Transfer-Encoding: chunked"), bytes("a"), answer);
      connection.write(bytes(""));
      connection.write(bytes(large));
      connection.finish();
      assertThat(await(seen)).isEqualTo("a" + large);
      answer.whole();
      connection.abort();
    }
  }

  @GenTest(timeout = 20)
  void refusesRequestsBeforeAByteIsSent() throws Exception {
    try (var server =
        new RawServer(peer -> assertThat(peer.rest()).as("what was sent").isEmpty())) {
      var connection = connect(server.port());
      for (var line :
          List.of(
              line("", "/"),
              line("GE T", "/"),
              line("GET\r\nX:", "/"),
              line("GET", ""),
              line("GET", "a"),
              line("GET", "*"),
              line("GET", "/ x"),
              line("GET", "/\r\nX: y"),
              line("GET", "/\n"),
              line("GET", "/\u0000"),
              line("GET", "/#a"),
              line("GET", "/\u00e4"),
              line("GET", "http://u@a/"),
              line("CONNECT", "a"),
              line("CONNECT", "/"),
              new RequestStartLine("GET", "/", "HTTP/2.0"),
              new RequestStartLine("GET", "/", "HTTP/1.1\r\nX: y"))) {
        expectRefusal(connection, line, headers());
      }
      var get = line("GET", "/");
      for (var fields :
          List.of(
              headers("Host: b"),
              headers("Content-Length: 1", "Transfer-Encoding: chunked"),
              headers("Content-Length: 1", "Content-Length: 1"),
              headers("Content-Length: -1"),
              headers("Content-Length: 1, 1"),
              headers("Transfer-Encoding: gzip, chunked"),
              headers("Transfer-Encoding: chunked", "Transfer-Encoding: chunked"),
              headers("Transfer-Encoding: identity"),
              new HTTPHeaders())) {
        expectRefusal(connection, get, fields);
      }
      var badHost = new HTTPHeaders();
      badHost.add("Host", "a b");
      expectRefusal(connection, get, badHost);
      expectRefusal(
          connection,
          new RequestStartLine("PUT", "/", "HTTP/1.0"),
          headers("Transfer-Encoding: chunked"));
      expectRefusal(connection, line("TRACE", "/"), headers("Content-Length: 0"));
      expectRefusal(connection, line("CONNECT", "a:1"), headers("Transfer-Encoding: chunked"));
      assertThatThrownBy(
              () -> connection.writeHeaders(get, headers(), bytes("x"), new TestAnswer()))
          .isInstanceOf(HTTPOutputException.class);
      assertThatThrownBy(
              () ->
                  connection.writeHeaders(
                      get, headers("Content-Length: 1"), bytes("xy"), new TestAnswer()))
          .isInstanceOf(HTTPOutputException.class);
      assertThat(connection.reusable()).isTrue();
      connection.abort();
    }
  }

  private static void expectRefusal(
      HTTP1ClientConnection connection, RequestStartLine line, HTTPHeaders headers) {
    assertThatThrownBy(() -> connection.writeHeaders(line, headers, null, new TestAnswer()))
        .as(line + " " + headers)
        .isInstanceOf(HTTPOutputException.class);
  }

  @GenTest(timeout = 20)
  void cutsBodiesThatAreNotAsAnnounced() throws Exception {
    try (var server =
        new RawServer(
            peer -> {
              peer.head();
              peer.rest();
            })) {
      var longer = connect(server.port());
      longer.writeHeaders(
          line("PUT", "/"), headers("Content-Length: 3"), bytes("ab"), new TestAnswer());
      assertThatThrownBy(() -> longer.write(bytes("cd"))).isInstanceOf(HTTPOutputException.class);
      assertThat(longer.stream().closed()).isTrue();
      var shorter = connect(server.port());
      shorter.writeHeaders(
          line("PUT", "/"), headers("Content-Length: 3"), bytes("ab"), new TestAnswer());
      assertThatThrownBy(shorter::finish).isInstanceOf(HTTPOutputException.class);
      assertThat(shorter.reusable()).isFalse();
      assertThat(shorter.finish()).isCompletedExceptionally();
    }
  }

  @GenTest(timeout = 20)
  void oneExchangeAtATime() throws Exception {
    try (var server = RawServer.answering(OK)) {
      var connection = connect(server.port());
      assertThatThrownBy(() -> connection.write(bytes("x")))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(connection::finish).isInstanceOf(IllegalStateException.class);
      var answer = get(connection);
      assertThatThrownBy(() -> get(connection)).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(connection::detach).isInstanceOf(IllegalStateException.class);
      answer.whole();
    }
  }

  // What comes back.

  @GenTest(timeout = 20)
  void goesOnWithTheNextExchange() throws Exception {
    try (var server = new TestServer(request -> request.reply(200, request.text()))) {
      var connection = connect(server.server.port());
      for (int i = 0; i < 20; i++) {
        var answer = new TestAnswer();
        connection.writeHeaders(
            line("POST", "/"),
            headers("Content-Length: " + ("" + i).length()),
            bytes("" + i),
            answer);
        connection.finish();
        assertThat(answer.whole().text()).isEqualTo("" + i);
        assertThat(answer.status).isEqualTo(200);
        assertThat(connection.reusable()).isTrue();
      }
      connection.abort();
      assertThat(connection.reusable()).isFalse();
    }
  }

  @GenTest(timeout = 20)
  void theNextExchangeCanBeginInFinish() throws Exception {
    try (var server = new TestServer(request -> request.reply(200, request.target()))) {
      var connection = connect(server.server.port());
      var second = new TestAnswer();
      var first =
          new TestAnswer() {
            @Override
            public void finish() {
              assertThat(connection.reusable()).isTrue();
              connection.writeHeaders(line("GET", "/2"), headers(), null, second);
              connection.finish();
              super.finish();
            }
          };
      connection.writeHeaders(line("GET", "/1"), headers(), null, first);
      connection.finish();
      assertThat(first.whole().text()).isEqualTo("/1");
      assertThat(second.whole().text()).isEqualTo("/2");
      connection.abort();
    }
  }

  @GenTest(timeout = 30)
  void carriesLargeBodiesBothWays() throws Exception {
    byte[] body = new byte[8 << 20];
    new Random(1).nextBytes(body);
    var options = HTTPServerOptions.defaults();
    try (var server =
        new TestServer(
            TestRequest.answering(
                request -> {
                  request.begin();
                  request.connection.write(ByteBuffer.wrap(request.body.toByteArray()));
                  request.connection.finish();
                }),
            options)) {
      for (String framing :
          List.of("Content-Length: " + body.length, "Transfer-Encoding: chunked")) {
        var connection = connect(server.server.port());
        var answer = new TestAnswer();
        connection.writeHeaders(line("POST", "/"), headers(framing), null, answer);
        for (int i = 0; i < body.length; i += 100_000) {
          await(connection.write(ByteBuffer.wrap(body, i, Math.min(100_000, body.length - i))));
        }
        await(connection.finish());
        assertThat(answer.whole().body.toByteArray()).isEqualTo(body);
        assertThat(connection.reusable()).isTrue();
        connection.abort();
      }
    }
  }

  @GenTest(timeout = 20)
  void interimAnswersComeFirst() throws Exception {
    try (var server =
        RawServer.answering(
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + OK)) {
      var connection = connect(server.port());
      var answer = get(connection).whole();
      assertThat(answer.interim).containsExactly(100, 103);
      assertThat(answer.text()).isEqualTo("ok");
    }
  }

  @GenTest(timeout = 20)
  void answersWithoutABodyEndBehindTheirHead() throws Exception {
    for (String wire :
        List.of(
            "HTTP/1.1 204 No Content\r\n\r\n",
            "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 304 Not Modified\r\nContent-Length: 100\r\n\r\n",
            "HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) {
      try (var server =
          new RawServer(
              peer -> {
                peer.head();
                peer.send(wire);
                peer.rest();
              })) {
        var connection = connect(server.port());
        assertThat(get(connection).whole().text()).isEmpty();
        assertThat(connection.reusable()).as(wire).isTrue();
        connection.abort();
      }
    }
    try (var server =
        new RawServer(
            peer -> {
              peer.head();
              peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\nContent-Encoding: gzip\r\n\r\n");
              peer.rest();
            })) {
      var connection = connect(server.port());
      var answer = send(connection, "HEAD", new TestAnswer());
      connection.setDecompress(true);
      assertThat(answer.whole().headers.get("Content-Length")).isEqualTo("100");
      assertThat(answer.headers.get("Content-Encoding")).isEqualTo("gzip");
      assertThat(connection.reusable()).isTrue();
      connection.abort();
    }
  }

  @GenTest(timeout = 20)
  void anAnswerWithoutLengthEndsWithTheConnection() throws Exception {
    for (String head : List.of("HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.0 200\r\n\r\n")) {
      try (var server = RawServer.answering(head + "some text")) {
        var connection = connect(server.port());
        assertThat(get(connection).whole().text()).isEqualTo("some text");
        assertThat(connection.reusable()).isFalse();
        assertThat(connection.stream().closed()).isTrue();
      }
    }
  }

  @GenTest(timeout = 20)
  void aResetIsNoEndOfAnAnswer() throws Exception {
    try (var server =
        new RawServer(
            peer -> {
              peer.head();
              peer.send("HTTP/1.1 200 OK\r\n\r\nsome text");
              assertThat(peer.exactly(1)).isNotNull();
              peer.reset();
            })) {
      var connection = connect(server.port());
      var begun = new LoopFuture<Void>();
      var answer =
          new TestAnswer() {
            @Override
            public @Nullable CompletionStage<?> dataReceived(byte[] chunk) throws Exception {
              begun.complete(null);
              return super.dataReceived(chunk);
            }
          };
      connection.writeHeaders(line("POST", "/"), headers("Content-Length: 1"), null, answer);
      await(begun);
      connection.write(bytes("x"));
      assertThat(answer.failure()).isInstanceOf(StreamClosedException.class);
    }
  }

  /** Sends an answer by TLS, which it ends in order or not. */
  private static final class EndlessServer extends TCPServer {
    private final boolean orderly;

    EndlessServer(boolean orderly) throws Exception {
      super(TestTLS.server().build(), StreamLimits.DEFAULT);
      this.orderly = orderly;
    }

    @Override
    public void handleStream(IOStream stream, SocketAddress address) throws Exception {
      await(stream.readUntil("\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
      await(stream.write("HTTP/1.1 200 OK\r\n\r\nabc".getBytes(StandardCharsets.US_ASCII)));
      if (orderly) {
        stream.close();
      } else {
        stream.channel().shutdownOutput();
      }
    }
  }

  @GenTest(timeout = 20)
  void byTLSOnlyItsOwnEndIsTheEndOfAnAnswer() throws Exception {
    var secured = ConnectOptions.defaults().withSSL(SSLOptions.of(TestTLS.client()));
    for (boolean orderly : new boolean[] {true, false}) {
      var server = new EndlessServer(orderly);
      server.listen(0, "127.0.0.1");
      var stream = await(new TCPClient().connect("127.0.0.1", server.port(), secured));
      var connection = new HTTP1ClientConnection(stream, HTTP1ClientOptions.defaults());
      var answer = get(connection);
      if (orderly) {
        assertThat(answer.whole().text()).isEqualTo("abc");
      } else {
        assertThat(answer.failure())
            .isInstanceOf(StreamClosedException.class)
            .hasCauseInstanceOf(SSLException.class);
      }
      server.stop();
    }
  }

  @GenTest(timeout = 20)
  void anEarlyAnswerThatEndsWithTheConnectionIsWhole() throws Exception {
    try (var server = RawServer.answering("HTTP/1.1 200 OK\r\n\r\nearly")) {
      var connection = connect(server.port());
      var answer = new TestAnswer();
      connection.writeHeaders(line("PUT", "/"), headers("Content-Length: 5"), null, answer);
      assertThat(answer.whole().text()).isEqualTo("early");
      assertThat(connection.reusable()).isFalse();
      assertThat(connection.write(bytes("a"))).isCompletedExceptionally();
      assertThat(getTooLate(connection).failure()).isInstanceOf(StreamClosedException.class);
    }
  }

  @GenTest(timeout = 20)
  void saysWhatStandsBehindABodyInChunks() throws Exception {
    try (var server =
        RawServer.answering(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nX-Sum: 1\r\nContent-Length: 7\r\n\r\n")) {
      var connection = connect(server.port());
      var answer = get(connection).whole();
      assertThat(answer.text()).isEqualTo("abcde");
      assertThat(answer.trailers.getAll()).hasSize(1);
      assertThat(answer.trailers.get("X-Sum")).isEqualTo("1");
    }
  }

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

  private static TestAnswer getTooLate(HTTP1ClientConnection connection) {
    var answer = new TestAnswer();
    assertThat(connection.writeHeaders(line("GET", "/"), headers(), null, answer))
        .isCompletedExceptionally();
    assertThat(connection.finish()).isCompletedExceptionally();
    return answer;
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

  @GenTest(timeout = 20)
  void aSuccessBeforeTheRequestWasSentStillTakesTheRequest() throws Exception {
    var seen = new LoopFuture<String>();
    try (var server =
        new RawServer(
            peer -> {
              peer.head();
              peer.send(OK);
              seen.complete(peer.rest());
            })) {
      var connection = connect(server.port());
      var answer = new TestAnswer();
      connection.writeHeaders(line("PUT", "/"), headers("Content-Length: 3"), bytes("a"), answer);
      assertThat(answer.whole().text()).isEqualTo("ok");
      assertThat(connection.reusable()).isFalse();
      connection.write(bytes("bc"));
      connection.finish();
      assertThat(await(seen)).isEqualTo("abc");
      assertThat(connection.reusable()).isFalse();
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

  // Back-pressure and limits.

  @GenTest(timeout = 30)
  void aDelegateThatWaitsHoldsTheServerBack() throws Exception {
    var sent = new java.util.concurrent.atomic.AtomicLong();
    long all = 64L << 20;
    try (var server =
        new RawServer(
            peer -> {
              peer.head();
              peer.send("HTTP/1.1 200 OK\r\nContent-Length: " + all + "\r\n\r\n");
              byte[] piece = new byte[64 * 1024];
              while (sent.get() < all) {
                peer.send(piece);
                sent.addAndGet(piece.length);
              }
            })) {
      var connection = connect(server.port());
      var released = new LoopFuture<Void>();
      var begun = new LoopFuture<Void>();
      var count = new long[1];
      var answer =
          new TestAnswer() {
            @Override
            public @Nullable CompletionStage<?> dataReceived(byte[] chunk) {
              assertThat(begun.isDone() && !released.isDone()).isFalse();
              begun.complete(null);
              count[0] += chunk.length;
              return released;
            }
          };
      send(connection, "GET", answer);
      await(begun);
      long before = -1;
      while (sent.get() != before) { // until the server is stuck
        before = sent.get();
        await(org.waterspout.gen.Gen.sleep(java.time.Duration.ofMillis(100)));
      }
      assertThat(before).isLessThan(all);
      assertThat(answer.over).isNotDone();
      released.complete(null);
      answer.whole();
      assertThat(count[0]).isEqualTo(all);
    }
  }

  @GenTest(timeout = 20)
  void aParkedDelegateIsCalledForOneThingAtATime() throws Exception {
    try (var server =
        RawServer.answering(
            "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\n\r\n" + "x".repeat(10))) {
      var options = HTTP1ClientOptions.defaults().withChunkSize(1);
      var connection = connect(server.port(), options);
      List<String> calls = new ArrayList<>();
      var answer =
          new TestAnswer() {
            private void park(String what) {
              calls.add("<" + what);
              await(org.waterspout.gen.Gen.moment());
              await(org.waterspout.gen.Gen.moment());
              calls.add(what + ">");
            }

            @Override
            public @Nullable CompletionStage<?> informational(
                ResponseStartLine startLine, HTTPHeaders headers) {
              park("i");
              return null;
            }

            @Override
            public @Nullable CompletionStage<?> headersReceived(
                StartLine startLine, HTTPHeaders headers) {
              park("h");
              return null;
            }

            @Override
            public @Nullable CompletionStage<?> dataReceived(byte[] chunk) {
              park("d");
              return null;
            }
          };
      send(connection, "GET", answer).whole();
      assertThat(String.join("", calls)).isEqualTo("<ii><hh>" + "<dd>".repeat(10));
    }
  }

  @GenTest(timeout = 20)
  void limitsCanBeChangedForOneAnswer() throws Exception {
    try (var server =
        new RawServer(
            peer -> {
              for (int i = 0; i < 3; i++) {
                peer.head();
                peer.sendIfOpen(
                    ("HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n" + "x".repeat(2000))
                        .getBytes(StandardCharsets.ISO_8859_1));
              }
              peer.restBeforeCut();
            })) {
      var connection = connect(server.port(), HTTP1ClientOptions.defaults().withMaxBodySize(1999));
      var early = get(connection);
      connection.setMaxBodySize(2000);
      assertThat(early.whole().text()).hasSize(2000);
      var late =
          new TestAnswer() {
            @Override
            public @Nullable CompletionStage<?> headersReceived(
                StartLine startLine, HTTPHeaders headers) throws Exception {
              connection.setMaxBodySize(5000);
              return super.headersReceived(startLine, headers);
            }
          };
      assertThat(send(connection, "GET", late).whole().text()).hasSize(2000);
      assertThat(get(connection).failure()).hasMessageContaining("over 1999");
    }
  }

  @GenTest(timeout = 20)
  void inflatesIfItIsTold() throws Exception {
    byte[] zipped = Gzipped.of("hello ".repeat(1000));
    String head =
        "HTTP/1.1 200 OK\r\nContent-Encoding: x-gzip\r\nX-Consumed-Content-Encoding: br\r\n";
    for (String framing : List.of("Content-Length: " + zipped.length + "\r\n\r\n", "\r\n")) {
      try (var server =
          new RawServer(
              peer -> {
                peer.head();
                peer.send(head + framing).send(zipped);
              })) {
        var connection = connect(server.port(), HTTP1ClientOptions.defaults().withChunkSize(100));
        var answer = get(connection);
        connection.setDecompress(true);
        assertThat(answer.whole().text()).isEqualTo("hello ".repeat(1000));
        assertThat(answer.headers.getList("X-Consumed-Content-Encoding")).containsExactly("x-gzip");
        assertThat(answer.headers.contains("Content-Encoding")).isFalse();
        assertThat(answer.headers.contains("Content-Length")).isFalse();
        var raw = connect(server.port());
        assertThat(get(raw).whole().body.toByteArray()).isEqualTo(zipped);
      }
    }
  }

  @GenTest(timeout = 20)
  void compressedAnswersMustBeWholeAndNotTooLarge() throws Exception {
    byte[] zipped = Gzipped.of("x".repeat(100_000));
    for (int cut : new int[] {1, 9, 30, zipped.length - 1, zipped.length, zipped.length + 1}) {
      byte[] sent = java.util.Arrays.copyOf(zipped, cut);
      for (String framing : List.of("Content-Length: " + cut + "\r\n\r\n", "\r\n")) {
        try (var server =
            new RawServer(
                peer -> {
                  peer.head();
                  peer.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n" + framing);
                  peer.sendIfOpen(sent);
                })) {
          var connection =
              connect(server.port(), HTTP1ClientOptions.defaults().withMaxBodySize(99_999));
          var answer = get(connection);
          connection.setDecompress(true);
          assertThat(answer.failure()).as("cut at " + cut).isInstanceOf(HTTPInputException.class);
          var larger = connect(server.port());
          var whole = get(larger);
          larger.setDecompress(true);
          if (cut == zipped.length) {
            assertThat(whole.whole().text()).hasSize(100_000);
          } else {
            assertThat(whole.failure()).isInstanceOf(HTTPInputException.class);
          }
        }
      }
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
