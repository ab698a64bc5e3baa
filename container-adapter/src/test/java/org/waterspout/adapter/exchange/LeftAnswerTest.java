// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.waterspout.http.Capability;
import org.waterspout.http.ConnectionContext;
import org.waterspout.http.HTTPConnection;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPMessageDelegate;
import org.waterspout.http.RequestStartLine;
import org.waterspout.http.ResponseStartLine;
import org.waterspout.http.StartLine;
import org.waterspout.ioloop.IOLoop;

/** Answers that a thread of the container writes and completes. */
class LeftAnswerTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private final LoopThread thread = new LoopThread("test", new IOLoop());
  private final BlockingQueue<String> calls = new LinkedBlockingQueue<>();
  private final CompletableFuture<Void> finished = new CompletableFuture<>();

  @AfterEach
  void stopLoop() {
    thread.stop();
  }

  @Test
  void areFinishedForWhoeverWroteThem() throws Exception {
    begin(open(LONG));
    finished.get(10, TimeUnit.SECONDS);
    assertThat(calls).containsExactly("left");
  }

  @Test
  void areCutWhenTheClientDoesNotTakeThem() throws Exception {
    begin(open(Duration.ofMillis(20)));
    assertThat(next()).isEqualTo("left");
    assertThat(next()).isEqualTo("cut");
  }

  @Test
  void areCutWhenTheClientIsGone() throws Exception {
    var exchange = begin(open(LONG));
    assertThat(next()).isEqualTo("left");
    exchange.post(() -> exchange.lost(null));
    assertThat(next()).isEqualTo("cut");
  }

  @Test
  void areCutWhenTheAdapterStops() throws Exception {
    var open = open(LONG);
    begin(open);
    assertThat(next()).isEqualTo("left");
    open.shutDown();
    assertThat(calls).containsExactly("cut");
  }

  @Test
  void areCutWhenTheLoopHasEnded() throws Exception {
    var open = open(LONG);
    begin(open);
    assertThat(next()).isEqualTo("left");
    thread.stop();
    open.abandon();
    assertThat(calls).containsExactly("abandon");
  }

  @Test
  void areNobodysOnceTheyAreCompleted() throws Exception {
    var open = open(LONG);
    var exchange = begin(open);
    assertThat(next()).isEqualTo("left");
    exchange.departed();
    exchange.post(() -> exchange.lost(null));
    open.shutDown();
    open.abandon();
    assertThat(calls).isEmpty();
  }

  private String next() throws InterruptedException {
    return calls.poll(10, TimeUnit.SECONDS);
  }

  private OpenExchanges open(Duration stallTimeout) {
    var limits = new OpenExchanges.Limits(1024, stallTimeout);
    return new OpenExchanges(thread.loop(), (_, connection) -> new Hello(connection), limits);
  }

  private Exchange begin(OpenExchanges open) {
    var head =
        new RequestHead(
            new RequestStartLine("GET", "/", "HTTP/1.1"),
            new HTTPHeaders(),
            new ConnectionContext("127.0.0.1", 1, "127.0.0.1", 2, "http"),
            List.of(),
            "",
            -1,
            false);
    var deployment = new Deployment("test", EnumSet.noneOf(Capability.class));
    return open.begin(deployment, head, Leaving::new).exchange;
  }

  private final class Hello implements HTTPMessageDelegate {
    private final HTTPConnection connection;

    Hello(HTTPConnection connection) {
      this.connection = connection;
    }

    @Override
    public CompletableFuture<?> headersReceived(StartLine startLine, HTTPHeaders headers) {
      return null;
    }

    @Override
    public CompletableFuture<?> dataReceived(byte[] chunk) {
      return null;
    }

    @Override
    public void finish() {
      var headers = new HTTPHeaders();
      headers.set("Content-Length", "5");
      var start = new ResponseStartLine("HTTP/1.1", 200, "OK");
      var _ = connection.writeHeaders(start, headers, ByteBuffer.wrap("hello".getBytes()));
      connection.finish().whenComplete((_, _) -> finished.complete(null));
    }
  }

  /** Leaves the whole answer to a container, which does nothing by itself. */
  private final class Leaving implements Carrier {
    final Exchange exchange;

    Leaving(Exchange exchange) {
      this.exchange = exchange;
    }

    @Override
    public void readMore() {}

    @Override
    public void sendHead(int status, HTTPHeaders headers, long contentLength) {}

    @Override
    public void answerQueued() {
      if (exchange.answer().ended()) {
        exchange.left();
        calls.add("left");
      }
    }

    @Override
    public void complete() {
      calls.add("complete");
    }

    @Override
    public void cut() {
      calls.add("cut");
    }

    @Override
    public void abandon() {
      calls.add("abandon");
    }
  }
}
