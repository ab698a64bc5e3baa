// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.http.Exchanges.connect;
import static org.waterspout.http.Exchanges.get;
import static org.waterspout.http.Exchanges.headers;
import static org.waterspout.http.Exchanges.line;
import static org.waterspout.http.Exchanges.send;

import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.iostream.IOStream;
import org.waterspout.iostream.StreamBufferFullException;
import org.waterspout.iostream.StreamLimits;
import org.waterspout.testing.GenTest;

/** Back-pressure and limits of a client's exchanges. */
class HTTP1ClientLimitsTest {
  @GenTest(timeout = 60)
  void aDelegateThatWaitsHoldsTheServerBack() throws Exception {
    byte[] piece = new byte[64 * 1024];
    int pieces = 1024;
    try (var server = new LoopPeer()) {
      var connection = connect(server.port());
      var released = new LoopFuture<Void>();
      var begun = new LoopFuture<Void>();
      var count = new long[1];
      var answer =
          new TestAnswer() {
            @Override
            public @Nullable CompletionStage<?> dataReceived(byte[] chunk) {
              assertThat(begun.isDone() && !released.isDone()).isFalse();
              begun.complete(null);
              count[0] += chunk.length;
              return released;
            }
          };
      send(connection, "GET", answer);
      server.acceptHead();
      long all = (long) pieces * piece.length;
      server.send(
          ("HTTP/1.1 200 OK\r\nContent-Length: " + all + "\r\n\r\n")
              .getBytes(StandardCharsets.ISO_8859_1));
      assertThat(server.fill(piece, pieces)).as("the server is stuck").isTrue();
      assertThat(begun).isDone();
      assertThat(answer.over).isNotDone();
      released.complete(null);
      server.sendRest();
      answer.whole();
      assertThat(count[0]).isEqualTo(all);
    }
  }

  @GenTest(timeout = 20)
  void aParkedDelegateIsCalledForOneThingAtATime() throws Exception {
    try (var server =
        RawServer.answering(
            "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\n\r\n" + "x".repeat(10))) {
      var options = HTTP1ClientOptions.defaults().withChunkSize(1);
      var connection = connect(server.port(), options);
      List<String> calls = new ArrayList<>();
      var answer =
          new TestAnswer() {
            private void park(String what) {
              calls.add("<" + what);
              await(org.waterspout.gen.Gen.moment());
              await(org.waterspout.gen.Gen.moment());
              calls.add(what + ">");
            }

            @Override
            public @Nullable CompletionStage<?> informational(
                ResponseStartLine startLine, HTTPHeaders headers) {
              park("i");
              return null;
            }

            @Override
            public @Nullable CompletionStage<?> headersReceived(
                StartLine startLine, HTTPHeaders headers) {
              park("h");
              return null;
            }

            @Override
            public @Nullable CompletionStage<?> dataReceived(byte[] chunk) {
              park("d");
              return null;
            }
          };
      send(connection, "GET", answer).whole();
      assertThat(String.join("", calls)).isEqualTo("<ii><hh>" + "<dd>".repeat(10));
    }
  }

  @GenTest(timeout = 20)
  void limitsCanBeChangedForOneAnswer() throws Exception {
    try (var server =
        new RawServer(
            peer -> {
              for (int i = 0; i < 3; i++) {
                peer.head();
                peer.sendIfOpen(
                    ("HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n" + "x".repeat(2000))
                        .getBytes(StandardCharsets.ISO_8859_1));
              }
              peer.restBeforeCut();
            })) {
      var connection = connect(server.port(), HTTP1ClientOptions.defaults().withMaxBodySize(1999));
      var early = get(connection);
      connection.setMaxBodySize(2000);
      assertThat(early.whole().text()).hasSize(2000);
      var late =
          new TestAnswer() {
            @Override
            public @Nullable CompletionStage<?> headersReceived(
                StartLine startLine, HTTPHeaders headers) throws Exception {
              connection.setMaxBodySize(5000);
              return super.headersReceived(startLine, headers);
            }
          };
      assertThat(send(connection, "GET", late).whole().text()).hasSize(2000);
      assertThat(get(connection).failure()).hasMessageContaining("over 1999");
    }
  }

  @GenTest(timeout = 20)
  void inflatesIfItIsTold() throws Exception {
    byte[] zipped = Gzipped.of("hello ".repeat(1000));
    String head =
        "HTTP/1.1 200 OK\r\nContent-Encoding: x-gzip\r\nX-Consumed-Content-Encoding: br\r\n";
    for (String framing : List.of("Content-Length: " + zipped.length + "\r\n\r\n", "\r\n")) {
      try (var server =
          new RawServer(
              peer -> {
                peer.head();
                peer.send(head + framing).send(zipped);
              })) {
        var connection = connect(server.port(), HTTP1ClientOptions.defaults().withChunkSize(100));
        var answer = get(connection);
        connection.setDecompress(true);
        assertThat(answer.whole().text()).isEqualTo("hello ".repeat(1000));
        assertThat(answer.headers.getList("X-Consumed-Content-Encoding")).containsExactly("x-gzip");
        assertThat(answer.headers.contains("Content-Encoding")).isFalse();
        assertThat(answer.headers.contains("Content-Length")).isFalse();
        var raw = connect(server.port());
        assertThat(get(raw).whole().body.toByteArray()).isEqualTo(zipped);
      }
    }
  }

  @GenTest(timeout = 20)
  void compressedAnswersMustBeWholeAndNotTooLarge() throws Exception {
    byte[] zipped = Gzipped.of("x".repeat(100_000));
    for (int cut : new int[] {1, 9, 30, zipped.length - 1, zipped.length, zipped.length + 1}) {
      byte[] sent = java.util.Arrays.copyOf(zipped, cut);
      for (String framing : List.of("Content-Length: " + cut + "\r\n\r\n", "\r\n")) {
        try (var server =
            new RawServer(
                peer -> {
                  peer.head();
                  peer.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n" + framing);
                  peer.sendIfOpen(sent);
                })) {
          var connection =
              connect(server.port(), HTTP1ClientOptions.defaults().withMaxBodySize(99_999));
          var answer = get(connection);
          connection.setDecompress(true);
          assertThat(answer.failure()).as("cut at " + cut).isInstanceOf(HTTPInputException.class);
          var larger = connect(server.port());
          var whole = get(larger);
          larger.setDecompress(true);
          if (cut == zipped.length) {
            assertThat(whole.whole().text()).hasSize(100_000);
          } else {
            assertThat(whole.failure()).isInstanceOf(HTTPInputException.class);
          }
        }
      }
    }
  }

  @GenTest(timeout = 20)
  void anEndThatThereIsNoRoomForCutsTheRequest() throws Exception {
    var limits = StreamLimits.DEFAULT.withMaxWriteBufferSize(1000);
    var stream = new IOStream(SocketChannel.open(), limits); // where all waits
    var connection = new HTTP1ClientConnection(stream, HTTP1ClientOptions.defaults());
    connection.writeHeaders(
        line("PUT", "/"), headers("Transfer-Encoding: chunked"), null, new TestAnswer());
    int room = 1000 - (int) stream.writeQueueSize();
    connection.write(ByteBuffer.allocate(room - 7 - 4)); // 7 frame it, and the end takes 5
    assertThat(stream.writeQueueSize()).isEqualTo(996);
    assertThatThrownBy(connection::finish).isInstanceOf(StreamBufferFullException.class);
    assertThat(stream.closed()).isTrue();
    assertThat(connection.finish()).isCompletedExceptionally();
  }
}
