// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.sleep;
import static org.waterspout.web.Application.url;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.iostream.StreamClosedException;
import org.waterspout.log.Log;
import org.waterspout.testing.ExpectLog;
import org.waterspout.web.testing.ApplicationExtension;

/** Streams of events on a server, whose clients stay, wait or vanish. */
@Timeout(60)
class EventStreamServerTest {
  @FunctionalInterface
  private interface Body {
    void run(EventStream events) throws Exception;
  }

  private final class Events extends RequestHandler {
    @Override
    protected void get() throws Exception {
      body.run(EventStream.open(this));
    }
  }

  @RegisterExtension
  final ApplicationExtension app =
      ApplicationExtension.of(() -> new Application(url("/", Events::new)));

  private volatile Body body;

  private Socket connect() throws IOException {
    var socket = new Socket("127.0.0.1", app.port());
    socket.setSoTimeout(20_000);
    socket
        .getOutputStream()
        .write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  @Test
  void eachEventArrivesBeforeTheNextIsMade() throws Exception {
    var asked = new LoopFuture<Void>(app.loop());
    body =
        events -> {
          await(events.send("first"));
          await(asked);
          await(events.send("second"));
        };
    try (var client = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(URI.create(app.url("/")))
              .header("Accept", "text/event-stream")
              .timeout(Duration.ofSeconds(20))
              .build();
      var answer = client.send(request, BodyHandlers.ofInputStream());
      assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/event-stream");
      var first = ":\n\ndata: first\n\n".getBytes(StandardCharsets.UTF_8);
      assertThat(answer.body().readNBytes(first.length)).isEqualTo(first);
      asked.complete(null);
      assertThat(answer.body().readAllBytes()).asString().endsWith("data: second\n\n");
    }
  }

  /** Nothing is logged as an error: the extension would say so. */
  @Test
  void endsQuietlyWhenTheClientVanishes() throws Exception {
    var ended = new CompletableFuture<Throwable>();
    body =
        events -> {
          try {
            while (true) {
              await(events.send("tick"));
              await(sleep(Duration.ofMillis(1)));
            }
          } catch (Throwable e) {
            assertThat(events.closed()).isTrue();
            ended.complete(e);
            throw e;
          }
        };
    try (var socket = connect()) {
      assertThat(socket.getInputStream().read()).isEqualTo('H');
      socket.setSoLinger(true, 0); // a reset
    }
    assertThat(ended.get(20, TimeUnit.SECONDS)).isInstanceOf(StreamClosedException.class);
  }

  @Test
  void aClientThatTakesNothingHoldsTheHandlerBack() throws Exception {
    var event = "x".repeat(1 << 20);
    var held = new CompletableFuture<Boolean>();
    body =
        events -> {
          while (true) {
            var sent = events.send(event);
            if (!sent.isDone()) {
              held.complete(true);
            }
            await(sent);
          }
        };
    try (var socket = connect()) {
      assertThat(held.get(20, TimeUnit.SECONDS)).isTrue();
      assertThat(socket.getInputStream().read()).isEqualTo('H');
    }
  }

  @Test
  void whoSendsWithoutWaitingLosesAClientThatTakesNothing() throws Exception {
    var event = "x".repeat(1 << 20);
    var sentUntilCut = new CompletableFuture<Integer>();
    body =
        events -> {
          int sent = 0;
          while (!events.closed()) {
            var _ = events.send(event);
            sent++;
            assertThat(sent).isLessThan(1000);
          }
          sentUntilCut.complete(sent);
        };
    try (var _ = new ExpectLog(Log.GENERAL, "Events are not taken, cut: GET / \\(127.0.0.1\\)");
        var socket = connect()) {
      assertThat(sentUntilCut.get(20, TimeUnit.SECONDS)).isGreaterThan(16);
      assertThat(socket.isConnected()).isTrue();
    }
  }
}
