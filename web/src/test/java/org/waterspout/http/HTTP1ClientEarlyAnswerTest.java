// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.http.Exchanges.OK;
import static org.waterspout.http.Exchanges.bytes;
import static org.waterspout.http.Exchanges.connect;
import static org.waterspout.http.Exchanges.get;
import static org.waterspout.http.Exchanges.headers;
import static org.waterspout.http.Exchanges.line;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.LoopFuture;
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
