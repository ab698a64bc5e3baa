// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.waterspout.log.Log;
import org.waterspout.testing.ExpectLog;

/** What a server counts, and says of each request that is over. */
class AccessLogTest {
  private final LinkedBlockingQueue<AccessLog.Entry> entries = new LinkedBlockingQueue<>();
  private final LinkedBlockingQueue<TestRequest> held = new LinkedBlockingQueue<>();

  private static HTTPServerOptions options(AccessLog log) {
    return HTTPServerOptions.builder().accessLog(log).build();
  }

  private TestServer server(AccessLog log) throws Exception {
    return new TestServer(TestRequest.answering(this::answer), options(log));
  }

  private void answer(TestRequest request) throws Exception {
    switch (request.target()) {
      case "/held" -> held.add(request);
      case "/begun" -> {
        request.begin();
        held.add(request);
      }
      case "/fails" -> throw new IllegalStateException("on purpose");
      case "/lent" -> lend(request);
      case "/detached" -> {
        var stream = request.connection.detach();
        stream.write(TestRequest.bytes("mine")).thenRun(stream::close);
      }
      default -> {}
    }
    if (request.target().length() < 3) {
      request.reply(request.target().equals("/4") ? 404 : 200, "text");
    }
  }

  private static void lend(TestRequest request) {
    var loan = request.connection.lendWriteSide();
    assertThat(loan).isNotNull();
    Thread.ofVirtual()
        .start(
            () -> {
              try (var _ = (AutoCloseable) loan::abort) {
                loan.writeHeaders(
                    TestRequest.status(503), new HTTPHeaders(), TestRequest.bytes("busy"));
                loan.finish();
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            });
  }

  private AccessLog.Entry next() throws InterruptedException {
    var entry = entries.poll(20, TimeUnit.SECONDS);
    assertThat(entry).isNotNull();
    return entry;
  }

  private TestRequest nextHeld() throws InterruptedException {
    var request = held.poll(20, TimeUnit.SECONDS);
    assertThat(request).isNotNull();
    return request;
  }

  @Test
  void countsAndTellsOfAnswers() throws Exception {
    String request = "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n";
    String second = "GET /4 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    try (var server = server(entries::add);
        var client = server.connect()) {
      String answers = client.send(request + second).rest();
      var entry = next();
      assertThat(entry.startLine()).isNotNull();
      assertThat(entry.startLine().target()).isEqualTo("/1");
      assertThat(entry.headers()).isNotNull();
      assertThat(entry.headers().get("Host")).isEqualTo("a");
      assertThat(entry.context().remoteIP()).isEqualTo("127.0.0.1");
      assertThat(entry.status()).isEqualTo(200);
      assertThat(entry.bytesSent()).isEqualTo(answers.indexOf("HTTP/1.1 404"));
      assertThat(entry.duration()).isBetween(Duration.ofNanos(1), Duration.ofSeconds(20));
      assertThat(entry.whole()).isTrue();
      assertThat(next().status()).isEqualTo(404);
      var counters = server.call(server.server::counters);
      assertThat(counters.connections()).isEqualTo(1);
      assertThat(counters.openConnections()).isZero();
      assertThat(counters.requests()).isEqualTo(2);
      assertThat(counters.openRequests()).isZero();
      assertThat(counters.bytesReceived()).isEqualTo(request.length() + second.length());
      assertThat(counters.bytesSent()).isEqualTo(answers.length());
      assertThat(counters.clientErrors()).isEqualTo(1);
      assertThat(counters.serverErrors()).isZero();
      assertThat(counters.lostRequests()).isZero();
    }
  }

  @Test
  void countsAndTellsOfWhatIsUnderWayOnlyWhenItIsOver() throws Exception {
    try (var server = server(entries::add);
        var client = server.connect()) {
      client.send("GET /held HTTP/1.1\r\nHost: a\r\n\r\n");
      var request = nextHeld();
      assertThat(entries).isEmpty();
      assertThat(server.server.counters().openRequests()).isEqualTo(1);
      assertThat(server.server.counters().openConnections()).isEqualTo(1);
      server.call(() -> request.reply(200, "late"));
      assertThat(next().whole()).isTrue();
      assertThat(server.server.counters().openRequests()).isZero();
      assertThat(server.server.counters().openConnections()).isEqualTo(1);
    }
  }

  @Test
  void tellsOfWhatIsNotUnderstood() throws Exception {
    try (var server = server(entries::add);
        var client = server.connect()) {
      String answer = client.send("nonsense\r\n\r\n").rest();
      assertThat(answer).startsWith("HTTP/1.1 400 ");
      var entry = next();
      assertThat(entry.startLine()).isNull();
      assertThat(entry.status()).isEqualTo(400);
      assertThat(entry.bytesSent()).isEqualTo(answer.length());
      assertThat(server.server.counters().requests()).isZero();
      assertThat(server.server.counters().clientErrors()).isEqualTo(1);
    }
  }

  @Test
  void tellsOfBodiesThatAreRefused() throws Exception {
    try (var server = server(entries::add);
        var client = server.connect()) {
      client.send("POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 999999999999\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(413);
      assertThat(next().status()).isEqualTo(413);
      assertThat(server.server.counters().openRequests()).isZero();
      assertThat(server.server.counters().clientErrors()).isEqualTo(1);
    }
  }

  @Test
  void tellsOfFailedRequests() throws Exception {
    try (var _ = new ExpectLog(Log.APPLICATION, "Uncaught exception");
        var server = server(entries::add);
        var client = server.connect()) {
      assertThat(client.get("/fails").status()).isEqualTo(500);
      assertThat(next().status()).isEqualTo(500);
      assertThat(server.server.counters().serverErrors()).isEqualTo(1);
    }
  }

  @Test
  void tellsOfAnswersWhoseClientHasGone() throws Exception {
    try (var server = server(entries::add);
        var silent = server.connect();
        var early = server.connect()) {
      silent.send("GET /held HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(nextHeld().target()).isEqualTo("/held");
      silent.reset();
      var entry = next();
      assertThat(entry.whole()).isFalse();
      assertThat(entry.status()).isZero();
      assertThat(entry.bytesSent()).isZero();
      early.send("GET /begun HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(early.line()).isEqualTo("HTTP/1.1 200 OK");
      early.reset();
      entry = next();
      assertThat(entry.whole()).isFalse();
      assertThat(entry.status()).isEqualTo(200);
      assertThat(entry.bytesSent()).isPositive();
      assertThat(server.server.counters().lostRequests()).isEqualTo(2);
      assertThat(server.server.counters().openConnections()).isZero();
    }
  }

  @Test
  void tellsOfAnswersByBorrowers() throws Exception {
    try (var server = server(entries::add);
        var client = server.connect()) {
      client.send("GET /lent HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
      String answer = client.rest();
      var entry = next();
      assertThat(entry.status()).isEqualTo(503);
      assertThat(entry.bytesSent()).isEqualTo(answer.length());
      assertThat(server.server.counters().bytesSent()).isEqualTo(answer.length());
      assertThat(server.server.counters().serverErrors()).isEqualTo(1);
    }
  }

  @Test
  void leavesDetachedStreamsToTheirOwners() throws Exception {
    try (var server = server(entries::add);
        var client = server.connect()) {
      client.send("GET /detached HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.rest()).isEqualTo("mine");
      var counters = server.call(server.server::counters);
      assertThat(counters.requests()).isEqualTo(1);
      assertThat(counters.openRequests()).isZero();
      assertThat(counters.openConnections()).isZero();
      assertThat(counters.lostRequests()).isZero();
      assertThat(entries).isEmpty();
    }
  }

  @Test
  void aLogThatFailsHarmsNoRequest() throws Exception {
    AccessLog failing =
        entry -> {
          throw new IllegalStateException("on purpose");
        };
    try (var _ = new ExpectLog(Log.APPLICATION, "on purpose|Exception");
        var server = server(failing);
        var client = server.connect()) {
      assertThat(client.get("/1").status()).isEqualTo(200);
      assertThat(client.get("/2").status()).isEqualTo(200);
    }
  }

  @Test
  void tellsHowLongTheLoopWasBusy() throws Exception {
    var busy = Duration.ofMillis(60);
    var serving = new CompletableFuture<TestServer>();
    TestRequest.Answer slow =
        request -> {
          var clock = serving.get(20, TimeUnit.SECONDS);
          Thread.ofPlatform().start(() -> clock.advance(busy)).join(); // holds the loop meanwhile
          request.reply(200, "late");
        };
    try (var server = TestServer.withoutTime(TestRequest.answering(slow), options(entries::add));
        var client = server.connect()) {
      serving.complete(server);
      assertThat(client.get("/").status()).isEqualTo(200);
      assertThat(server.server.counters().loopLag()).isEqualTo(busy);
      assertThat(next().duration()).isEqualTo(busy);
    }
  }
}
