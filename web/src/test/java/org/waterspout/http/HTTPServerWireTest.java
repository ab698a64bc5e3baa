// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole server over real sockets, to the byte; only the value of Date is left out. */
class HTTPServerWireTest {
  private static final String LAST = "GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
  private static final String LAST_ANSWER =
      "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nDate: D\r\nConnection: close\r\n\r\nGET /last ";

  /** All that a server answers to some bytes until it closes the connection. */
  private static String answersTo(TestServer server, String wire) throws Exception {
    try (var client = server.connect()) {
      return withoutDates(client.send(wire).rest());
    }
  }

  private static String withoutDates(String answers) {
    String date = "Date: \\w{3}, \\d\\d \\w{3} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT\r\n";
    return answers.replaceAll(date, "Date: D\r\n");
  }

  private static String echoOf(String wire) throws Exception {
    try (var server = new TestServer(HTTPServerTest::echo)) {
      return answersTo(server, wire);
    }
  }

  private static String ok(String body) {
    String length = "Content-Length: " + body.length();
    return "HTTP/1.1 200 OK\r\n" + length + "\r\nDate: D\r\n\r\n" + body;
  }

  private static String refusal(int status) {
    String line = status + " " + HTTPStatus.reason(status);
    String text = status + ": " + HTTPStatus.reason(status) + "\n";
    return "HTTP/1.1 "
        + line
        + "\r\nContent-Type: text/plain; charset=UTF-8\r\nContent-Length: "
        + text.length()
        + "\r\nDate: D\r\nConnection: close\r\n\r\n"
        + text;
  }

  // What is refused.

  @ParameterizedTest
  @CsvSource({
    "400, 'GET / HTTP/1.1|Host : a||'",
    "400, 'GET / HTTP/1.1||'",
    "413, 'PUT / HTTP/1.1|Host: a|Content-Length: 9||'",
    "413, 'PUT / HTTP/1.1|Host: a|Transfer-Encoding: chunked||9|'",
    "414, 'GET /aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'",
    "417, 'PUT / HTTP/1.1|Host: a|Content-Length: 1|Expect: a-lot||'",
    "431, 'GET / HTTP/1.1|Host: a|X: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'",
    "431, 'PUT / HTTP/1.1|Host: a|Transfer-Encoding: chunked||0|X: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
        + "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'",
    "501, 'PUT / HTTP/1.1|Host: a|Transfer-Encoding: gzip, chunked||'",
    "505, 'GET / HTTP/2.0|'",
    "505, 'GET / HTTP/0.9|'"
  })
  void refusesWithAWholeAnswer(int status, String wire) throws Exception {
    var options = HTTPServerOptions.builder().maxHeaderSize(80).maxBodySize(8).build();
    try (var server = new TestServer(TestRequest.answering(HTTPServerTest::echo), options)) {
      assertThat(answersTo(server, wire.replace("|", "\r\n"))).isEqualTo(refusal(status));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "G",
        "GET / HTTP/1.1\r\nHost: a\r\n",
        "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nab",
        "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n",
      })
  void refusesARequestThatDoesNotGoOnWithAWholeAnswer(String wire) throws Exception {
    var limit = Duration.ofMillis(100);
    var options = HTTPServerOptions.builder().headerTimeout(limit).stallTimeout(limit).build();
    var echo = TestRequest.answering(HTTPServerTest::echo);
    try (var server = TestServer.withoutTime(echo, options);
        var client = server.connect()) {
      client.send(wire);
      server.awaitReceived(wire.length());
      server.pass(limit);
      assertThat(withoutDates(client.rest())).isEqualTo(refusal(408));
    }
  }

  @Test
  void aRefusalOfAHeadRequestHasABodyOnlyIfTheRequestWasNotUnderstood() throws Exception {
    String tooLong = "HEAD / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n";
    assertThat(echoOf(tooLong)).isEqualTo(refusal(413).replaceFirst("\r\n\r\n(?s).*", "\r\n\r\n"));
    assertThat(echoOf("HEAD / HTTP/1.1\r\n\r\n")).isEqualTo(refusal(400));
  }

  // Who keeps the connection, and how the answer ends.

  @Test
  void answersOneAfterTheOtherAndClosesBehindTheLast() throws Exception {
    String first = "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n";
    assertThat(echoOf(first + LAST)).isEqualTo(ok("GET /1 ") + LAST_ANSWER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Connection: close",
        "Connection: CLOSE",
        "Connection: keep-alive, Close",
        "Connection: x ,\tclose\t, y",
        "Connection: x\r\nConnection: close",
      })
  void readsConnectionAsAList(String field) throws Exception {
    String wire = "GET /last HTTP/1.1\r\nHost: a\r\n" + field + "\r\n\r\n";
    assertThat(echoOf(wire + wire)).isEqualTo(LAST_ANSWER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.1", "HTTP/1.2", "HTTP/1.9"})
  void keepsTheConnectionWhateverTheMinorVersion(String version) throws Exception {
    String first = "GET /1 " + version + "\r\nHost: a\r\nConnection: closed\r\n\r\n";
    assertThat(echoOf(first + LAST)).isEqualTo(ok("GET /1 ") + LAST_ANSWER);
  }

  @Test
  void answersOldClients() throws Exception {
    String kept = "GET /1 HTTP/1.0\r\nConnection: x, Keep-Alive\r\n\r\n";
    String last = "GET /last HTTP/1.0\r\n\r\n";
    assertThat(echoOf(kept + last))
        .isEqualTo(
            "HTTP/1.1 200 OK\r\nContent-Length: 7\r\nDate: D\r\nConnection: keep-alive\r\n\r\n"
                + "GET /1 "
                + LAST_ANSWER);
  }

  @Test
  void framesAnswersOfUnknownLength() throws Exception {
    TestRequest.Answer inPieces =
        request -> {
          request.begin();
          request.write("abc");
          request.write("");
          request.write("0123456789abcdef");
          request.connection.finish();
        };
    try (var server = new TestServer(inPieces)) {
      assertThat(answersTo(server, LAST))
          .isEqualTo(
              "HTTP/1.1 200 OK\r\nDate: D\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n"
                  + "\r\n3\r\nabc\r\n10\r\n0123456789abcdef\r\n0\r\n\r\n");
      assertThat(answersTo(server, "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"))
          .isEqualTo("HTTP/1.1 200 OK\r\nDate: D\r\nConnection: close\r\n\r\nabc0123456789abcdef");
      assertThat(answersTo(server, LAST.replace("GET", "HEAD")))
          .isEqualTo("HTTP/1.1 200 OK\r\nDate: D\r\nConnection: close\r\n\r\n");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 304})
  void answersThatHaveNoBodyHaveNoFramingEither(int status) throws Exception {
    TestRequest.Answer bodiless =
        request -> {
          request.connection.writeHeaders(TestRequest.status(status), new HTTPHeaders(), null);
          request.connection.finish();
        };
    try (var server = new TestServer(bodiless)) {
      String line = "HTTP/1.1 " + status + " " + HTTPStatus.reason(status) + "\r\nDate: D\r\n";
      assertThat(answersTo(server, "GET / HTTP/1.1\r\nHost: a\r\n\r\n" + LAST))
          .isEqualTo(line + "\r\n" + line + "Connection: close\r\n\r\n");
    }
  }

  @Test
  void aFailedAnswerInChunksIsCutAndNotEnded() throws Exception {
    TestRequest.Answer failing =
        request -> {
          request.begin();
          request.write("abc");
          throw new IllegalStateException("in the middle");
        };
    try (var server = new TestServer(failing);
        var client = server.connect()) {
      client.send(LAST);
      assertThat(withoutDates(client.restBeforeCut()))
          .isEqualTo(
              "HTTP/1.1 200 OK\r\nDate: D\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n"
                  + "\r\n3\r\nabc\r\n");
    }
  }

  // Bodies of requests.

  @ParameterizedTest
  @ValueSource(strings = {"100-continue", "100-Continue", "100-CONTINUE", "100-continue,"})
  void saysThatItWantsTheBody(String expectation) throws Exception {
    String put = "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: ";
    assertThat(echoOf(put + expectation + "\r\n\r\nabc" + LAST))
        .isEqualTo("HTTP/1.1 100 Continue\r\n\r\n" + ok("PUT / abc") + LAST_ANSWER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n",
        "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nExpect: 100-continue\r\n\r\n",
      })
  void asksForNoBodyThatIsNotThere(String put) throws Exception {
    assertThat(echoOf(put + LAST)).isEqualTo(ok("PUT / ") + LAST_ANSWER);
  }

  @Test
  void asksNoOldClientForItsBody() throws Exception {
    String put = "PUT / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc";
    assertThat(echoOf(put))
        .isEqualTo(ok("PUT / abc").replace("D\r\n\r\n", "D\r\nConnection: close\r\n\r\n"));
  }

  @Test
  void readsBodiesOfAnyMethodAndNoneWithoutALength() throws Exception {
    String get = "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";
    String post = "POST / HTTP/1.1\r\nHost: a\r\n\r\n";
    assertThat(echoOf(get + post + LAST)).isEqualTo(ok("GET / abc") + ok("POST / ") + LAST_ANSWER);
  }

  @Test
  void handsBodiesOnInPiecesOfLimitedSize() throws Exception {
    List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());
    HTTPServerConnectionDelegate delegate =
        (server, connection) ->
            new TestRequest(connection, HTTPServerTest::echo) {
              @Override
              public @Nullable CompletionStage<?> dataReceived(byte[] chunk) throws Exception {
                sizes.add(chunk.length);
                return super.dataReceived(chunk);
              }
            };
    String put = "PUT / HTTP/1.1\r\nHost: a\r\n";
    String known = put + "Content-Length: 1000\r\n\r\n" + "x".repeat(1000);
    String chunks = "190\r\n" + "x".repeat(400) + "\r\n258\r\n" + "x".repeat(600) + "\r\n0\r\n\r\n";
    String unknown = put + "Transfer-Encoding: chunked\r\n\r\n" + chunks;
    var options = HTTPServerOptions.builder().chunkSize(100).build();
    try (var server = new TestServer(delegate, options)) {
      String body = ok("PUT / " + "x".repeat(1000));
      assertThat(answersTo(server, known + unknown + LAST)).isEqualTo(body + body + LAST_ANSWER);
      assertThat(sizes).allMatch(size -> size > 0 && size <= 100);
      assertThat(sizes.stream().mapToInt(size -> size).sum()).isEqualTo(2000);
    }
  }

  @Test
  void skipsExtensionsOfChunksAndKeepsTrailersOutOfTheHeaders() throws Exception {
    TestRequest.Answer names =
        request -> request.reply(200, request.text() + " " + request.headers.size());
    String chunks = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    String body =
        "3;a=b;c=\"d;e\"\r\nabc\r\n002 ;x\r\nde\r\n0;y\r\nHost: b\r\nContent-Length: 9\r\n";
    try (var server = new TestServer(names)) {
      assertThat(answersTo(server, chunks + body + "\r\n" + LAST))
          .startsWith(ok("abcde 2"))
          .endsWith(" 2");
    }
  }

  @Test
  void extensionsOfChunksAreLimitedOneByOneAndInAll() throws Exception {
    String head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    String most = "1;" + "x".repeat(1020) + "\r\na\r\n"; // 1024 bytes with the end of the line
    assertThat(echoOf(head + most + "0\r\n\r\n" + LAST)).isEqualTo(ok("POST / a") + LAST_ANSWER);
    assertThat(echoOf(head + "1;" + "x".repeat(1021) + "\r\na\r\n0\r\n\r\n"))
        .isEqualTo(refusal(400));
    assertThat(echoOf(head + most.repeat(20) + "0\r\n\r\n")).isEqualTo(refusal(400));
  }

  // Targets.

  @Test
  void understandsEveryFormOfTarget() throws Exception {
    TestRequest.Answer hosts =
        request -> request.reply(200, request.target() + " " + request.headers.get("Host"));
    String wire =
        "GET http://b:81/x?y HTTP/1.1\r\nHost: a\r\n\r\n"
            + "GET HTTP://b HTTP/1.1\r\nHost: a\r\n\r\n"
            + "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"
            + "CONNECT c:443 HTTP/1.1\r\nHost: c:443\r\nConnection: close\r\n\r\n";
    try (var server = new TestServer(hosts)) {
      assertThat(answersTo(server, wire))
          .isEqualTo(
              ok("http://b:81/x?y b:81")
                  + ok("HTTP://b b")
                  + ok("* a")
                  + "HTTP/1.1 200 OK\r\nDate: D\r\nConnection: close\r\n\r\nc:443 c:443");
    }
  }

  // Pieces.

  private static final String FIRST =
      "\r\nGET /1 HTTP/1.1\r\nHost: a\r\n\r\n"
          + "POST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\nabc"
          + "POST /3 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
          + "3;x=\"y\"\r\ndef\r\n1\r\n\n\r\n0\r\nT: u\r\n\r\n";
  private static final String ANSWERS =
      ok("GET /1 ")
          + "HTTP/1.1 100 Continue\r\n\r\n"
          + ok("POST /2 abc")
          + ok("POST /3 def\n")
          + LAST_ANSWER;

  @Test
  void answersRequestsThatComeByteByByte() throws Exception {
    try (var server = new TestServer(HTTPServerTest::echo);
        var client = server.connect()) {
      for (char c : (FIRST + LAST).toCharArray()) {
        client.send(Character.toString(c));
        server.turns(2); // so that it arrives alone
      }
      assertThat(withoutDates(client.rest())).isEqualTo(ANSWERS);
    }
  }

  @Test
  void answersRequestsThatAreSplitAnywhere() throws Exception {
    String wire = FIRST + LAST;
    try (var server = new TestServer(HTTPServerTest::echo)) {
      for (int i = 1; i < wire.length(); i++) {
        try (var client = server.connect()) {
          client.send(wire.substring(0, i));
          server.turns(2);
          client.send(wire.substring(i));
          assertThat(withoutDates(client.rest())).as("split at " + i).isEqualTo(ANSWERS);
        }
      }
    }
  }

  // Half a connection.

  @Test
  void aClientThatHasEndedItsOutputStillGetsItsAnswers() throws Exception {
    String get = "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n";
    try (var server = new TestServer(HTTPServerTest::echo);
        var client = server.connect()) {
      client.send(get.repeat(100)).endOutput();
      assertThat(withoutDates(client.rest())).isEqualTo(ok("GET /1 ").repeat(100));
    }
  }

  @Test
  void aClientThatHasEndedItsOutputStillGetsABigAnswer() throws Exception {
    int size = 20_000_000; // more than the sockets hold
    TestRequest.Answer big =
        request -> {
          var headers = new HTTPHeaders();
          headers.add("Content-Length", Integer.toString(size));
          request.connection.writeHeaders(
              TestRequest.status(200), headers, ByteBuffer.allocate(size));
          request.connection.finish();
        };
    try (var server = new TestServer(big);
        var client = server.connect()) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").endOutput();
      server.turns(5);
      assertThat(client.read().body()).hasSize(size);
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void anAnswerThatWaitsIsToldOfAClientThatHasEndedItsOutput() throws Exception {
    var waiting = new CompletableFuture<TestRequest>();
    try (var server = new TestServer(waiting::complete);
        var client = server.connect()) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").endOutput();
      waiting.get(20, TimeUnit.SECONDS).closed.get(20, TimeUnit.SECONDS);
      assertThat(client.rest()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HT",
        "GET / HTTP/1.1\r\nHost: a\r\n",
        "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nab",
        "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n",
      })
  void halfARequestIsNone(String wire) throws Exception {
    try (var server = new TestServer(HTTPServerTest::echo);
        var client = server.connect()) {
      client.send(wire).endOutput();
      assertThat(client.rest()).isEmpty();
    }
  }
}
