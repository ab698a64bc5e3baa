// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Answers that begin before their request has arrived. */
class HTTPServerDuplexTest {
  /** An answer that is made while its request arrives: each piece is sent back. */
  private static TestRequest sendingBack(HTTPConnection exchange, boolean atOnce) {
    return new TestRequest(exchange, _ -> exchange.finish()) {
      private boolean begun;

      @Override
      public @Nullable CompletionStage<?> headersReceived(
          StartLine startLine, HTTPHeaders headers) {
        return atOnce ? send(null) : null;
      }

      @Override
      public @Nullable CompletionStage<?> dataReceived(byte[] chunk) {
        return send(ByteBuffer.wrap(chunk));
      }

      private CompletionStage<?> send(@Nullable ByteBuffer piece) {
        if (begun) {
          return connection.write(Objects.requireNonNull(piece));
        }
        begun = true;
        var startLine = new ResponseStartLine("HTTP/1.1", 200, "OK");
        return connection.writeHeaders(startLine, new HTTPHeaders(), piece);
      }
    };
  }

  @Test
  void answersWhileTheRequestArrivesAndGoesOn() throws Exception {
    for (boolean atOnce : new boolean[] {true, false}) {
      try (var server = new TestServer((_, exchange) -> sendingBack(exchange, atOnce));
          var client = server.connect()) {
        for (int i = 0; i < 2; i++) {
          client.send(HTTPServerTroubleTest.BODY_HEAD + "3\r\nabc\r\n");
          assertThat(client.line()).isEqualTo("HTTP/1.1 200 OK");
          assertThat(client.line()).startsWith("Date: ");
          assertThat(client.line()).isEqualTo("Transfer-Encoding: chunked");
          assertThat(client.line()).isEmpty();
          assertThat(client.exactly(8)).asString().isEqualTo("3\r\nabc\r\n");
          client.send("1\r\nd\r\n");
          assertThat(client.exactly(6)).asString().isEqualTo("1\r\nd\r\n");
          client.send("0\r\n\r\n");
          assertThat(client.exactly(5)).asString().isEqualTo("0\r\n\r\n");
        }
      }
    }
  }

  @Test
  void doesNotGoOnBehindABodyThatMayNotCome() throws Exception {
    try (var server = new TestServer((_, exchange) -> sendingBack(exchange, true));
        var client = server.connect()) {
      client.send(
          "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\nabc");
      var response = client.read();
      assertThat(response.headers()).containsEntry("Connection", "close");
      assertThat(response.text()).isEqualTo("abc");
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void aSuccessOfConnectEndsWithItsConnection() throws Exception {
    try (var server = new TestServer(HTTPServerTest::echo);
        var client = server.connect()) {
      client.send("CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n");
      var response = client.read();
      assertThat(response.headers())
          .containsEntry("Connection", "close")
          .doesNotContainKeys("Content-Length", "Transfer-Encoding");
      assertThat(response.text()).isEqualTo("CONNECT a:80 ");
    }
  }
}
