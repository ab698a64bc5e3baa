// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.gen.Gen.await;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fields behind the body of a request on their way to the delegate. */
class RequestTrailersTest {
  private static final String HEAD =
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

  private interface OnTrailers {
    void received(HTTPHeaders trailers) throws Exception;
  }

  /** Notes what comes, and answers at the end. */
  private final class Noting extends TestRequest {
    private final OnTrailers onTrailers;

    Noting(HTTPConnection connection, OnTrailers onTrailers) {
      super(connection, request -> request.reply(200, "answer"));
      this.onTrailers = onTrailers;
    }

    @Override
    public @Nullable CompletionStage<?> dataReceived(byte[] chunk) throws Exception {
      events.add("data");
      return super.dataReceived(chunk);
    }

    @Override
    public void trailersReceived(HTTPHeaders trailers) throws Exception {
      events.add("trailers " + trailers.getAll());
      onTrailers.received(trailers);
    }

    @Override
    public void finish() throws Exception {
      events.add("finish " + text() + " " + headers.contains("X-Sum"));
      super.finish();
    }

    @Override
    public void onConnectionClose() {
      events.add("closed");
    }
  }

  private TestServer serve(OnTrailers onTrailers) throws Exception {
    return new TestServer((server, connection) -> new Noting(connection, onTrailers));
  }

  private String event() throws InterruptedException {
    String event = events.poll(20, TimeUnit.SECONDS);
    assertThat(event).isNotNull();
    return event;
  }

  @Test
  void deliversTrailersBetweenTheBodyAndTheEnd() throws Exception {
    try (var server = serve(trailers -> {});
        var client = server.connect()) {
      for (int i = 0; i < 2; i++) {
        client.send(HEAD + "3\r\nabc\r\n0\r\nX-Sum: 1\r\nx-sum:2 \r\nOther: \r\n\r\n");
        assertThat(client.read().text()).isEqualTo("answer");
        assertThat(event()).isEqualTo("data");
        assertThat(event()).isEqualTo("trailers [X-Sum=1, x-sum=2, Other=]");
        assertThat(event()).isEqualTo("finish abc false");
      }
    }
  }

  @Test
  void deliversTrailersThatComeByteByByte() throws Exception {
    try (var server = serve(trailers -> {});
        var client = server.connect()) {
      for (char c : (HEAD + "1\r\na\r\n0\r\nX-Sum: 1\r\n\r\n").toCharArray()) {
        client.send(new byte[] {(byte) c});
      }
      assertThat(client.read().text()).isEqualTo("answer");
      assertThat(events).containsExactly("data", "trailers [X-Sum=1]", "finish a false");
    }
  }

  @Test
  void deliversTrailersOfAnEmptyBody() throws Exception {
    try (var server = serve(trailers -> {});
        var client = server.connect()) {
      client.send(HEAD + "0\r\nX-Sum: 1\r\n\r\n");
      assertThat(client.read().text()).isEqualTo("answer");
      assertThat(events).containsExactly("trailers [X-Sum=1]", "finish  false");
    }
  }

  @Test
  void callsNobodyWhereThereAreNone() throws Exception {
    try (var server = serve(trailers -> {});
        var client = server.connect()) {
      client.send(HEAD + "1\r\na\r\n0\r\n\r\n").read();
      client.get("/");
      assertThat(events).containsExactly("data", "finish a false", "finish  false");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 5",
        "transfer-encoding: chunked",
        "HOST: b",
        "Authorization: Basic eDp5",
        "Cookie: a=b",
        "Content-Type: text/html",
        "If-Match: \"x\"",
        "X-Forwarded-For: 192.0.2.1",
        "X-Real-IP: 192.0.2.1",
        "Forwarded: for=192.0.2.1"
      })
  void dropsWhatOnlyCountsInFrontOfABody(String field) throws Exception {
    try (var server = serve(trailers -> {});
        var client = server.connect()) {
      client.send(HEAD + "0\r\n" + field + "\r\n\r\n").read();
      client.send(HEAD + "0\r\nA: 1\r\n" + field + "\r\nB: 2\r\n\r\n").read();
      assertThat(events).containsExactly("finish  false", "trailers [A=1, B=2]", "finish  false");
    }
  }

  @Test
  void waitsForTheDelegate() throws Exception {
    var release = new CompletableFuture<Void>();
    try (var server = serve(trailers -> await(release));
        var client = server.connect()) {
      client.send(HEAD + "0\r\nX-Sum: 1\r\n\r\n");
      assertThat(event()).startsWith("trailers");
      server.turns(5);
      assertThat(events).isEmpty();
      release.complete(null);
      assertThat(client.read().text()).isEqualTo("answer");
      assertThat(event()).startsWith("finish");
    }
  }

  @Test
  void finishesNothingForAClientThatHasGoneMeanwhile() throws Exception {
    var release = new CompletableFuture<Void>();
    try (var server = serve(trailers -> await(release));
        var client = server.connect()) {
      client.send(HEAD + "0\r\nX-Sum: 1\r\n\r\n");
      assertThat(event()).startsWith("trailers");
      client.reset();
      assertThat(event()).isEqualTo("closed");
      release.complete(null);
      server.turns(5);
      assertThat(events).isEmpty();
    }
  }

  @Test
  void lastsNoLongerThanAnAnswerThatCameBefore() throws Exception {
    try (var server = new TestServer((its, connection) -> new Answering(connection));
        var client = server.connect()) {
      client.send(HEAD + "0\r\nX-Sum: 1\r\n\r\n");
      assertThat(client.read().text()).isEqualTo("early");
      assertThat(client.rest()).isEmpty();
      assertThat(events).isEmpty();
    }
  }

  private final class Answering extends TestRequest {
    Answering(HTTPConnection connection) {
      super(connection, request -> events.add("finish"));
    }

    @Override
    public void trailersReceived(HTTPHeaders trailers) {
      reply(200, "early");
    }
  }

  @Test
  void refusesWhatTheDelegateRefuses() throws Exception {
    OnTrailers refusing =
        trailers -> {
          throw new HTTPInputException(422, "not the sum of this body");
        };
    try (var server = serve(refusing);
        var client = server.connect()) {
      client.send(HEAD + "0\r\nX-Sum: 1\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(422);
      assertThat(event()).startsWith("trailers");
      assertThat(event()).isEqualTo("closed");
    }
  }
}
