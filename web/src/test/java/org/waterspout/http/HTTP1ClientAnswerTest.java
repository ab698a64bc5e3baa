// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.http.Exchanges.OK;
import static org.waterspout.http.Exchanges.bytes;
import static org.waterspout.http.Exchanges.connect;
import static org.waterspout.http.Exchanges.get;
import static org.waterspout.http.Exchanges.getTooLate;
import static org.waterspout.http.Exchanges.headers;
import static org.waterspout.http.Exchanges.line;
import static org.waterspout.http.Exchanges.send;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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

/**
 * What comes back to a client, from our own server and from servers that send what the test says.
 */
class HTTP1ClientAnswerTest {
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
}
