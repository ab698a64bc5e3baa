// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.waterspout.ioloop.LoopFuture;

/** The whole server over real sockets: what goes wrong, and limits of size. */
class HTTPServerTroubleTest {
  private static final Duration PATIENT = Duration.ofMinutes(1); // with what is sent for nothing

  static final String BODY_HEAD =
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

  @ParameterizedTest
  @MethodSource("org.waterspout.http.ParserTest#refusedFraming")
  void answersMalformedRequestsAndCloses(ParserTest.Case given) throws Exception {
    String status = given.events().getFirst().substring("refused ".length());
    try (var server = new TestServer(HTTPServerTest::echo);
        var client = server.connect()) {
      client.send(given.wire());
      var response = client.read();
      assertThat(response.statusLine())
          .isEqualTo("HTTP/1.1 " + status + " " + HTTPStatus.reason(Integer.parseInt(status)));
      assertThat(response.headers()).containsEntry("Connection", "close").containsKey("Date");
      assertThat(response.text()).startsWith(status + ": ");
      assertThat(client.rest()).isEmpty();
      assertThat(server.connect().get("/").status()).isEqualTo(200);
    }
  }

  @Test
  void answersWhatIsNoHTTPAtAll() throws Exception {
    try (var server = new TestServer(HTTPServerTest::echo);
        var client = server.connect()) {
      client.send("\u0016\u0003\u0001");
      assertThat(client.read().status()).isEqualTo(400);
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void answersRequestsBeforeAMalformedOne() throws Exception {
    try (var server = new TestServer(HTTPServerTest::echo);
        var client = server.connect()) {
      client.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost : a\r\n\r\n");
      assertThat(client.read().text()).isEqualTo("GET /1 ");
      assertThat(client.read().status()).isEqualTo(400);
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void refusesHeadsAndBodiesOverTheLimit() throws Exception {
    var options = HTTPServerOptions.builder().maxHeaderSize(1000).maxBodySize(10).build();
    try (var server = new TestServer(TestRequest.answering(HTTPServerTest::echo), options)) {
      assertThat(status(server, "GET /" + "a".repeat(1000) + " HTTP/1.1\r\n")).isEqualTo(414);
      assertThat(status(server, "GET / HTTP/1.1\r\nX: " + "a".repeat(1000))).isEqualTo(431);
      assertThat(status(server, "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n"))
          .isEqualTo(413);
      assertThat(status(server, BODY_HEAD + "6\r\nabcdef\r\n5\r\n")).isEqualTo(413);
      assertThat(status(server, BODY_HEAD + "5\r\nabcde\r\n5\r\nabcde\r\n0\r\n\r\n"))
          .isEqualTo(200);
    }
  }

  static int status(TestServer server, String wire) throws Exception {
    try (var client = server.connect()) {
      return client.send(wire).read().status();
    }
  }

  @Test
  void theDelegateMayChangeTheLimitOfOneBody() throws Exception {
    var options = HTTPServerOptions.builder().maxBodySize(10).build();
    HTTPServerConnectionDelegate delegate =
        (connection, exchange) ->
            new TestRequest(exchange, HTTPServerTest::echo) {
              @Override
              public @Nullable CompletionStage<?> headersReceived(
                  StartLine startLine, HTTPHeaders headers) throws Exception {
                exchange.setMaxBodySize(20);
                return super.headersReceived(startLine, headers);
              }
            };
    try (var server = new TestServer(delegate, options)) {
      String head = "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: ";
      assertThat(status(server, head + "20\r\n\r\n" + "x".repeat(20))).isEqualTo(200);
      assertThat(status(server, head + "21\r\n\r\n" + "x".repeat(21))).isEqualTo(413);
    }
  }

  @Test
  void clientsThatSendALotSeeTheRefusal() throws Exception {
    var options = HTTPServerOptions.builder().maxBodySize(10).lingerTimeout(PATIENT).build();
    try (var server = new TestServer(TestRequest.answering(HTTPServerTest::echo), options);
        var client = server.connect()) {
      client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 20000000\r\n\r\n");
      client.send(new byte[20_000_000]); // would fail if the server closed at once
      assertThat(client.read().status()).isEqualTo(413);
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void sendsContinueWhenTheBodyIsWanted() throws Exception {
    var wanted = new CompletableFuture<LoopFuture<Object>>();
    HTTPServerConnectionDelegate delegate =
        (connection, exchange) ->
            new TestRequest(exchange, HTTPServerTest::echo) {
              @Override
              public @Nullable CompletionStage<?> headersReceived(
                  StartLine startLine, HTTPHeaders headers) throws Exception {
                super.headersReceived(startLine, headers);
                var released = new LoopFuture<>(exchange.loop());
                return wanted.complete(released) ? released : null;
              }
            };
    try (var server = new TestServer(delegate);
        var client = server.connect()) {
      client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-Continue\r\n\r\n");
      wanted.get(20, TimeUnit.SECONDS).complete("go");
      assertThat(client.line()).isEqualTo("HTTP/1.1 100 Continue");
      assertThat(client.line()).isEmpty();
      assertThat(client.send("abc").read().text()).isEqualTo("PUT / abc");
      assertThat(client.get("/2").text()).isEqualTo("GET /2 ");
    }
  }

  @Test
  void anEarlyAnswerEndsTheConnectionAndIsSeen() throws Exception {
    HTTPServerConnectionDelegate early =
        (connection, exchange) ->
            new TestRequest(exchange, request -> {}) {
              @Override
              public @Nullable CompletionStage<?> headersReceived(
                  StartLine startLine, HTTPHeaders headers) {
                reply(401, "who are you");
                return null;
              }
            };
    var options = HTTPServerOptions.builder().lingerTimeout(PATIENT).build();
    try (var server = new TestServer(early, options);
        var client = server.connect()) {
      client.send(
          "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 9000000\r\nExpect: 100-continue\r\n\r\n");
      client.send(new byte[9_000_000]);
      var response = client.read();
      assertThat(response.status()).isEqualTo(401);
      assertThat(response.headers()).containsEntry("Connection", "close");
      assertThat(response.text()).isEqualTo("who are you");
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void nothingIsDeliveredAfterAnEarlyAnswer() throws Exception {
    List<String> calls = Collections.synchronizedList(new ArrayList<>());
    HTTPServerConnectionDelegate early =
        (connection, exchange) ->
            new TestRequest(exchange, request -> calls.add("finish")) {
              @Override
              public @Nullable CompletionStage<?> headersReceived(
                  StartLine startLine, HTTPHeaders headers) {
                reply(200, "early");
                return null;
              }

              @Override
              public @Nullable CompletionStage<?> dataReceived(byte[] chunk) {
                calls.add("data");
                return null;
              }

              @Override
              public void onConnectionClose() {
                calls.add("close");
              }
            };
    try (var server = new TestServer(early);
        var client = server.connect()) {
      client.send(BODY_HEAD + "3\r\nabc\r\n");
      assertThat(client.read().text()).isEqualTo("early");
      client.send("0\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.rest()).isEmpty();
      assertThat(calls).isEmpty();
    }
  }

  @Test
  void aStageThatCompletesAfterItsExchangeDisturbsNobody() throws Exception {
    var first = new AtomicReference<LoopFuture<Object>>();
    HTTPServerConnectionDelegate delegate =
        (connection, exchange) ->
            new TestRequest(exchange, HTTPServerTest::echo) {
              @Override
              public @Nullable CompletionStage<?> headersReceived(
                  StartLine startLine, HTTPHeaders headers) throws Exception {
                super.headersReceived(startLine, headers);
                if (!target().equals("/held")) {
                  return null;
                }
                reply(200, "held");
                var held = new LoopFuture<>(exchange.loop());
                first.set(held);
                return held;
              }
            };
    for (boolean fails : new boolean[] {false, true}) {
      try (var server = new TestServer(delegate);
          var client = server.connect()) {
        assertThat(client.get("/held").text()).isEqualTo("held");
        assertThat(client.get("/2").text()).isEqualTo("GET /2 ");
        var held = first.get();
        if (fails) {
          held.completeExceptionally(new IllegalStateException("late"));
        } else {
          held.complete("late");
        }
        for (int i = 3; i < 6; i++) {
          assertThat(client.get("/" + i).text()).isEqualTo("GET /" + i + " ");
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"java.lang.IllegalStateException", "java.lang.StackOverflowError"})
  void whatADelegateThrowsIsAnswered(String thrown) throws Exception {
    var type = Class.forName(thrown).asSubclass(Throwable.class);
    TestRequest.Answer failing =
        request -> {
          if (request.target().equals("/fail")) {
            throwAny(type.getDeclaredConstructor().newInstance());
          }
          HTTPServerTest.echo(request);
        };
    try (var server = new TestServer(failing);
        var client = server.connect()) {
      var response = client.get("/fail");
      assertThat(response.status()).isEqualTo(500);
      assertThat(response.headers()).containsEntry("Connection", "close");
      assertThat(client.rest()).isEmpty();
      assertThat(server.connect().get("/").status()).isEqualTo(200);
    }
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void throwAny(Throwable thrown) throws T {
    throw (T) thrown;
  }

  @Test
  void aVirtualMachineErrorIsAnsweredAndStopsTheLoop() throws Exception {
    TestRequest.Answer failing =
        request -> {
          throw new OutOfMemoryError("in a test");
        };
    try (var server = new TestServer(failing);
        var client = server.connect()) {
      assertThat(client.get("/").status()).isEqualTo(500);
      assertThatExceptionOfType(ExecutionException.class)
          .isThrownBy(() -> server.ended.get(20, TimeUnit.SECONDS))
          .withCauseInstanceOf(OutOfMemoryError.class);
    }
  }

  @Test
  void aDelegateMayRefuseItself() throws Exception {
    TestRequest.Answer refusing =
        request -> {
          throw new HTTPInputException(422, "not like this");
        };
    try (var server = new TestServer(refusing);
        var client = server.connect()) {
      assertThat(client.get("/").status()).isEqualTo(422);
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void aFailedStageIsAnswered() throws Exception {
    List<String> calls = Collections.synchronizedList(new ArrayList<>());
    var told = new CompletableFuture<Void>();
    HTTPServerConnectionDelegate failing =
        (connection, exchange) ->
            new TestRequest(exchange, request -> calls.add("finish")) {
              @Override
              public CompletionStage<?> dataReceived(byte[] chunk) {
                return CompletableFuture.failedFuture(new IllegalStateException("full"));
              }

              @Override
              public void onConnectionClose() {
                calls.add("close");
                told.complete(null);
              }
            };
    try (var server = new TestServer(failing);
        var client = server.connect()) {
      client.send(BODY_HEAD + "3\r\nabc\r\n0\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(500);
      told.get(20, TimeUnit.SECONDS);
      assertThat(calls).containsExactly("close");
    }
  }

  @Test
  void aBodyThatBreaksOffIsReportedInsteadOfFinish() throws Exception {
    var request = new CompletableFuture<TestRequest>();
    HTTPServerConnectionDelegate delegate =
        (connection, exchange) -> {
          var made = new TestRequest(exchange, HTTPServerTest::echo);
          request.complete(made);
          return made;
        };
    try (var server = new TestServer(delegate);
        var client = server.connect()) {
      client.send(BODY_HEAD + "3\r\nabc\r\nx\r\n");
      assertThat(client.read().status()).isEqualTo(400);
      request.get(20, TimeUnit.SECONDS).closed.get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void anAbortedAnswerIsSeenToBeCut() throws Exception {
    TestRequest.Answer cut =
        request -> {
          request.begin();
          request.write("abc");
          request.connection.abort();
          request.connection.abort();
          assertThat(request.write("x")).isCompletedExceptionally();
        };
    try (var server = new TestServer(cut);
        var client = server.connect()) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThatThrownBy(client::read).isInstanceOf(EOFException.class);
      try (var old = server.connect()) {
        old.send("GET / HTTP/1.0\r\n\r\n");
        old.expectReset(); // an orderly end would look whole
      }
    }
  }

  @Test
  void anAnswerMustKeepToItsLength() throws Exception {
    var failures = new CompletableFuture<Throwable>();
    TestRequest.Answer answer =
        request -> {
          var headers = new HTTPHeaders();
          headers.add("Content-Length", "3");
          request.connection.writeHeaders(TestRequest.status(200), headers, null);
          try {
            if (request.target().equals("/long")) {
              request.write("abcd");
            } else {
              request.write("ab");
              request.connection.finish();
            }
          } catch (Throwable e) {
            failures.complete(e);
            throw e;
          }
        };
    for (String target : List.of("/long", "/short")) {
      try (var server = new TestServer(answer);
          var client = server.connect()) {
        client.send("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThatThrownBy(client::read).isInstanceOf(EOFException.class);
        assertThat(failures.get(20, TimeUnit.SECONDS)).isInstanceOf(HTTPOutputException.class);
      }
    }
  }

  @Test
  void stepsOutOfOrderAreRefused() throws Exception {
    var failure = new CompletableFuture<Void>();
    TestRequest.Answer answer =
        request -> {
          try {
            assertThatIllegalStateException().isThrownBy(() -> request.write("x"));
            assertThatIllegalStateException().isThrownBy(request.connection::finish);
            request.begin();
            assertThatIllegalStateException().isThrownBy(request::begin);
            assertThatIllegalStateException().isThrownBy(request.connection::detach);
            request.connection.finish();
            assertThatIllegalStateException().isThrownBy(() -> request.write("x"));
            assertThatIllegalStateException().isThrownBy(request.connection::finish);
            failure.complete(null);
          } catch (Throwable e) {
            failure.completeExceptionally(e);
          }
        };
    try (var server = new TestServer(answer);
        var client = server.connect()) {
      assertThat(client.get("/").status()).isEqualTo(200);
      failure.get(20, TimeUnit.SECONDS);
      assertThatIllegalStateException()
          .isThrownBy(() -> server.server.closeAllConnections())
          .withMessageContaining("addCallback");
    }
  }
}
