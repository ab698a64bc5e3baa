// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The whole server over real sockets: clients that take too long. */
class HTTPServerTimeoutTest {
  private static final Duration SHORT = Duration.ofMillis(100);

  private static TestServer serve(TestRequest.Answer answer, HTTPServerOptions options)
      throws Exception {
    return TestServer.withoutTime(TestRequest.answering(answer), options);
  }

  @Test
  void closesIdleConnectionsSilently() throws Exception {
    var options = HTTPServerOptions.builder().idleTimeout(SHORT).headerTimeout(SHORT).build();
    try (var server = serve(HTTPServerTest::echo, options);
        var used = server.connect();
        var unused = server.connect()) {
      assertThat(used.get("/").status()).isEqualTo(200);
      server.awaitConnections(2);
      server.pass(SHORT);
      assertThat(used.rest()).isEmpty();
      assertThat(unused.rest()).isEmpty();
    }
  }

  @Test
  void answersRequestsThatTakeTooLong() throws Exception {
    var options = HTTPServerOptions.builder().headerTimeout(SHORT).stallTimeout(SHORT).build();
    for (String wire : List.of("GET / HTT", HTTPServerTroubleTest.BODY_HEAD + "5\r\nab")) {
      try (var server = serve(HTTPServerTest::echo, options);
          var client = server.connect()) {
        client.send(wire);
        server.awaitReceived(wire.length());
        server.pass(SHORT);
        assertThat(client.read().status()).isEqualTo(408);
      }
    }
  }

  @Test
  void answersBodiesThatTakeTooLongInAll() throws Exception {
    HTTPServerConnectionDelegate delegate =
        (connection, exchange) ->
            new TestRequest(exchange, HTTPServerTest::echo) {
              @Override
              public @Nullable CompletionStage<?> headersReceived(
                  StartLine startLine, HTTPHeaders headers) throws Exception {
                exchange.setBodyTimeout(SHORT);
                return super.headersReceived(startLine, headers);
              }
            };
    try (var server = new TestServer(delegate)) {
      assertThat(HTTPServerTroubleTest.status(server, HTTPServerTroubleTest.BODY_HEAD + "5\r\nab"))
          .isEqualTo(408);
    }
  }

  @Test
  void cutsPeersThatTakeNothing() throws Exception {
    var options = HTTPServerOptions.builder().stallTimeout(SHORT).build();
    var request = new CompletableFuture<TestRequest>();
    var delegate =
        TestRequest.answering(
            made -> {
              made.begin();
              made.write("x".repeat(20_000_000));
              request.complete(made);
            });
    try (var server = new TestServer(delegate, options);
        var client = server.connect()) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      request.get(20, TimeUnit.SECONDS).closed.get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void waitingAnswersHaveNoLimit() throws Exception {
    var options =
        HTTPServerOptions.builder()
            .idleTimeout(SHORT)
            .headerTimeout(SHORT)
            .stallTimeout(SHORT)
            .build();
    var waiting = new CompletableFuture<TestRequest>();
    try (var server = serve(waiting::complete, options);
        var client = server.connect()) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      var request = waiting.get(20, TimeUnit.SECONDS);
      for (int i = 0; i < 6; i++) {
        server.pass(SHORT);
      }
      server.call(() -> request.reply(200, "late"));
      assertThat(client.read().text()).isEqualTo("late");
    }
  }

  @Test
  void peersThatNeverStopSendingAreLeft() throws Exception {
    var options = HTTPServerOptions.builder().lingerTimeout(SHORT).build();
    try (var server = new TestServer(TestRequest.answering(HTTPServerTest::echo), options);
        var client = server.connect()) {
      client.send("x\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(400);
      assertThatThrownBy(
              () -> {
                while (true) {
                  client.send(new byte[1000]);
                }
              })
          .isInstanceOf(java.io.IOException.class);
    }
  }
}
