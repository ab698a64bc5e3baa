// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.sleep;
import static org.waterspout.web.Application.url;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.web.Application;
import org.waterspout.web.EventStream;
import org.waterspout.web.RequestHandler;
import org.waterspout.web.ServerSentEvent;

/**
 * Server-sent events, with a page at {@code /} that follows them. With a certificate and its key,
 * by HTTPS.
 *
 * <pre>
 *   GET /clock      the time, again and again, for as long as somebody listens
 *   GET /progress   how far a job is, to its end; a client that comes back goes on where it was
 * </pre>
 *
 * <pre>
 *   curl -N http://localhost:8888/clock
 * </pre>
 */
final class ServerSentEvents {
  private static final int STEPS = 100;

  private ServerSentEvents() {}

  static final class ClockHandler extends RequestHandler {
    private final Duration interval;

    ClockHandler(Duration interval) {
      this.interval = interval;
    }

    @Override
    protected void get() {
      var events = EventStream.open(this);
      while (!events.closed()) {
        await(events.send(Instant.now().toString()));
        await(sleep(interval));
      }
    }
  }

  /** Each step has its number as id: that is what a client says when it comes back. */
  static final class ProgressHandler extends RequestHandler {
    private final Duration interval;

    ProgressHandler(Duration interval) {
      this.interval = interval;
    }

    @Override
    protected void get() {
      var events = EventStream.open(this);
      for (int step = stepBehind(events.lastEventId()); step <= STEPS; step++) {
        var progress = ServerSentEvent.of(step + "/" + STEPS).withEvent("progress");
        await(events.send(progress.withId(Integer.toString(step))));
        await(sleep(interval));
      }
      await(events.send(ServerSentEvent.of("all " + STEPS + " steps").withEvent("done")));
    }

    /** The id is whatever the client likes. */
    private static int stepBehind(@Nullable String lastId) {
      boolean ours = lastId != null && lastId.matches("[0-9]{1,3}");
      return ours ? Integer.parseInt(lastId) + 1 : 1;
    }
  }

  static Application application(Duration second, Duration step) {
    return new Application(
        url("/", () -> new Page("events.html")),
        url("/clock", () -> new ClockHandler(second)),
        url("/progress", () -> new ProgressHandler(step)));
  }

  static void main(String[] args) {
    var options = Options.of("A clock and a progress bar by server-sent events.").serving(8888);
    var application = application(Duration.ofSeconds(1), Duration.ofMillis(80));
    var _ = options.parse(args).listen(application);
    IOLoop.current().start();
  }
}
