// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Answers written by another thread, straight to the socket. */
class WriteLoanTest {
  /** What a borrowing thread does. */
  private interface Borrower {
    void use(WriteLoan loan, TestRequest request) throws Exception;
  }

  private final CompletableFuture<Throwable> failure = new CompletableFuture<>();

  private TestRequest.Answer borrowing(Borrower borrower) {
    return request -> {
      WriteLoan loan = request.connection.lendWriteSide();
      assertThat(loan).isNotNull();
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  borrower.use(loan, request);
                } catch (Throwable e) {
                  failure.complete(e);
                  loan.abort();
                }
              });
    };
  }

  @Test
  void endsWithTrailers() throws Exception {
    Borrower borrower =
        (loan, request) -> {
          var trailers = new HTTPHeaders();
          trailers.add("X-Sum", "1");
          loan.writeHeaders(TestRequest.status(200), new HTTPHeaders(), TestRequest.bytes("abc"));
          loan.finish(trailers);
        };
    try (var server = new TestServer(borrowing(borrower));
        var client = server.connect()) {
      for (int i = 0; i < 2; i++) {
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        for (String line = client.line(); !line.isEmpty(); ) {
          line = client.line();
        }
        assertThat(List.of(client.line(), client.line(), client.line(), client.line()))
            .containsExactly("3", "abc", "0", "X-Sum: 1");
        assertThat(client.line()).isEmpty();
      }
    }
  }

  @Test
  void anotherThreadWritesTheAnswer() throws Exception {
    var borrowing =
        borrowing(
            (loan, request) -> {
              loan.writeHeaders(TestRequest.status(200), new HTTPHeaders(), null);
              loan.write(TestRequest.bytes("small "));
              loan.write(ByteBuffer.allocateDirect(3).put(0, new byte[] {'a', 'b', 'c'}));
              loan.write(TestRequest.bytes("x".repeat(3_000_000)));
              loan.finish();
            });
    try (var server = new TestServer(borrowing);
        var client = server.connect()) {
      for (int i = 0; i < 3; i++) {
        var response = client.get("/");
        assertThat(response.headers()).containsEntry("Transfer-Encoding", "chunked");
        assertThat(response.text()).isEqualTo("small abc" + "x".repeat(3_000_000));
      }
    }
  }

  @Test
  void answersOfLoopAndBorrowersTakeTurnsOnAConnection() throws Exception {
    var borrowing =
        borrowing(
            (loan, request) -> {
              var headers = new HTTPHeaders();
              headers.add("Content-Length", "8");
              loan.writeHeaders(TestRequest.status(200), headers, TestRequest.bytes("borrowed"));
              loan.finish();
            });
    TestRequest.Answer both =
        request -> {
          if (request.target().equals("/loop")) {
            request.reply(200, "loop");
          } else {
            borrowing.to(request);
          }
        };
    try (var server = new TestServer(both);
        var client = server.connect()) {
      String loop = "GET /loop HTTP/1.1\r\nHost: a\r\n\r\n";
      String lent = "GET /lent HTTP/1.1\r\nHost: a\r\n\r\n";
      client.send((loop + lent).repeat(20));
      for (int i = 0; i < 20; i++) {
        assertThat(client.read().text()).isEqualTo("loop");
        assertThat(client.read().text()).isEqualTo("borrowed");
      }
    }
  }

  @Test
  void whileItIsLentTheLoopCannotWrite() throws Exception {
    var checked = new CompletableFuture<Void>();
    var done = new CompletableFuture<Void>();
    TestRequest.Answer answer =
        request -> {
          WriteLoan loan = request.connection.lendWriteSide();
          assertThat(loan).isNotNull();
          assertThatIllegalStateException().isThrownBy(request::begin);
          assertThatIllegalStateException().isThrownBy(() -> request.write("x"));
          assertThatIllegalStateException().isThrownBy(request.connection::finish);
          assertThatIllegalStateException().isThrownBy(request.connection::detach);
          assertThatIllegalStateException().isThrownBy(request.connection::lendWriteSide);
          checked.complete(null);
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      loan.writeHeaders(TestRequest.status(204), new HTTPHeaders(), null);
                      loan.finish();
                      loan.abort(); // too late to matter
                      assertThatIllegalStateException().isThrownBy(loan::finish);
                      done.complete(null);
                    } catch (Throwable e) {
                      done.completeExceptionally(e);
                    }
                  });
        };
    try (var server = new TestServer(answer);
        var client = server.connect()) {
      assertThat(client.get("/").status()).isEqualTo(204);
      checked.get(20, TimeUnit.SECONDS);
      done.get(20, TimeUnit.SECONDS);
      assertThat(client.get("/").status()).isEqualTo(204);
    }
  }

  @Test
  void anAbortedLoanCutsTheAnswer() throws Exception {
    var borrowing =
        borrowing(
            (loan, request) -> {
              loan.writeHeaders(
                  TestRequest.status(200), new HTTPHeaders(), TestRequest.bytes("abc"));
              loan.abort();
            });
    try (var server = new TestServer(borrowing);
        var client = server.connect()) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.line()).isEqualTo("HTTP/1.1 200 OK");
      assertThat(client.line()).startsWith("Date: ");
      assertThat(client.line()).isEqualTo("Transfer-Encoding: chunked");
      assertThat(client.line()).isEmpty();
      assertThat(client.line()).isEqualTo("3");
      assertThat(client.line()).isEqualTo("abc");
      client.expectCut();
    }
  }

  @Test
  void aLengthThatDoesNotHoldCutsTheAnswer() throws Exception {
    var borrowing =
        borrowing(
            (loan, request) -> {
              var headers = new HTTPHeaders();
              headers.add("Content-Length", "3");
              loan.writeHeaders(TestRequest.status(200), headers, TestRequest.bytes("ab"));
              loan.finish();
            });
    try (var server = new TestServer(borrowing);
        var client = server.connect()) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThatExceptionOfType(EOFException.class).isThrownBy(client::read);
      assertThat(failure.get(20, TimeUnit.SECONDS)).isInstanceOf(HTTPOutputException.class);
    }
  }

  @Test
  void aBorrowerLearnsThatThePeerHasGone() throws Exception {
    var request = new CompletableFuture<TestRequest>();
    var borrowing =
        borrowing(
            (loan, made) -> {
              request.complete(made);
              loan.writeHeaders(TestRequest.status(200), new HTTPHeaders(), null);
              while (true) {
                loan.write(TestRequest.bytes("x".repeat(50_000)));
              }
            });
    try (var server = new TestServer(borrowing);
        var client = server.connect()) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.line()).isEqualTo("HTTP/1.1 200 OK");
      client.reset();
      assertThat(failure.get(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
      request.get(20, TimeUnit.SECONDS).closed.get(20, TimeUnit.SECONDS);
      assertThat(server.connect().send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").line())
          .isEqualTo("HTTP/1.1 200 OK");
    }
  }

  @Test
  void theLoopMayCloseWhileItIsLent() throws Exception {
    var request = new CompletableFuture<TestRequest>();
    var borrowing =
        borrowing(
            (loan, made) -> {
              loan.writeHeaders(TestRequest.status(200), new HTTPHeaders(), null);
              request.complete(made);
              while (true) {
                loan.write(TestRequest.bytes("x".repeat(50_000)));
              }
            });
    try (var server = new TestServer(borrowing);
        var client = server.connect()) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      var made = request.get(20, TimeUnit.SECONDS);
      server.call(() -> server.server.closeAllConnections()).get(20, TimeUnit.SECONDS);
      assertThat(failure.get(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
      made.closed.get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void aPeerThatTakesNothingEndsTheLoan() throws Exception {
    var options = HTTPServerOptions.builder().stallTimeout(Duration.ofMillis(100)).build();
    var borrowing =
        TestRequest.answering(
            borrowing(
                (loan, made) -> {
                  loan.writeHeaders(TestRequest.status(200), new HTTPHeaders(), null);
                  while (true) {
                    loan.write(TestRequest.bytes("x".repeat(500_000)));
                  }
                }));
    try (var server = new TestServer(borrowing, options);
        var client = server.connect()) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(failure.get(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aRequestRefusedWhileLentIsAnsweredWhenTheLoanComesBack() throws Exception {
    var lent = new CompletableFuture<Void>();
    var told = new CompletableFuture<Void>();
    HTTPServerConnectionDelegate delegate =
        (connection, exchange) ->
            new TestRequest(exchange, request -> {}) {
              @Override
              public @Nullable CompletionStage<?> dataReceived(byte[] chunk) throws Exception {
                borrowing(
                        (loan, request) -> {
                          lent.complete(null);
                          told.get(20, TimeUnit.SECONDS);
                          loan.writeHeaders(TestRequest.status(200), new HTTPHeaders(), null);
                        })
                    .to(this);
                return super.dataReceived(chunk);
              }

              @Override
              public void onConnectionClose() {
                told.complete(null);
              }
            };
    try (var server = new TestServer(delegate);
        var client = server.connect()) {
      client.send("PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n");
      lent.get(20, TimeUnit.SECONDS);
      client.send("no size\r\n");
      assertThat(client.read().status()).isEqualTo(400);
      assertThat(client.rest()).isEmpty();
      assertThat(failure.get(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void anAnswerThatEndsAfterItsRequestWasRefusedIsCut() throws Exception {
    TestRequest.Answer answer =
        request -> {
          WriteLoan loan = request.connection.lendWriteSide();
          assertThat(loan).isNotNull();
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      loan.writeHeaders(TestRequest.status(200), new HTTPHeaders(), null);
                      request.closed.get(20, TimeUnit.SECONDS);
                      loan.finish();
                    } catch (Throwable e) {
                      failure.complete(e); // and no abort
                    }
                  });
        };
    HTTPServerConnectionDelegate delegate =
        (connection, exchange) ->
            new TestRequest(exchange, request -> {}) {
              @Override
              public @Nullable CompletionStage<?> dataReceived(byte[] chunk) throws Exception {
                answer.to(this);
                return super.dataReceived(chunk);
              }
            };
    try (var server = new TestServer(delegate);
        var client = server.connect()) {
      client.send("PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n");
      assertThat(client.line()).isEqualTo("HTTP/1.1 200 OK");
      assertThat(client.line()).startsWith("Date: ");
      assertThat(client.line()).isEqualTo("Transfer-Encoding: chunked");
      assertThat(client.line()).isEqualTo("Connection: close");
      assertThat(client.line()).isEmpty();
      client.send("no size\r\n");
      client.expectCut();
      assertThat(failure.get(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
    }
  }
}
