// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.moment;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.testing.FakeClock;

/** Servers that answer while the request is still on its way. */
class EarlyAnswerTest {
  private static final String REFUSAL =
      "HTTP/1.1 413 Too Large\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n";
  private static final byte[] REASON = gzip("too much".repeat(1000));
  private static final int LARGE = 20_000_000;

  private final List<String> heads = new CopyOnWriteArrayList<>();
  private ClientLoop client;

  @BeforeEach
  void start() throws Exception {
    client = new ClientLoop();
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
  }

  private static byte[] gzip(String text) {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new GZIPOutputStream(bytes)) {
      zip.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private HTTPRequest upload(ScriptedServer server, String method, boolean produced) {
    var request =
        HTTPRequest.builder(server.url("/")).method(method).requestTimeout(ClientLoop.DEADLINE);
    if (!produced) {
      return request.body(new byte[LARGE]).build();
    }
    return request
        .bodyProducer(
            body -> {
              for (int i = 0; i < LARGE / 100_000; i++) {
                await(body.write(new byte[100_000]));
              }
            })
        .build();
  }

  /** Refuses each upload, and resets the connection: what was sent is unread when it closes. */
  private ScriptedServer refusing() throws Exception {
    return new ScriptedServer(
        peer -> {
          var head = peer.head();
          while (head.startsWith("GET")) {
            peer.answer("ok");
            head = peer.head();
          }
          if (!head.isEmpty()) {
            heads.add(head);
            peer.say(REFUSAL.formatted(REASON.length));
            peer.say(REASON);
          }
        });
  }

  @ParameterizedTest
  @CsvSource({"PUT, false", "PUT, true", "POST, false", "POST, true"})
  void aRefusalIsReadThoughTheServerHasResetTheConnection(String method, boolean produced)
      throws Exception {
    try (var server = refusing()) {
      for (int i = 1; i <= 20; i++) {
        if (i % 2 == 0) {
          client.fetch(server.url("/")); // so that the next one is on a kept connection
        }
        var failure = client.failure(upload(server, method, produced));
        assertThat(failure).hasMessage("HTTP 413: Too Large");
        assertThat(((HTTPClientError) failure).response().text())
            .isEqualTo("too much".repeat(1000));
        assertThat(heads).as("sent once each").hasSize(i);
      }
    }
  }

  /** What is kept when the reset comes is delivered, even if a callback has to be waited for. */
  @Test
  void aRefusalIsReadByCallbacksThatWait() throws Exception {
    try (var server = refusing()) {
      var body = new StringBuilder();
      var response =
          client.fetchAny(
              upload(server, "POST", false).toBuilder()
                  .headerCallback(
                      (line, headers) -> {
                        for (int i = 0; i < 20; i++) {
                          await(moment());
                        }
                      })
                  .streamingCallback(
                      chunk -> {
                        await(moment());
                        body.append(new String(chunk, StandardCharsets.UTF_8));
                      })
                  .build());
      assertThat(response.code()).isEqualTo(413);
      assertThat(body.toString()).isEqualTo("too much".repeat(1000));
    }
  }

  @Test
  void anAnswerThatHasBegunIsNotAskedForAgain() throws Exception {
    try (var server =
        new ScriptedServer(
            peer -> {
              for (var head = peer.head(); !head.isEmpty(); head = peer.head()) {
                heads.add(head);
                if (head.startsWith("PUT")) {
                  peer.say("HTTP/1.1 413 Too");
                  return; // with what was sent unread
                }
                peer.answer("ok");
              }
            })) {
      client.fetch(server.url("/"));
      assertThat(client.failure(upload(server, "PUT", false)))
          .isInstanceOf(HTTPStreamClosedError.class);
      assertThat(heads).hasSize(2);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aSuccessDoesNotCutTheUpload(boolean produced) throws Exception {
    try (var server =
        new ScriptedServer(
            peer -> {
              for (var head = peer.head(); !head.isEmpty(); head = peer.head()) {
                peer.answer("ok");
                if (head.startsWith("POST")) {
                  heads.add(peer.bytes(4));
                }
              }
            })) {
      var answered = new LoopFuture<Void>(client.loop);
      var request =
          HTTPRequest.builder(server.url("/"))
              .method("POST")
              .header("Content-Length", "4")
              .streamingCallback(chunk -> answered.complete(null))
              .bodyProducer(
                  body -> {
                    await(body.write("bo"));
                    await(answered);
                    await(body.write("dy"));
                  });
      if (!produced) {
        request.headers(new HTTPHeaders()).bodyProducer(null).body("body");
      }
      assertThat(client.fetch(request.build()).code()).isEqualTo(200);
      assertThat(client.fetch(server.url("/")).timeInfo().connect()).isZero();
      assertThat(heads).containsExactly("body");
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  private ScriptedServer answeringUnread() throws Exception {
    return new ScriptedServer(
        peer -> {
          peer.head();
          peer.answer("ok");
          peer.hold();
        });
  }

  /** Starts an upload, and returns when the whole answer has come. */
  private LoopFuture<HTTPResponse> answered(
      ClientLoop client, HTTPRequest upload, StringBuilder body) throws Exception {
    var whole = new LoopFuture<Void>(client.loop);
    var request =
        upload.toBuilder()
            .streamingCallback(
                chunk -> {
                  body.append(new String(chunk, StandardCharsets.UTF_8));
                  if (body.length() == 2) {
                    whole.complete(null);
                  }
                })
            .build();
    var response = client.start(request);
    ClientLoop.get(whole);
    for (int i = 0; i < 20; i++) {
      client.call(() -> 0); // the end of the answer follows from what has come
    }
    assertThat(response).isNotDone();
    return response;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anUploadThatNobodyTakesIsCutAtTheDeadlineAndTheAnswerCounts(boolean produced)
      throws Exception {
    var clock = new FakeClock();
    try (var timed = new ClientLoop(ClientOptions.defaults(), clock.newLoop());
        var server = answeringUnread()) {
      var body = new StringBuilder();
      var response = answered(timed, upload(server, "POST", produced), body);
      clock.advance(ClientLoop.DEADLINE);
      assertThat(ClientLoop.get(response).code()).isEqualTo(200);
      assertThat(body.toString()).isEqualTo("ok");
      assertThat(timed.call(() -> timed.client.pool().openCount())).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anUploadThatNobodyTakesIsCutWithoutADeadlineToo(boolean produced) throws Exception {
    var clock = new FakeClock();
    try (var timed = new ClientLoop(ClientOptions.defaults(), clock.newLoop());
        var server = answeringUnread()) {
      var request =
          upload(server, "POST", produced).toBuilder().requestTimeout(Duration.ZERO).build();
      var response = answered(timed, request, new StringBuilder());
      ClientLoop.until(
          () -> {
            clock.advance(Duration.ofSeconds(60));
            return response.isDone();
          });
      assertThat(ClientLoop.get(response).code()).isEqualTo(200);
    }
  }

  @Test
  void aProducerThatFailsBehindTheAnswerFailsTheFetch() throws Exception {
    var answered = new LoopFuture<Void>(client.loop);
    var reason = new IllegalStateException("no more");
    try (var server =
        new ScriptedServer(
            peer -> {
              peer.head();
              peer.answer("ok");
              peer.awaitEnd();
            })) {
      var request =
          HTTPRequest.builder(server.url("/"))
              .method("POST")
              .streamingCallback(chunk -> answered.complete(null))
              .bodyProducer(
                  body -> {
                    await(answered);
                    throw reason;
                  })
              .build();
      assertThat(client.failure(request)).isSameAs(reason);
    }
  }

  @Test
  void aSuccessWithoutTheBodyThatItWasAskedAboutIsTheEnd() throws Exception {
    var patient = ClientOptions.builder().continueTimeout(Duration.ofHours(1)).build();
    try (var waiting = new ClientLoop(patient);
        var server =
            new ScriptedServer(
                peer -> {
                  peer.head();
                  peer.answer("known already");
                  assertThat(peer.bytes(1)).isEmpty();
                })) {
      var request =
          HTTPRequest.builder(server.url("/"))
              .method("PUT")
              .body("body")
              .expect100Continue(true)
              .requestTimeout(Duration.ZERO)
              .build();
      assertThat(waiting.fetch(request).text()).isEqualTo("known already");
    }
  }
}
