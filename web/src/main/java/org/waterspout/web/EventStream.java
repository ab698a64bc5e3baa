// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.waterspout.escape.Escape;
import org.waterspout.http.Capability;
import org.waterspout.http.Needs;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.ioloop.Timeout;
import org.waterspout.iostream.StreamClosedException;
import org.waterspout.log.Log;

/**
 * Server-sent events: a handler's answer that goes on as long as something happens, for {@code
 * EventSource} in browsers (HTML standard, section 9.2).
 *
 * <pre>{@code
 * final class ClockHandler extends RequestHandler {
 *   @Override
 *   protected void get() {
 *     var events = EventStream.open(this);
 *     while (!events.closed()) {
 *       await(events.send(Instant.now().toString()));
 *       await(sleep(Duration.ofSeconds(1)));
 *     }
 *   }
 * }
 * }</pre>
 *
 * <p>Who awaits what {@link #send} returns is held back by a slow client, and when the client has
 * gone that await throws, which ends the handler without a word in the log. A handler that waits
 * for something else says {@link RequestHandler#cancelOnDisconnect}. Who sends to many and awaits
 * none, from handlers that are {@link Asynchronous}, loses those that do not take what they are
 * sent: with more than 16 MiB waiting, the next event cuts the connection. As after every end,
 * {@link RequestHandler#onFinish} is told.
 *
 * <p>The answer ends as any other. {@code EventSource} then comes back, and says in {@link
 * #lastEventId} what it saw last; a status of 204 in place of a stream keeps it away.
 *
 * <p>All of it belongs on the loop of the request.
 */
public final class EventStream {
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);
  private static final long MAX_WAITING = 16 * 1024 * 1024;

  private final RequestHandler handler;
  private final Response response;
  private final IOLoop loop;
  private final @Nullable String lastEventId;
  private @Nullable Timeout nextHeartbeat; // null without, and at the end
  private long waiting; // bytes that have not left for the transport

  private EventStream(RequestHandler handler) {
    this.handler = handler;
    this.response = handler.response("EventStream.open");
    this.loop = handler.request().connection().loop();
    this.lastEventId = lastEventId(handler);
  }

  /**
   * Begins the answer of a handler: its headers are sent, and it has no deadline. Every 15 seconds
   * there will be a comment, so that neither proxies nor the server take the connection for idle.
   *
   * @throws HTTPError with status 400 if the client's Last-Event-ID cannot be one
   * @throws IllegalStateException if the headers have been sent
   * @throws org.waterspout.http.MissingCapabilityException where nothing is sent before the end
   */
  @Needs(Capability.STREAMING_RESPONSE)
  public static EventStream open(RequestHandler handler) {
    return open(handler, HEARTBEAT);
  }

  /**
   * As {@link #open(RequestHandler)}, with another time between the comments.
   *
   * @param heartbeat zero: none are sent but those of {@link #comment}
   */
  @Needs(Capability.STREAMING_RESPONSE)
  public static EventStream open(RequestHandler handler, Duration heartbeat) {
    if (heartbeat.isNegative()) {
      throw new IllegalArgumentException("a heartbeat every " + heartbeat);
    }
    var stream = new EventStream(handler);
    stream.begin();
    if (heartbeat.isPositive()) {
      stream.response.whenEnded(stream::stopHeartbeat);
      stream.scheduleHeartbeat(heartbeat);
    }
    return stream;
  }

  private static @Nullable String lastEventId(RequestHandler handler) {
    var sent = handler.request().headers().getList("Last-Event-ID");
    if (sent.isEmpty()) {
      return null;
    }
    try {
      if (sent.size() == 1) {
        return Escape.utf8(sent.getFirst().getBytes(StandardCharsets.ISO_8859_1));
      }
    } catch (IllegalArgumentException e) {
      // refused as two of them are
    }
    throw new HTTPError(400, "Last-Event-ID is not one line of UTF-8");
  }

  private void begin() {
    response.requireHeadersOpen("turned into events");
    handler.setDeadline(Duration.ZERO);
    handler.setHeader("Content-Type", "text/event-stream");
    handler.setHeader("Cache-Control", "no-store, no-transform"); // a transform would collect
    handler.setHeader("X-Accel-Buffering", "no"); // nginx
    var _ = write(new byte[] {':', '\n', '\n'}); // what waits for a first byte has it
  }

  /**
   * The id of the last event that the client has seen, if it was connected before; null if it says
   * none. It is whatever the client likes.
   */
  public @Nullable String lastEventId() {
    return lastEventId;
  }

  /** Sends data without an event's name or id. Returns as {@link #send(ServerSentEvent)}. */
  public LoopFuture<Void> send(String data) {
    return send(ServerSentEvent.of(data));
  }

  /**
   * Sends an event at once.
   *
   * @return done when it has left for the transport; fails with StreamClosedException if the answer
   *     has ended or the client has gone
   */
  public LoopFuture<Void> send(ServerSentEvent event) {
    return write(event.encoded());
  }

  /** Sends text of which clients take no notice. Returns as {@link #send(ServerSentEvent)}. */
  public LoopFuture<Void> comment(String text) {
    var lines = new StringBuilder();
    ServerSentEvent.appendLines(lines, ": ", Objects.requireNonNull(text, "text"));
    return write(lines.append('\n').toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Whether nothing reaches the client any more. */
  public boolean closed() {
    loop.checkOnLoop("EventStream.closed");
    return response.finished() || response.clientGone();
  }

  private LoopFuture<Void> write(byte[] bytes) {
    if (closed()) {
      return LoopFuture.failed(loop, new StreamClosedException(null));
    }
    if (waiting > MAX_WAITING) {
      return cut();
    }
    handler.write(bytes);
    var sent = handler.flush();
    if (sent.isDone()) {
      return sent;
    }
    waiting += bytes.length;
    loop.addFuture(sent, _ -> waiting -= bytes.length);
    return (LoopFuture<Void>) sent.copy(); // the caller may cancel it
  }

  private LoopFuture<Void> cut() {
    Log.GENERAL.log(
        System.Logger.Level.WARNING,
        () -> "Events are not taken, cut: " + LogText.summary(handler.request()));
    handler.execution("EventStream.send").cut();
    return LoopFuture.failed(loop, new StreamClosedException(null));
  }

  private void scheduleHeartbeat(Duration interval) {
    nextHeartbeat = loop.callLater(interval, () -> beat(interval));
  }

  private void beat(Duration interval) {
    if (waiting == 0) {
      var _ = write(new byte[] {':', '\n', '\n'});
    }
    if (closed()) {
      nextHeartbeat = null;
    } else {
      scheduleHeartbeat(interval);
    }
  }

  private void stopHeartbeat() {
    if (nextHeartbeat != null) {
      loop.removeTimeout(nextHeartbeat);
      nextHeartbeat = null;
    }
  }
}
