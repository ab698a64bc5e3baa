// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The futures that an exchange gives away, and the stages that it is given. */
class ExchangeFuturesTest {
  private static final int LARGE = 20_000_000; // more than the sockets hold

  @Test
  void cancellingTheFutureOfAnAnswerDoesNotStopTheConnection() throws Exception {
    TestRequest.Answer cancelled = request -> request.reply(200, "x".repeat(LARGE)).cancel(false);
    answersTwice(cancelled);
  }

  @Test
  void cancellingTheFutureOfAPieceDoesNotStopTheConnection() throws Exception {
    TestRequest.Answer cancelled =
        request -> {
          var headers = new HTTPHeaders();
          headers.add("Content-Length", Integer.toString(LARGE));
          request.connection.writeHeaders(TestRequest.status(200), headers, null);
          request.connection.write(ByteBuffer.allocate(LARGE)).cancel(false);
          request.connection.finish(); // writes nothing more
        };
    answersTwice(cancelled);
  }

  private static void answersTwice(TestRequest.Answer answer) throws Exception {
    try (var server = new TestServer(answer);
        var client = server.connect()) {
      assertThat(client.get("/1").text()).hasSize(LARGE);
      assertThat(client.get("/2").text()).hasSize(LARGE);
    }
  }

  @Test
  void aStageThatFailsWithAVirtualMachineErrorStopsTheLoop() throws Exception {
    HTTPServerConnectionDelegate failing =
        (connection, exchange) ->
            new TestRequest(exchange, HTTPServerTest::echo) {
              @Override
              public CompletionStage<?> headersReceived(StartLine startLine, HTTPHeaders headers) {
                return CompletableFuture.failedFuture(new OutOfMemoryError("in a test"));
              }
            };
    try (var server = new TestServer(failing);
        var client = server.connect()) {
      assertThat(client.get("/").status()).isEqualTo(500);
      assertThatExceptionOfType(ExecutionException.class)
          .isThrownBy(() -> server.ended.get(20, TimeUnit.SECONDS))
          .withCauseInstanceOf(OutOfMemoryError.class);
    }
  }
}
