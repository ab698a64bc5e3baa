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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.waterspout.http.Capability;
import org.waterspout.iostream.StreamClosedException;
import org.waterspout.log.Log;
import org.waterspout.testing.FakeClock;

/** Streams of events, in memory. Over a network: EventStreamServerTest. */
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

  @Test
  void hasNoDeadline() throws Exception {
    var remaining = new ArrayList<@Nullable Duration>();
    var limited = Application.settings().requestDeadline(Duration.ofDays(1)).build();
    Body body = _ -> remaining.add(loop.context().scope().remaining());
    request(new Application(limited, url("/", () -> new Events(body))), "GET", "/", "");
    assertThat(remaining).containsOnlyNulls();
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
}
