// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
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
import java.util.EnumSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.waterspout.http.Capability;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.iostream.StreamClosedException;
import org.waterspout.log.Log;
import org.waterspout.testing.FakeClock;

/** Streams of events, in memory and on a real server. */
@Timeout(60)
class EventStreamTest extends HandlerTest {
  @FunctionalInterface
  private interface Body {
    void run(EventStream events) throws Exception;
  }

  private static final class Events extends RequestHandler {
    private final Body body;
    private final Duration heartbeat;

    Events(Body body) {
      this(body, Duration.ZERO);
    }

    Events(Body body, Duration heartbeat) {
      this.body = body;
      this.heartbeat = heartbeat;
    }

    @Override
    protected void get() throws Exception {
      body.run(EventStream.open(this, heartbeat));
    }
  }

  // ---- in memory

  @Test
  void sendsHeadersAtOnceAndThenEachEvent() throws Exception {
    var answer =
        get(
            "/",
            url(
                "/",
                () ->
                    new Events(
                        events -> {
                          await(events.send("one"));
                          await(events.send(ServerSentEvent.of("two").withId("2")));
                          await(events.comment("a\nb"));
                          assertThat(events.closed()).isFalse();
                          assertThat(events.lastEventId()).isNull();
                        })));
    assertThat(answer.calls)
        .containsExactly(
            "headers",
            "write :\n\n",
            "write data: one\n\n",
            "write id: 2\ndata: two\n\n",
            "write : a\n: b\n\n",
            "finish");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).isEqualTo("text/event-stream");
    assertThat(answer.header("Cache-Control")).isEqualTo("no-store, no-transform");
    assertThat(answer.header("X-Accel-Buffering")).isEqualTo("no");
    assertThat(answer.header("Content-Length")).isNull();
  }

  private FakeConnection echoOfLastId() throws Exception {
    return get("/", url("/", () -> new Events(events -> events.send("" + events.lastEventId()))));
  }

  @Test
  void tellsWhichEventTheClientHasSeenLast() throws Exception {
    var bytes = "grün 7".getBytes(StandardCharsets.UTF_8);
    with("Last-Event-ID", new String(bytes, StandardCharsets.ISO_8859_1));
    assertThat(echoOfLastId().body()).endsWith("data: grün 7\n\n");
  }

  @Test
  void refusesALastEventIdThatCannotBeOne() throws Exception {
    try (var _ = new LogCapture(Log.GENERAL);
        var _ = new LogCapture(Log.ACCESS)) {
      with("Last-Event-ID", "\u00ff");
      assertThat(echoOfLastId().status()).isEqualTo(400);
    }
  }

  @Test
  void refusesTwoLastEventIds() throws Exception {
    try (var _ = new LogCapture(Log.GENERAL);
        var _ = new LogCapture(Log.ACCESS)) {
      with("Last-Event-ID", "1").with("Last-Event-ID", "2");
      assertThat(echoOfLastId().status()).isEqualTo(400);
    }
  }

  @Test
  void isRefusedBehindTheHeaders() throws Exception {
    class Late extends RequestHandler {
      @Override
      protected void get() {
        write("page");
        await(flush());
        assertThatIllegalStateException()
            .isThrownBy(() -> EventStream.open(this))
            .withMessageContaining("after its headers");
        assertThatIllegalArgumentException()
            .isThrownBy(() -> EventStream.open(this, Duration.ofSeconds(-1)));
      }
    }
    assertThat(get("/", url("/", Late::new)).calls)
        .containsExactly("headers", "write page", "finish");
  }

  @Test
  void whatIsSentBehindTheEndFails() throws Exception {
    var opened = new CompletableFuture<EventStream>();
    var _ = get("/", url("/", () -> new Events(opened::complete)));
    onLoop(
        () -> {
          var events = opened.join();
          assertThat(events.closed()).isTrue();
          assertThatExceptionOfType(StreamClosedException.class)
              .isThrownBy(() -> await(events.send("late")));
          return 0;
        });
  }

  @Test
  void belongsOnTheLoop() throws Exception {
    var opened = new CompletableFuture<EventStream>();
    var _ = get("/", url("/", () -> new Events(opened::complete)));
    assertThatIllegalStateException().isThrownBy(() -> opened.join().send("x"));
    assertThatIllegalStateException().isThrownBy(() -> opened.join().closed());
  }

  @Test
  void needsAStreamingResponse() {
    var offered = EnumSet.complementOf(EnumSet.of(Capability.STREAMING_RESPONSE));
    var application = new Application(url("/", () -> new Events(_ -> {})));
    assertThat(application.capabilityReport(offered).refusals())
        .isNotEmpty()
        .allMatch(use -> use.capability() == Capability.STREAMING_RESPONSE);
  }

  @Test
  void aHandlerThatCopesSendsAllAtTheEnd() throws Exception {
    @Prefers(Capability.STREAMING_RESPONSE)
    class Coping extends RequestHandler {
      @Override
      protected void get() {
        await(EventStream.open(this).send("one"));
      }
    }
    lacking(Capability.STREAMING_RESPONSE);
    assertThat(get("/", url("/", Coping::new)).calls)
        .containsExactly("headers", "write :\n\ndata: one\n\n", "finish");
  }

  // ---- time

  @Test
  void commentsKeepAnIdleStreamAlive() throws Exception {
    var clock = new FakeClock();
    var application =
        new Application(
            url(
                "/",
                () ->
                    new Events(
                        events -> {
                          await(sleep(Duration.ofSeconds(31)));
                          await(events.send("last"));
                        },
                        Duration.ofSeconds(15))));
    try (var slow = clock.newLoop()) {
      var connection = new FakeConnection(slow);
      slow.runSync(
          Duration.ofHours(1), // of the clock
          () -> {
            var delegate = begin(application, connection, "GET", "/");
            slow.spawnCallback( // the handler parks there, and not here
                () -> {
                  delegate.finish();
                  return 0;
                });
            clock.advance(Duration.ofSeconds(14));
            assertThat(connection.calls).containsExactly("headers", "write :\n\n");
            clock.advance(Duration.ofSeconds(1));
            assertThat(connection.calls).containsExactly("headers", "write :\n\n", "write :\n\n");
            clock.advance(Duration.ofSeconds(15));
            clock.advance(Duration.ofSeconds(1));
            await(connection.ended);
            clock.advance(Duration.ofMinutes(1)); // nothing is written behind the end
            return 0;
          });
      assertThat(connection.calls)
          .containsExactly(
              "headers",
              "write :\n\n",
              "write :\n\n",
              "write :\n\n",
              "write data: last\n\n",
              "finish");
    }
  }

  // ---- on a server

  /** A server of the test's loop, which runs meanwhile. */
  private final class Served implements AutoCloseable {
    private final LogCapture access = new LogCapture(Log.ACCESS);
    private final Thread runner;
    private final int port;

    Served(Body body) {
      loop.makeCurrent();
      port = new Application(url("/", () -> new Events(body))).listen(0, "127.0.0.1").port();
      runner = Thread.ofPlatform().start(loop::start);
    }

    Socket connect() throws IOException {
      var socket = new Socket("127.0.0.1", port);
      socket.setSoTimeout(20_000);
      socket
          .getOutputStream()
          .write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      return socket;
    }

    @Override
    public void close() throws Exception {
      loop.stop();
      runner.join();
      IOLoop.clearCurrent();
      access.close();
    }
  }

  @Test
  void eachEventArrivesBeforeTheNextIsMade() throws Exception {
    var asked = new LoopFuture<Void>(loop);
    try (var served =
            new Served(
                events -> {
                  await(events.send("first"));
                  await(asked);
                  await(events.send("second"));
                });
        var client = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + served.port + "/"))
              .header("Accept", "text/event-stream")
              .timeout(DEADLINE)
              .build();
      var answer = client.send(request, BodyHandlers.ofInputStream());
      assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/event-stream");
      var first = ":\n\ndata: first\n\n".getBytes(StandardCharsets.UTF_8);
      assertThat(answer.body().readNBytes(first.length)).isEqualTo(first);
      asked.complete(null);
      assertThat(answer.body().readAllBytes()).asString().isEqualTo("data: second\n\n");
    }
  }

  @Test
  void endsQuietlyWhenTheClientVanishes() throws Exception {
    var ended = new CompletableFuture<Throwable>();
    try (var application = new LogCapture(Log.APPLICATION);
        var served =
            new Served(
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
                })) {
      try (var socket = served.connect()) {
        assertThat(socket.getInputStream().read()).isEqualTo('H');
        socket.setSoLinger(true, 0); // a reset
      }
      assertThat(ended.get(20, TimeUnit.SECONDS)).isInstanceOf(StreamClosedException.class);
      loop.spawn(() -> 0).get(20, TimeUnit.SECONDS);
      assertThat(application.lines()).isEmpty();
    }
  }

  @Test
  void aClientThatTakesNothingHoldsTheHandlerBack() throws Exception {
    var event = "x".repeat(1 << 20);
    var held = new CompletableFuture<Integer>();
    try (var served =
        new Served(
            events -> {
              for (int i = 0; ; i++) {
                var sent = events.send(event);
                if (!sent.isDone()) {
                  held.complete(i);
                }
                await(sent);
              }
            })) {
      try (var socket = served.connect()) {
        assertThat(held.get(20, TimeUnit.SECONDS)).isGreaterThanOrEqualTo(0);
        assertThat(socket.getInputStream().read()).isEqualTo('H');
      }
    }
  }

  @Test
  void whoSendsWithoutWaitingLosesAClientThatTakesNothing() throws Exception {
    var event = "x".repeat(1 << 20);
    var sentUntilCut = new CompletableFuture<Integer>();
    try (var log = new LogCapture(Log.GENERAL);
        var served =
            new Served(
                events -> {
                  int sent = 0;
                  while (!events.closed()) {
                    var _ = events.send(event);
                    sent++;
                    assertThat(sent).isLessThan(1000);
                  }
                  sentUntilCut.complete(sent);
                })) {
      try (var socket = served.connect()) {
        assertThat(sentUntilCut.get(20, TimeUnit.SECONDS)).isGreaterThan(16);
        assertThat(socket.isConnected()).isTrue();
      }
      loop.spawn(() -> 0).get(20, TimeUnit.SECONDS);
      assertThat(log.lines())
          .filteredOn(line -> line.contains("Events"))
          .singleElement()
          .asString()
          .startsWith("WARNING Events are not taken, cut: GET / (127.0.0.1)");
    }
  }
}
