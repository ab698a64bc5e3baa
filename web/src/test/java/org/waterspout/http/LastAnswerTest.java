// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What has been answered is not lost when its connection ends, whatever ends it. */
class LastAnswerTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

  /** Much more than sockets hold. */
  private static final String LARGE = "x".repeat(16 * 1024 * 1024);

  /** Bytes behind the last request make its answer wait for what they may become. */
  @ParameterizedTest
  @ValueSource(strings = {"", "\r\n", "GET /b HT"})
  void reachesAClientThatEndsItsOutputAtOnce(String behind) throws Exception {
    try (var server = new TestServer(request -> request.reply(200, "hello"));
        var client = server.connect()) {
      client.send(GET + behind);
      client.endOutput();
      assertThat(client.read().text()).isEqualTo("hello");
      assertThat(client.rest()).isEmpty();
    }
  }

  /** The end comes between any two steps of the server. */
  @ParameterizedTest
  @ValueSource(
      strings = {GET + GET, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello" + GET})
  void reachesAClientThatEndsItsOutputMeanwhile(String requests) throws Exception {
    try (var server = new TestServer(request -> request.reply(200, "hello"))) {
      for (int i = 0; i < 200; i++) {
        try (var client = server.connect()) {
          client.send(requests);
          long until = System.nanoTime() + i * 2_000L;
          while (System.nanoTime() < until) {
            Thread.onSpinWait();
          }
          client.endOutput();
          assertThat(client.read().text()).isEqualTo("hello");
          assertThat(client.read().text()).isEqualTo("hello");
          assertThat(client.rest()).isEmpty();
        }
      }
    }
  }

  /** A socket that is closed with unread input is reset, and what it had to send is lost. */
  @Test
  void reachesAClientThatSendsMoreThanIsAnswered() throws Exception {
    try (var server = new TestServer(request -> request.reply(200, LARGE));
        var client = server.connect()) {
      client.send(
          "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
              + "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n"
              + "x".repeat(200_000));
      assertThat(client.read().body()).hasSize(LARGE.length());
      assertThat(client.rest()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"zz\r\n", "fff\r\n"})
  void reachesAClientWhoseBodyIsRefusedMeanwhile(String chunk) throws Exception {
    var refusing = new CompletableFuture<TestRequest>();
    HTTPServerConnectionDelegate delegate =
        (_, exchange) ->
            new TestRequest(exchange, _ -> {}) {
              @Override
              public @Nullable CompletionStage<?> dataReceived(byte[] piece) throws Exception {
                refusing.complete(this);
                return super.dataReceived(piece);
              }
            };
    var options = HTTPServerOptions.builder().maxBodySize(100).build();
    try (var server = new TestServer(delegate, options);
        var client = server.connect()) {
      client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n");
      var request = refusing.get(20, TimeUnit.SECONDS);
      var replied = server.call(() -> request.reply(403, LARGE));
      assertThat(replied.isDone()).isFalse();
      client.send(chunk);
      var answer = client.read();
      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.body()).hasSize(LARGE.length());
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void reachesAClientWhoseBodyTakesTooLongMeanwhile() throws Exception {
    var limit = Duration.ofMillis(100);
    var longAfter = new CompletableFuture<Void>();
    HTTPServerConnectionDelegate delegate =
        (_, exchange) ->
            new TestRequest(exchange, _ -> {}) {
              @Override
              public @Nullable CompletionStage<?> headersReceived(
                  StartLine startLine, HTTPHeaders headers) {
                reply(403, LARGE);
                connection.loop().callLater(limit.multipliedBy(5), () -> longAfter.complete(null));
                return null;
              }
            };
    var options = HTTPServerOptions.builder().bodyTimeout(limit).build();
    try (var server = new TestServer(delegate, options);
        var client = server.connect()) {
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nx");
      longAfter.get(20, TimeUnit.SECONDS);
      assertThat(client.read().body()).hasSize(LARGE.length());
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void isWaitedForWhenTheServerStops() throws Exception {
    try (var server = new TestServer(request -> request.reply(200, LARGE));
        var client = server.connect()) {
      client.send(GET + "\r\n"); // the answer may be held back for what follows
      assertThat(client.line()).isEqualTo("HTTP/1.1 200 OK");
      var stopped = server.call(() -> server.server.stop(Duration.ofHours(1)));
      server.turns(5);
      assertThat(stopped.isDone()).isFalse();
      while (!client.line().isEmpty()) {}
      assertThat(client.exactly(LARGE.length())).hasSize(LARGE.length());
      assertThat(client.rest()).isEmpty();
      client.endOutput();
      assertThat(stopped.get(20, TimeUnit.SECONDS)).isTrue();
    }
  }
}
