// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.BindException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.iostream.IOStream;
import org.waterspout.iostream.StreamReader;

/** The whole server over real sockets: connections and their requests. */
class HTTPServerTest {
  @Test
  void answersOneRequestAfterTheOtherOnAConnection() throws Exception {
    try (var server = new TestServer(HTTPServerTest::echo);
        var client = server.connect()) {
      for (int i = 0; i < 3; i++) {
        var response = client.get("/" + i);
        assertThat(response.statusLine()).isEqualTo("HTTP/1.1 200 OK");
        assertThat(response.text()).isEqualTo("GET /" + i + " ");
        assertThat(response.headers()).containsKey("Date").doesNotContainKey("Connection");
      }
    }
  }

  @Test
  void answersPipelinedRequestsInOrder() throws Exception {
    try (var server = new TestServer(HTTPServerTest::echo);
        var client = server.connect()) {
      client.send(
          "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n"
              + "POST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
              + "POST /3 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
              + "3\r\ndef\r\n1\r\ng\r\n0\r\n\r\n"
              + "GET /4 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
      assertThat(client.read().text()).isEqualTo("GET /1 ");
      assertThat(client.read().text()).isEqualTo("POST /2 abc");
      assertThat(client.read().text()).isEqualTo("POST /3 defg");
      var last = client.read();
      assertThat(last.text()).isEqualTo("GET /4 ");
      assertThat(last.headers()).containsEntry("Connection", "close");
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void keepsConnectionsToOldClientsOnlyIfAsked() throws Exception {
    try (var server = new TestServer(HTTPServerTest::echo);
        var client = server.connect()) {
      var kept = client.send("GET /1 HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n").read();
      assertThat(kept.headers()).containsEntry("Connection", "keep-alive");
      var last = client.send("GET /2 HTTP/1.0\r\n\r\n").read();
      assertThat(last.headers()).containsEntry("Connection", "close");
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void closesAfterEachAnswerIfSaidSo() throws Exception {
    var options = HTTPServerOptions.builder().noKeepAlive(true).build();
    try (var server = new TestServer(TestRequest.answering(HTTPServerTest::echo), options);
        var client = server.connect()) {
      assertThat(client.get("/").headers()).containsEntry("Connection", "close");
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void sendsChunksToNewClientsAndTheEndOfTheConnectionToOldOnes() throws Exception {
    TestRequest.Answer inPieces =
        request -> {
          request.begin();
          request.write("abc");
          request.write("x".repeat(100_000));
          request.connection.finish();
        };
    try (var server = new TestServer(inPieces);
        var client = server.connect()) {
      var chunked = client.get("/");
      assertThat(chunked.headers()).containsEntry("Transfer-Encoding", "chunked");
      assertThat(chunked.text()).isEqualTo("abc" + "x".repeat(100_000));
      var old = client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").read();
      assertThat(old.headers()).containsEntry("Connection", "close").hasSize(2);
      assertThat(old.text()).isEqualTo("abc" + "x".repeat(100_000));
    }
  }

  @Test
  void sendsEarlyHintsAndTrailers() throws Exception {
    TestRequest.Answer answer =
        request -> {
          var hints = new HTTPHeaders();
          hints.add("Link", "</a.css>; rel=preload");
          request.connection.writeInformational(TestRequest.status(103), hints);
          request.begin();
          request.write("abc");
          var trailers = new HTTPHeaders();
          trailers.add("Digest", "xyz");
          request.connection.finish(trailers);
        };
    try (var server = new TestServer(answer);
        var client = server.connect()) {
      for (int i = 0; i < 2; i++) {
        var hints = client.get("/");
        assertThat(hints.statusLine()).isEqualTo("HTTP/1.1 103 Early Hints");
        assertThat(hints.headers()).containsOnlyKeys("Link");
        assertThat(client.line()).isEqualTo("HTTP/1.1 200 OK");
        assertThat(client.line()).startsWith("Date: ");
        assertThat(client.line()).isEqualTo("Transfer-Encoding: chunked");
        assertThat(client.line()).isEmpty();
        assertThat(List.of(client.line(), client.line(), client.line(), client.line()))
            .containsExactly("3", "abc", "0", "Digest: xyz");
        assertThat(client.line()).isEmpty();
      }
    }
  }

  @Test
  void answersToHeadHaveNoBody() throws Exception {
    try (var server = new TestServer(HTTPServerTest::echo);
        var client = server.connect()) {
      client.send("HEAD /1 HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.read(false).headers()).containsEntry("Content-Length", "8");
      assertThat(client.get("/2").text()).isEqualTo("GET /2 ");
    }
  }

  @Test
  void bodilessAnswersLeaveTheConnectionOpen() throws Exception {
    TestRequest.Answer bodiless =
        request -> {
          int status = Integer.parseInt(request.target().substring(1));
          request.connection.writeHeaders(TestRequest.status(status), new HTTPHeaders(), null);
          request.connection.finish();
        };
    try (var server = new TestServer(bodiless);
        var client = server.connect()) {
      assertThat(client.get("/204").headers()).containsOnlyKeys("Date");
      assertThat(client.get("/304").headers()).containsOnlyKeys("Date");
      assertThat(client.get("/200").body()).isEmpty();
    }
  }

  @Test
  void bigAnswersWaitForSlowReaders() throws Exception {
    String megabytes = "0123456789abcdef".repeat(1 << 19);
    var sent = new CompletableFuture<Boolean>();
    TestRequest.Answer big =
        request ->
            request
                .reply(200, megabytes)
                .whenComplete((done, failure) -> sent.complete(failure == null));
    try (var server = new TestServer(big);
        var client = server.connect()) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.read().text()).isEqualTo(megabytes);
      assertThat(client.read().text()).isEqualTo(megabytes);
      assertThat(sent.get(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void whatWaitsForASlowReaderIsNotOverwrittenByOtherAnswers() throws Exception {
    String big = "0123456789abcdef".repeat(1 << 19);
    TestRequest.Answer answer =
        request -> {
          if (!request.target().equals("/slow")) {
            echo(request);
            return;
          }
          request.begin();
          request.write(big);
          for (int i = 0; i < 100; i++) {
            request.write("piece " + i + "\n");
          }
          request.connection.finish();
        };
    var expected = new StringBuilder(big);
    for (int i = 0; i < 100; i++) {
      expected.append("piece ").append(i).append('\n');
    }
    try (var server = new TestServer(answer);
        var slow = server.connect();
        var other = server.connect()) {
      slow.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(slow.line()).isEqualTo("HTTP/1.1 200 OK"); // the rest waits for us
      for (int i = 0; i < 50; i++) {
        assertThat(other.get("/" + i).text()).isEqualTo("GET /" + i + " ");
      }
      slow.line(); // Date
      slow.line(); // Transfer-Encoding
      slow.line();
      assertThat(slow.chunks()).isEqualTo(expected.toString());
    }
  }

  @Test
  void callsTheDelegateInOrderForOneConnection() throws Exception {
    List<String> calls = Collections.synchronizedList(new ArrayList<>());
    var ended = new CompletableFuture<Void>();
    List<Object> connections = Collections.synchronizedList(new ArrayList<>());
    var delegate =
        new HTTPServerConnectionDelegate() {
          @Override
          public HTTPMessageDelegate startRequest(Object server, HTTPConnection connection) {
            calls.add("start");
            connections.add(server);
            return new TestRequest(connection, request -> request.reply(200, "")) {
              @Override
              public void finish() throws Exception {
                calls.add("finish " + target() + " " + text());
                super.finish();
              }
            };
          }

          @Override
          public void onClose(Object server) {
            connections.add(server);
            ended.complete(null);
          }
        };
    try (var server = new TestServer(delegate);
        var client = server.connect()) {
      client.get("/1");
      client.send("PUT /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx").read();
      client.close();
      ended.get(20, TimeUnit.SECONDS);
      assertThat(calls).containsExactly("start", "finish /1 ", "start", "finish /2 x");
      assertThat(connections).hasSize(3);
      assertThat(connections.stream().distinct()).hasSize(1);
    }
  }

  @Test
  void tellsAWaitingExchangeThatItsClientHasGone() throws Exception {
    var started = new CompletableFuture<TestRequest>();
    try (var server = new TestServer(started::complete);
        var client = server.connect()) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      TestRequest request = started.get(20, TimeUnit.SECONDS);
      assertThat(request.closed).isNotDone();
      client.close();
      request.closed.get(20, TimeUnit.SECONDS);
      var failure = server.call(() -> request.reply(200, "late"));
      assertThat(failure).isCompletedExceptionally();
    }
  }

  @Test
  void knowsWhoTalksToWhom() throws Exception {
    var context = new CompletableFuture<ConnectionContext>();
    TestRequest.Answer answer =
        request -> {
          context.complete(request.connection.context());
          request.reply(200, "");
        };
    try (var server = new TestServer(answer);
        var client = server.connect()) {
      client.get("/");
      var known = context.get(20, TimeUnit.SECONDS);
      assertThat(known.remoteIP()).isEqualTo("127.0.0.1");
      assertThat(known.localIP()).isEqualTo("127.0.0.1");
      assertThat(known.localPort()).isEqualTo(server.server.port());
      assertThat(known.remotePort()).isPositive();
      assertThat(known.protocol()).isEqualTo("http");
    }
  }

  @Test
  void aTakenPortIsAnErrorAtOnce() throws Exception {
    try (var server = new TestServer(HTTPServerTest::echo)) {
      int port = server.server.port();
      var second = new HTTPServer(TestRequest.answering(HTTPServerTest::echo));
      assertThatThrownBy(
              () ->
                  server.call(
                      () -> {
                        second.listen(port, "127.0.0.1");
                        return null;
                      }))
          .cause()
          .isInstanceOf(BindException.class)
          .hasMessageContaining("127.0.0.1")
          .hasMessageContaining(Integer.toString(port));
    }
  }

  @Test
  void stopsAcceptingButFinishesWhatItHas() throws Exception {
    try (var server = new TestServer(HTTPServerTest::echo);
        var client = server.connect()) {
      client.get("/1");
      int port = server.server.port();
      server.call(
          () -> {
            server.server.stop();
            return null;
          });
      assertThat(client.get("/2").text()).isEqualTo("GET /2 ");
      assertThatThrownBy(() -> new RawClient(port)).isInstanceOf(java.io.IOException.class);
    }
  }

  @Test
  void servesOnSeveralLoopsAndClosesTheConnectionsOfAll() throws Exception {
    var used = ConcurrentHashMap.<IOLoop>newKeySet();
    var clients = new ArrayList<RawClient>();
    TestRequest.Answer answer =
        request -> {
          used.add(IOLoop.current());
          request.reply(200, "");
        };
    try (var server = new TestServer(answer)) {
      var several =
          server.call(
              () -> {
                var made = new HTTPServer(TestRequest.answering(answer));
                made.bind(0, "127.0.0.1");
                made.start(2);
                return made;
              });
      while (used.size() < 2) {
        clients.add(new RawClient(several.port()));
        clients.getLast().get("/");
        assertThat(clients).hasSizeLessThan(1000);
      }
      server.call(
          () -> {
            several.stop();
            return IOLoop.await(several.closeAllConnections());
          });
      for (var client : clients) {
        assertThat(client.rest()).isEmpty();
        client.close();
      }
    }
  }

  @Test
  void connectionsOfALoopThatHasEndedAreClosedAndNotWaitedFor() throws Exception {
    var used = ConcurrentHashMap.<IOLoop>newKeySet();
    var clients = new ArrayList<RawClient>();
    TestRequest.Answer answer =
        request -> {
          used.add(IOLoop.current());
          request.reply(200, "");
        };
    try (var server = new TestServer(answer)) {
      var several =
          server.call(
              () -> {
                var made = new HTTPServer(TestRequest.answering(answer));
                made.bind(0, "127.0.0.1");
                made.start(2);
                return made;
              });
      while (used.size() < 2) {
        clients.add(new RawClient(several.port()));
        clients.getLast().get("/");
        assertThat(clients).hasSizeLessThan(1000);
      }
      used.remove(server.loop);
      used.forEach(IOLoop::stop);
      server.call(several::closeAllConnections).get(20, TimeUnit.SECONDS);
      server.call(several::closeAllConnections).get(20, TimeUnit.SECONDS);
      for (var client : clients) {
        client.rest(); // ends
        client.close();
      }
      several.stop();
    }
  }

  @Test
  void closesAllConnections() throws Exception {
    var started = new CompletableFuture<TestRequest>();
    try (var server = new TestServer(started::complete);
        var idle = server.connect();
        var busy = server.connect()) {
      busy.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      var request = started.get(20, TimeUnit.SECONDS);
      server.awaitConnections(2);
      server.call(() -> server.server.closeAllConnections()).get(20, TimeUnit.SECONDS);
      request.closed.get(20, TimeUnit.SECONDS);
      idle.expectCut();
      busy.expectCut();
      server.call(() -> server.server.closeAllConnections()).get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void handsOverADetachedStreamWithWhatCameBehindTheRequest() throws Exception {
    TestRequest.Answer detach =
        request -> {
          IOStream stream = request.connection.detach();
          stream.startReading(new Shouter(stream));
        };
    try (var server = new TestServer(detach);
        var client = server.connect()) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\n\r\nabc");
      assertThat(new String(client.exactly(3), java.nio.charset.StandardCharsets.US_ASCII))
          .isEqualTo("ABC");
      client.send("def");
      assertThat(new String(client.exactly(3), java.nio.charset.StandardCharsets.US_ASCII))
          .isEqualTo("DEF");
    }
  }

  /** A protocol of its own on a detached stream. */
  private static final class Shouter implements StreamReader {
    private final IOStream stream;
    private final StringBuilder text = new StringBuilder();

    Shouter(IOStream stream) {
      this.stream = stream;
    }

    @Override
    public boolean received(ByteBuffer in) {
      while (in.hasRemaining()) {
        text.append((char) in.get());
      }
      return true;
    }

    @Override
    public void proceed() {
      stream.write(TestRequest.bytes(text.toString().toUpperCase(java.util.Locale.ROOT)));
      text.setLength(0);
      stream.resumeReading();
    }

    @Override
    public void closed() {}
  }

  static void echo(TestRequest request) {
    request.reply(200, request.startLine.method() + " " + request.target() + " " + request.text());
  }
}
