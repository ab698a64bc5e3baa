// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.moment;
import static org.waterspout.http.Exchanges.OK;
import static org.waterspout.http.Exchanges.bytes;
import static org.waterspout.http.Exchanges.connect;
import static org.waterspout.http.Exchanges.get;
import static org.waterspout.http.Exchanges.headers;
import static org.waterspout.http.Exchanges.line;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.iostream.StreamClosedException;
import org.waterspout.testing.FakeClock;
import org.waterspout.testing.GenTest;

/** Answers of success that come before the request has left. */
class HTTP1ClientEarlyAnswerTest {
  /** Tells when the body has come, after which there is only the end. */
  private static final class Body extends TestAnswer {
    final LoopFuture<Void> came = new LoopFuture<>();

    @Override
    public @Nullable CompletionStage<?> dataReceived(byte[] chunk) throws Exception {
      super.dataReceived(chunk);
      came.complete(null);
      return null;
    }
  }

  /** Sends one byte of three, and waits for the answer's body. */
  private static Body begin(HTTP1ClientConnection connection) {
    var answer = new Body();
    connection.writeHeaders(line("PUT", "/"), headers("Content-Length: 3"), bytes("a"), answer);
    await(answer.came);
    return answer;
  }

  @GenTest(timeout = 20)
  void theRequestIsStillSentAndTheConnectionKept() throws Exception {
    var seen = new LoopFuture<String>();
    try (var server =
        new RawServer(
            peer -> {
              peer.head();
              peer.send(OK);
              seen.complete(new String(peer.exactly(3), "ISO-8859-1"));
              peer.head();
              peer.send(OK);
              peer.rest();
            })) {
      var connection = connect(server.port());
      var answer = begin(connection);
      connection.write(bytes("bc"));
      assertThat(connection.reusable()).isFalse();
      assertThat(answer.over).isNotDone();
      connection.finish();
      assertThat(answer.whole().text()).isEqualTo("ok");
      assertThat(await(seen)).isEqualTo("abc");
      assertThat(connection.reusable()).isTrue();
      assertThat(get(connection).whole().text()).isEqualTo("ok");
      connection.abort();
    }
  }

  @GenTest(timeout = 20)
  void theRequestIsCutIfTheServerDoesNotGoOn() throws Exception {
    var seen = new LoopFuture<String>();
    try (var server =
        new RawServer(
            peer -> {
              peer.head();
              peer.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
              seen.complete(peer.rest());
            })) {
      var connection = connect(server.port());
      var answer = begin(connection);
      assertThat(answer.whole().text()).isEqualTo("ok");
      assertThat(connection.stream().closed()).isTrue();
      assertThat(await(seen)).isEqualTo("a");
    }
  }

  @GenTest(timeout = 20)
  void theAnswerCountsIfTheServerThenCloses() throws Exception {
    var close = new LoopFuture<Void>();
    try (var server =
        new RawServer(
            peer -> {
              peer.head();
              peer.exactly(1);
              peer.send(OK);
              close.toCompletableFuture().get();
            })) {
      var connection = connect(server.port());
      var answer = begin(connection);
      assertThat(answer.over).isNotDone();
      close.complete(null);
      assertThat(answer.whole().text()).isEqualTo("ok");
      assertThat(connection.stream().closed()).isTrue();
    }
  }

  @GenTest(timeout = 20)
  void theAnswerCountsIfTheServerGoesOnTalking() throws Exception {
    try (var server =
        new RawServer(
            peer -> {
              peer.head();
              peer.exactly(1);
              peer.send(OK + OK);
              peer.rest();
            })) {
      var connection = connect(server.port());
      var answer = begin(connection);
      assertThat(answer.whole().text()).isEqualTo("ok");
      assertThat(connection.stream().closed()).isTrue();
    }
  }

  @GenTest(timeout = 20)
  void theAnswerCountsIfTheRequestIsGivenUp() throws Exception {
    for (boolean before : new boolean[] {true, false}) {
      try (var server =
          new RawServer(
              peer -> {
                peer.head();
                peer.send(OK);
                peer.rest();
              })) {
        var connection = connect(server.port());
        if (before) {
          var answer = new TestAnswer();
          connection.writeHeaders(
              line("PUT", "/"), headers("Content-Length: 3"), bytes("a"), answer);
          connection.cutRequest();
          assertThat(answer.whole().text()).isEqualTo("ok");
        } else {
          var answer = begin(connection);
          connection.cutRequest();
          assertThat(answer.whole().text()).isEqualTo("ok");
        }
        assertThat(connection.stream().closed()).isTrue();
        connection.cutRequest();
      }
    }
  }

  private static RawServer answeringUnread(CountDownLatch end) throws Exception {
    return new RawServer(
        peer -> {
          peer.head();
          peer.send(OK);
          end.await();
        });
  }

  private static void awaitEarlyAnswer(HTTP1ClientConnection connection) {
    while (!connection.answeredEarly()) {
      await(moment());
    }
  }

  @GenTest(timeout = 20)
  void theAnswerCountsIfARequestThatHasNotLeftIsGivenUp() throws Exception {
    var end = new CountDownLatch(1);
    try (var server = answeringUnread(end);
        AutoCloseable _ = end::countDown) {
      var connection = connect(server.port());
      var answer = new TestAnswer();
      var body = ByteBuffer.allocate(20_000_000);
      connection.writeHeaders(
          line("PUT", "/"), headers("Content-Length: " + body.remaining()), null, answer);
      assertThat(connection.answeredEarly()).isFalse();
      var written = connection.write(body);
      connection.finish();
      awaitEarlyAnswer(connection);
      assertThat(answer.over).isNotDone();
      connection.cutRequest();
      assertThat(answer.whole().text()).isEqualTo("ok");
      assertThat(connection.answeredEarly()).isFalse();
      assertThat(connection.stream().closed()).isTrue();
      assertThatThrownBy(() -> await(written)).isInstanceOf(StreamClosedException.class);
    }
  }

  @Test
  void theRequestIsCutOnceNothingMoreIsWritten() throws Exception {
    var clock = new FakeClock();
    try (var loop = clock.newLoop()) {
      loop.runSync(
          () -> {
            var end = new CountDownLatch(1);
            var limit = HTTP1ClientOptions.defaults().stallTimeout();
            try (var server = answeringUnread(end);
                AutoCloseable _ = end::countDown) {
              var connection = connect(server.port());
              var answer = begin(connection);
              awaitEarlyAnswer(connection);
              connection.write(bytes("b"));
              clock.advance(limit);
              await(moment());
              assertThat(answer.over).isNotDone();
              clock.advance(limit);
              assertThat(answer.whole().text()).isEqualTo("ok");
              assertThat(connection.stream().closed()).isTrue();
            }
            return null;
          });
    }
  }

  @GenTest(timeout = 20)
  void anAbortMeanwhileIsTheEnd() throws Exception {
    var gone = new LoopFuture<Void>();
    try (var server =
        new RawServer(
            peer -> {
              peer.head();
              peer.send(OK);
              peer.rest();
              gone.complete(null);
            })) {
      var connection = connect(server.port());
      var answer = begin(connection);
      connection.abort();
      await(gone);
      assertThat(answer.over).isNotDone();
    }
  }
}
