// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.ioloop.LoopFuture;

/** What may happen on the loop while the write side is in other hands, in every order. */
class WriteLoanRaceTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String CHUNKED =
      " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n";
  private static final Duration LIMIT = Duration.ofSeconds(1);
  private static final int LARGE = 20_000_000; // more than the sockets hold

  private final Lender lender = new Lender();

  private TestServer serve() throws Exception {
    return new TestServer(lender);
  }

  private TestServer serve(HTTPServerOptions.Builder options) throws Exception {
    return new TestServer(lender, options.build());
  }

  private TestServer serveWithoutTime(HTTPServerOptions.Builder options) throws Exception {
    return TestServer.withoutTime(lender, options.build());
  }

  private static HTTPServerOptions.Builder stallAfter(Duration limit) {
    return HTTPServerOptions.builder().stallTimeout(limit);
  }

  // The order of what is written.

  @Test
  void aPredecessorThatIsStillQueuedComesFirst() throws Exception {
    HTTPServerConnectionDelegate bigThenLent =
        (server, connection) ->
            new TestRequest(
                connection,
                request -> {
                  if (request.target().equals("/big")) {
                    request.reply(200, "x".repeat(LARGE));
                  } else {
                    lender.lend(request);
                  }
                });
    try (var server = new TestServer(bigThenLent);
        var client = server.connect()) {
      client.send("GET /big HTTP/1.1\r\nHost: a\r\n\r\n" + GET);
      assertThat(client.line()).isEqualTo("HTTP/1.1 200 OK"); // the rest waits for us
      server.turns(5);
      assertThat(lender.hasLent()).isFalse();
      client.line(); // Content-Length
      client.line(); // Date
      client.line();
      assertThat(new String(client.exactly(LARGE), ISO_8859_1)).isEqualTo("x".repeat(LARGE));
      var lent = lender.next();
      lent.begin();
      lent.write("lent");
      lent.loan().finish();
      assertThat(client.read().text()).isEqualTo("lent");
    }
  }

  @Test
  void isRefusedWhileTheLoopsOwnWritesAreQueuedAndGrantedBehindThem() throws Exception {
    var refused = new CompletableFuture<Boolean>();
    TestRequest.Answer both =
        request -> {
          request.begin();
          LoopFuture<Void> written = request.write("x".repeat(LARGE));
          refused.complete(request.connection.lendWriteSide() == null);
          written.thenRun(() -> lender.lend(request));
        };
    try (var server = new TestServer(both);
        var client = server.connect()) {
      client.send(GET + GET);
      assertThat(refused.get(20, TimeUnit.SECONDS)).isTrue();
      for (int i = 0; i < 2; i++) {
        assertThat(client.line()).isEqualTo("HTTP/1.1 200 OK");
        client.line(); // Date
        client.line(); // Transfer-Encoding
        client.line();
        assertThat(client.line()).isEqualTo(Integer.toHexString(LARGE));
        assertThat(new String(client.exactly(LARGE), ISO_8859_1)).isEqualTo("x".repeat(LARGE));
        var lent = lender.next();
        lent.write("lent");
        lent.loan().finish();
        client.line();
        assertThat(client.chunks()).isEqualTo("lent");
      }
    }
  }

  @Test
  void thePipelinedNextRequestWaitsForTheLoan() throws Exception {
    try (var server = serve();
        var client = server.connect()) {
      client.send(GET + "GET /loop HTTP/1.1\r\nHost: a\r\n\r\n" + GET);
      var first = lender.next();
      first.begin();
      server.turns(5);
      assertThat(lender.hasLent()).isFalse();
      first.write("1");
      first.loan().finish();
      assertThat(client.read().text()).isEqualTo("1");
      assertThat(client.read().text()).isEqualTo("GET /loop ");
      var second = lender.next();
      second.begin();
      second.loan().finish();
      assertThat(client.read().text()).isEmpty();
    }
  }

  @Test
  void continueIsSentBeforeTheLoanAndNotBehindIt() throws Exception {
    try (var server = serve();
        var client = server.connect()) {
      client.send(
          "PUT /early HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
      assertThat(client.line()).isEqualTo("HTTP/1.1 100 Continue");
      assertThat(client.line()).isEmpty();
      var lent = lender.next();
      lent.begin();
      lent.write("lent");
      lent.loan().finish();
      var answer = client.read();
      assertThat(answer.text()).isEqualTo("lent");
      assertThat(answer.headers()).as("it did not wait").containsEntry("Connection", "close");
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void theRestOfTheBodyArrivesWhileItIsLent() throws Exception {
    try (var server = serve();
        var client = server.connect()) {
      client.send("PUT /piece" + CHUNKED);
      var lent = lender.next();
      client.send("2\r\nbc\r\n0\r\n\r\n" + GET);
      lender.awaitWhole();
      lent.begin();
      lent.write("whole: " + server.call(lent.request()::text));
      lent.loan().finish();
      var answer = client.read();
      assertThat(answer.text()).isEqualTo("whole: abc");
      assertThat(answer.headers()).doesNotContainKey("Connection");
      var next = lender.next();
      next.begin();
      next.loan().finish();
      assertThat(client.read().status()).isEqualTo(200);
    }
  }

  // The loop has something to say.

  @ParameterizedTest
  @CsvSource({"zz, 400", "8, 413", "1;\u0001x, 400"})
  void aRequestThatIsRefusedMeanwhileIsAnsweredWhenItIsBack(String size, int status)
      throws Exception {
    try (var server = serve(HTTPServerOptions.builder().maxBodySize(8));
        var client = server.connect()) {
      client.send("PUT /piece" + CHUNKED);
      var lent = lender.next();
      client.send(size + "\r\n");
      lent.awaitClose();
      assertThatExceptionOfType(IOException.class).isThrownBy(lent::begin);
      assertThat(lender.hasLent()).isFalse();
      lent.loan().abort();
      assertThat(client.read().status()).isEqualTo(status);
      assertThat(client.rest()).isEmpty();
      client.close();
      lender.awaitConnectionClose();
    }
  }

  @Test
  void aBodyThatStallsMeanwhileIsAnsweredWith408WhenItIsBack() throws Exception {
    var options = HTTPServerOptions.builder().bodyTimeout(LIMIT);
    try (var server = serveWithoutTime(options);
        var client = server.connect()) {
      client.send("PUT /piece" + CHUNKED);
      var lent = lender.next();
      server.pass(LIMIT);
      lent.awaitClose();
      lent.loan().abort();
      assertThat(client.read().status()).isEqualTo(408);
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void anAnswerThatHasBegunIsCutByTheRefusalOfItsRequest() throws Exception {
    try (var server = serveWithoutTime(stallAfter(LIMIT));
        var client = server.connect()) {
      client.send("PUT /piece" + CHUNKED);
      var lent = lender.next();
      lent.begin();
      server.pass(LIMIT);
      lent.awaitClose();
      assertThatExceptionOfType(IOException.class).isThrownBy(() -> lent.write("x"));
      lent.loan().abort();
      assertThat(client.line()).isEqualTo("HTTP/1.1 200 OK");
      client.expectNoAnswer();
      lender.awaitConnectionClose();
    }
  }

  @Test
  void whoKeepsTheWriteSideOfARefusedRequestLosesTheConnection() throws Exception {
    try (var server = serveWithoutTime(stallAfter(LIMIT));
        var client = server.connect()) {
      client.send("PUT /piece" + CHUNKED);
      var lent = lender.next();
      server.pass(LIMIT);
      lent.awaitClose(); // 408
      server.pass(LIMIT);
      lender.awaitConnectionClose(); // and nobody gave anything back
      assertThatExceptionOfType(IOException.class).isThrownBy(lent::begin);
      lent.loan().abort();
      client.expectCut();
    }
  }

  @Test
  void whatADelegateThrowsIsAnsweredWhenItIsBack() throws Exception {
    try (var server = serve();
        var client = server.connect()) {
      client.send("GET /throw HTTP/1.1\r\nHost: a\r\n\r\n");
      var lent = lender.next();
      lent.awaitClose();
      assertThatExceptionOfType(IOException.class).isThrownBy(lent::begin);
      lent.loan().abort();
      assertThat(client.read().status()).isEqualTo(500);
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void theLoopMayAbortWhatItHasLent() throws Exception {
    try (var server = serve();
        var client = server.connect()) {
      client.send(GET);
      var lent = lender.next();
      lent.begin();
      var failure = lent.writeWithoutEnd();
      server.call(
          () -> {
            lent.request().connection.abort();
            lent.request().connection.abort();
            return 0;
          });
      assertThat(failure.get(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
      lent.loan().abort();
      client.expectReset();
      lender.awaitConnectionClose();
      assertThat(lent.request().closed).as("by its own side").isNotDone();
    }
  }

  @Test
  void aServerThatStopsWaitsForTheLoan() throws Exception {
    try (var server = serve();
        var before = server.connect();
        var within = server.connect()) {
      before.send(GET);
      var unbegun = lender.next();
      within.send(GET);
      var begun = lender.next();
      begun.begin();
      var stopped = server.call(() -> server.server.stop(Duration.ofHours(1)));
      server.turns(5);
      assertThat(stopped).isNotDone();
      unbegun.begin();
      unbegun.loan().finish();
      begun.write("lent");
      begun.loan().finish();
      assertThat(before.read().headers()).containsEntry("Connection", "close");
      assertThat(within.read().text()).isEqualTo("lent");
      assertThat(before.rest()).isEmpty();
      assertThat(within.rest()).isEmpty();
      assertThat(stopped.get(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aServerThatStopsDoesNotWaitLongerThanItsGrace() throws Exception {
    try (var server = serve();
        var client = server.connect()) {
      client.send(GET);
      var lent = lender.next();
      lent.begin();
      var failure = lent.writeWithoutEnd();
      var stopped = server.call(() -> server.server.stop(Duration.ofMillis(50)));
      assertThat(stopped.get(20, TimeUnit.SECONDS)).isFalse();
      assertThat(failure.get(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
      lent.awaitClose();
      lent.loan().abort();
      client.expectReset();
    }
  }

  @Test
  void aLoopThatIsClosedEndsTheWaitOfTheBorrower() throws Exception {
    var server = serve();
    try (var client = server.connect()) {
      client.send(GET);
      var lent = lender.next();
      lent.begin();
      var failure = lent.writeWithoutEnd();
      assertThat(client.line()).isEqualTo("HTTP/1.1 200 OK");
      server.close(); // long before the stall timeout
      assertThat(failure.get(20, TimeUnit.SECONDS))
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(SocketTimeoutException.class);
      lent.loan().abort();
      lent.loan().abort();
    }
  }

  // The peer goes.

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aPeerThatGoesEndsTheWaitOfTheBorrower(boolean resets) throws Exception {
    try (var server = serve();
        var client = server.connect()) {
      client.send(GET);
      var lent = lender.next();
      lent.begin();
      var failure = lent.writeWithoutEnd();
      assertThat(client.line()).isEqualTo("HTTP/1.1 200 OK");
      if (resets) {
        client.reset();
      } else {
        client.close();
      }
      lent.awaitClose();
      assertThat(failure.get(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
      lender.awaitConnectionClose();
      lent.loan().abort();
      lent.loan().abort();
      assertThat(server.connect().get("/loop").status()).isEqualTo(200);
    }
  }

  @Test
  void aBorrowerThatWritesNothingIsToldByTheExchangeThatThePeerHasGone() throws Exception {
    try (var server = serve();
        var client = server.connect()) {
      client.send(GET);
      var lent = lender.next();
      client.close();
      lent.awaitClose();
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(
              () -> {
                lent.begin();
                lent.loan().finish();
              });
      lent.loan().abort();
      lender.awaitConnectionClose();
    }
  }

  @Test
  void anAbortedLoanToAnOldClientIsAReset() throws Exception {
    try (var server = serve();
        var client = server.connect()) {
      client.send("GET / HTTP/1.0\r\n\r\n");
      var lent = lender.next();
      lent.begin();
      lent.write("abc");
      lent.loan().abort();
      client.expectReset(); // an orderly end would look whole
    }
  }

  // Answers without a body.

  @Test
  void bodilessAnswersAreLentToo() throws Exception {
    try (var server = serve();
        var client = server.connect()) {
      client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n" + GET);
      var head = lender.next();
      var headers = new HTTPHeaders();
      headers.add("Content-Length", "7");
      head.loan().writeHeaders(TestRequest.status(200), headers, TestRequest.bytes("not"));
      head.write(" sent");
      head.loan().finish();
      assertThat(client.read(false).headers()).containsEntry("Content-Length", "7");
      var get = lender.next();
      get.loan().writeHeaders(TestRequest.status(304), new HTTPHeaders(), null);
      get.loan().finish();
      assertThat(client.read().status()).isEqualTo(304);
      assertThat(client.get("/loop").status()).isEqualTo(200);
    }
  }

  // All of it at once.

  /** Each of them may come first: the end of the loan, the peer's, the loop's abort, a refusal. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void everyEndMayMeetEveryOther(int seed) throws Exception {
    var random = new Random(seed);
    try (var server = serve()) {
      for (int round = 0; round < 150; round++) {
        try (var client = server.connect()) {
          endAtOnce(server, client, random);
        }
        lender.awaitConnectionClose();
      }
      assertThat(server.connect().get("/loop").status()).isEqualTo(200);
    }
  }

  private void endAtOnce(TestServer server, RawClient client, Random random) throws Exception {
    client.send("PUT /piece" + CHUNKED);
    var lent = lender.next();
    int size = random.nextInt(3) * 100_000;
    boolean whole = random.nextBoolean();
    var borrower = inThread(() -> answer(lent, size, whole));
    switch (random.nextInt(4)) { // the borrower may have ended the connection before
      case 0 -> client.reset();
      case 1 -> {
        client.sendIfOpen("zz\r\n".getBytes(ISO_8859_1));
        client.close();
      }
      case 2 -> server.loop.addCallback(lent.request().connection::abort);
      default -> {
        client.sendIfOpen("0\r\n\r\n".getBytes(ISO_8859_1));
        client.endOutputIfOpen();
      }
    }
    borrower.get(20, TimeUnit.SECONDS);
    client.close();
  }

  private static void answer(Lender.Lent lent, int size, boolean whole) {
    try {
      lent.begin();
      lent.loan().write(ByteBuffer.wrap(new byte[size]));
      if (whole) {
        lent.loan().finish();
      }
    } catch (Exception e) {
      assertThat(e).isInstanceOf(IOException.class);
    } finally {
      lent.loan().abort();
    }
  }

  private static CompletableFuture<Void> inThread(Runnable body) {
    var done = new CompletableFuture<Void>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                body.run();
                done.complete(null);
              } catch (Throwable e) {
                done.completeExceptionally(e);
              }
            });
    return done;
  }
}
