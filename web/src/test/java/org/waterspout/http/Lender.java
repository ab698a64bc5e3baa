// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lends the write side of each request to the test: of {@code /early} when its headers are there,
 * of {@code /piece} with the first piece of its body, of all others when they are whole. What
 * begins with {@code /loop} the loop answers itself.
 */
final class Lender implements HTTPServerConnectionDelegate {
  /** A request in the hands of the test. */
  record Lent(TestRequest request, WriteLoan loan) {
    /** Status line and headers, of an answer in chunks. */
    void begin() throws Exception {
      loan.writeHeaders(TestRequest.status(200), new HTTPHeaders(), null);
    }

    void write(String text) throws Exception {
      loan.write(TestRequest.bytes(text));
    }

    /** What a thread of its own, which writes until that fails, is told. */
    CompletableFuture<Exception> writeWithoutEnd() {
      var failure = new CompletableFuture<Exception>();
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  while (true) {
                    write("x".repeat(50_000));
                  }
                } catch (Exception e) {
                  failure.complete(e);
                }
              });
      return failure;
    }

    /** The exchange is over for its delegate. */
    void awaitClose() throws Exception {
      request.closed.get(20, TimeUnit.SECONDS);
    }
  }

  private final BlockingQueue<Lent> lent = new LinkedBlockingQueue<>();
  private final BlockingQueue<Object> closed = new LinkedBlockingQueue<>();
  private final BlockingQueue<TestRequest> whole = new LinkedBlockingQueue<>();

  @Override
  public HTTPMessageDelegate startRequest(Object server, HTTPConnection connection) {
    return new Request(connection);
  }

  @Override
  public void onClose(Object server) {
    closed.add(server);
  }

  /** On the loop. */
  void lend(TestRequest request) {
    var loan = request.connection.lendWriteSide();
    assertThat(loan).isNotNull();
    lent.add(new Lent(request, loan));
  }

  Lent next() throws Exception {
    var next = lent.poll(20, TimeUnit.SECONDS);
    assertThat(next).as("a lent request").isNotNull();
    return next;
  }

  boolean hasLent() {
    return !lent.isEmpty();
  }

  /** A request is whole; not for those that are whole when they are lent. */
  void awaitWhole() throws Exception {
    assertThat(whole.poll(20, TimeUnit.SECONDS)).as("a whole request").isNotNull();
  }

  /** A connection has ended. */
  void awaitConnectionClose() throws Exception {
    assertThat(closed.poll(20, TimeUnit.SECONDS)).as("a closed connection").isNotNull();
  }

  private final class Request extends TestRequest {
    Request(HTTPConnection connection) {
      super(connection, request -> {});
    }

    @Override
    public @Nullable CompletionStage<?> headersReceived(StartLine startLine, HTTPHeaders headers)
        throws Exception {
      super.headersReceived(startLine, headers);
      if (target().equals("/early")) {
        lend(this);
      }
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> dataReceived(byte[] chunk) throws Exception {
      super.dataReceived(chunk);
      if (target().equals("/piece") && body.size() == chunk.length) {
        lend(this);
      }
      return null;
    }

    @Override
    public void finish() {
      if (target().startsWith("/loop")) {
        HTTPServerTest.echo(this);
      } else if (target().equals("/early") || target().equals("/piece")) {
        whole.add(this);
      } else {
        lend(this);
        if (target().equals("/throw")) {
          throw new IllegalStateException("after it was lent");
        }
      }
    }
  }
}
