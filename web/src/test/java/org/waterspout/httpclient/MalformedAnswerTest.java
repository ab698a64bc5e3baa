// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.random.RandomGeneratorFactory;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers that are none give a clear error, and their connection serves nobody again. */
class MalformedAnswerTest {
  static List<String> answers() {
    var ok = "HTTP/1.1 200 OK\r\n";
    return List.of(
        "nonsense\r\n\r\n",
        "HTTP/2.0 200 OK\r\n\r\n",
        "HTTP/1.1 99 Low\r\n\r\n",
        "HTTP/1.1 2000 High\r\n\r\n",
        "HTTP/1.1 +20 OK\r\n\r\n",
        "ICY 200 OK\r\n\r\n",
        ok + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        ok + "Content-Length: 5, 6\r\n\r\nhello!",
        ok + "Content-Length: -1\r\n\r\n",
        ok + "Content-Length: +5\r\n\r\nhello",
        ok + "Content-Length: 0x5\r\n\r\nhello",
        ok + "Content-Length: 99999999999999999999\r\n\r\n",
        ok + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        ok + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
        ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhelloX0\r\n\r\n",
        ok + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
        "HTTP/1.1 204 No\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 204 No\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n",
        ok + "X: a\r\n folded\r\n\r\n",
        ok + " X: a\r\n\r\n",
        ok + "X y: a\r\n\r\n",
        ok + "X : a\r\n\r\n",
        ok + ": a\r\n\r\n",
        ok + "no colon\r\n\r\n",
        ok + "X: a\u0000b\r\n\r\n",
        ok + "X: a\rb\r\n\r\n",
        ok + "X: " + "y".repeat(70_000) + "\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\n".repeat(5_000) + ok + "\r\n",
        ok + "Content-Length: 200000000\r\n\r\n",
        ok + "Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nplain");
  }

  @ParameterizedTest
  @MethodSource("answers")
  void refusesMalformedAnswers(String answer) throws Exception {
    try (var server =
            new ScriptedServer(
                peer -> {
                  peer.head();
                  peer.say(answer);
                  peer.awaitEnd();
                });
        var client = new ClientLoop()) {
      assertThat(client.failure(server.url("/")))
          .isInstanceOf(HTTPClientError.class)
          .isNotInstanceOf(HTTPTimeoutError.class)
          .hasMessageStartingWith("a malformed answer: ");
      assertThat(client.call(() -> client.client.pool().openCount())).isZero();
    }
  }

  @Test
  void takesNoCutAnswerForAWholeOne() throws Exception {
    var answers =
        List.of(
            "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
                + "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: y\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nT: u\r\n\r\n");
    try (var client = new ClientLoop()) {
      for (var answer : answers) {
        for (int i = 0; i < answer.length(); i++) {
          var part = answer.substring(0, i);
          try (var server =
              new ScriptedServer(
                  peer -> {
                    peer.head();
                    peer.say(part);
                  })) {
            assertThat(client.failure(server.url("/")))
                .as(part)
                .isInstanceOf(HTTPStreamClosedError.class);
          }
        }
      }
      assertThat(client.call(() -> client.client.pool().openCount())).isZero();
    }
  }

  @Test
  void readsAnswersThatComeByteByByte() throws Exception {
    var answer =
        "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nX: y\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nT: u\r\n\r\n";
    try (var server =
            new ScriptedServer(
                peer -> {
                  while (!peer.head().isEmpty()) {
                    for (char c : answer.toCharArray()) {
                      peer.say(String.valueOf(c));
                    }
                  }
                });
        var client = new ClientLoop()) {
      for (int i = 0; i < 5; i++) {
        var response = client.fetch(server.url("/"));
        assertThat(response.text()).isEqualTo("hello");
        assertThat(response.trailers().get("T")).isEqualTo("u");
      }
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  private static byte[] gzip(byte[] plain) throws Exception {
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(plain);
    }
    return out.toByteArray();
  }

  private static ScriptedServer sending(byte[] body) throws Exception {
    return new ScriptedServer(
        peer -> {
          while (!peer.head().isEmpty()) {
            peer.say(
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: "
                    + body.length
                    + "\r\n\r\n");
            peer.say(body);
          }
        });
  }

  @Test
  void inflatesAndLimitsWhatComesOfIt() throws Exception {
    var large = gzip(new byte[1_000_000]);
    try (var server = sending(large);
        var client = new ClientLoop(ClientOptions.builder().maxBodySize(999_999).build())) {
      assertThat(client.failure(server.url("/"))).hasMessageStartingWith("a malformed answer: ");
      var more = client.fetch(HTTPRequest.builder(server.url("/")).maxBodySize(1_000_000).build());
      assertThat(more.body()).hasSize(1_000_000);
      assertThat(more.headers().get("X-Consumed-Content-Encoding")).isEqualTo("gzip");
      assertThat(more.headers().contains("Content-Encoding")).isFalse();
      var raw = client.fetch(server.url("/"), request -> request.decompressResponse(false));
      assertThat(raw.body()).isEqualTo(large);
      assertThat(raw.headers().get("Content-Encoding")).isEqualTo("gzip");
    }
  }

  @Test
  void takesNoCutGzipForAWholeOne() throws Exception {
    var whole = gzip("hello".repeat(20).getBytes());
    try (var client = new ClientLoop()) {
      for (int i = 1; i < whole.length; i++) {
        try (var server = sending(Arrays.copyOf(whole, i))) {
          assertThat(client.failure(server.url("/"))).isInstanceOf(HTTPClientError.class);
        }
      }
    }
  }

  @Test
  void survivesRandomAnswers() throws Exception {
    var random = RandomGeneratorFactory.of("L64X128MixRandom").create(3);
    var bases = new ArrayList<>(answers());
    bases.removeIf(answer -> answer.length() > 1000);
    try (var client = new ClientLoop()) {
      for (int i = 0; i < 300; i++) {
        var text = new StringBuilder(bases.get(random.nextInt(bases.size())));
        for (int n = random.nextInt(3); n >= 0; n--) {
          int at = random.nextInt(text.length());
          text.setCharAt(at, (char) random.nextInt(256));
        }
        try (var server =
            new ScriptedServer(
                peer -> {
                  peer.head();
                  peer.say(text.toString());
                  peer.socket.shutdownOutput();
                  peer.awaitEnd();
                })) {
          try {
            client.fetch(server.url("/"));
          } catch (ExecutionException e) {
            assertThat(e).as(text.toString()).hasCauseInstanceOf(HTTPClientError.class);
          }
        }
      }
      ClientLoop.until(() -> client.call(() -> client.client.pool().openCount()) == 0);
    }
  }

  @Test
  void tooLargeForAnArrayNeedsACallback() throws Exception {
    var head = "HTTP/1.1 200 OK\r\nContent-Length: 3000000000\r\n\r\n";
    try (var server =
            new ScriptedServer(
                peer -> {
                  peer.head();
                  peer.say(head + "x");
                });
        var client = new ClientLoop()) {
      var request = HTTPRequest.builder(server.url("/")).maxBodySize(4L << 30);
      assertThat(client.failure(request.build()))
          .isExactlyInstanceOf(HTTPClientError.class)
          .hasMessageContaining("body of 3000000000 bytes is over 2147483639");
      assertThat(client.failure(request.streamingCallback(chunk -> {}).build()))
          .isInstanceOf(HTTPStreamClosedError.class); // as it ends too soon
    }
  }
}
