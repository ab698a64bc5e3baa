// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.undertow;

import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpAttachments;
import io.undertow.util.HeaderMap;
import io.undertow.util.HttpString;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.waterspout.adapter.exchange.AnswerQueue;
import org.waterspout.adapter.exchange.Exchange;
import org.xnio.channels.StreamSinkChannel;

/**
 * Writes an answer's body without blocking. On the loop, but for the channel's listener, which
 * stops itself and wakes the loop: only one of the two uses the channel at a time.
 */
final class AnswerSink {
  /** What is given to the channel at once; the JDK copies all of a write before it sends it. */
  private static final int SLICE = 64 * 1024;

  /** After so many pieces it is someone else's turn on the loop. */
  private static final int PIECES_PER_STEP = 32;

  private final Exchange exchange;
  private final AnswerQueue answer;
  private final HttpServerExchange http;
  private @Nullable StreamSinkChannel channel; // null until the head is to leave
  private @Nullable ByteBuffer current; // null: the channel has all that it was given
  private boolean stepQueued;
  private boolean waiting; // for the channel
  private boolean held;
  private boolean ended; // the channel knows that nothing follows

  AnswerSink(Exchange exchange, HttpServerExchange http) {
    this.exchange = exchange;
    this.answer = exchange.answer();
    this.http = http;
  }

  /** There is something to do: in a callback of its own, so that an answer is written whole. */
  void queueStep() {
    if (!stepQueued) {
      stepQueued = true;
      exchange.post(this::step);
    }
  }

  /** Writes nothing until {@link #release}, if that comes: something else is being sent. */
  void hold() {
    held = true;
  }

  /** Goes on. */
  void release() {
    held = false;
    queueStep();
  }

  /** Whether the answer's head has left for the channel. */
  boolean begun() {
    return channel != null;
  }

  private void step() {
    stepQueued = false;
    boolean early = channel == null && answer.isEmpty() && !answer.ended();
    if (waiting || held || early) {
      return;
    }
    boolean whole;
    try {
      whole = advance(channel());
    } catch (IOException | RuntimeException e) {
      exchange.lost(e);
      return;
    }
    if (whole) {
      exchange.answered();
    }
  }

  /** True when the channel has sent all of an ended answer. */
  private boolean advance(StreamSinkChannel sink) throws IOException {
    for (int pieces = 0; pieces < PIECES_PER_STEP; pieces++) {
      if (!writeCurrent(sink)) {
        awaitRoom(sink);
        return false;
      }
      current = answer.next(SLICE);
      if (current == null) {
        return flush(sink);
      }
    }
    queueStep();
    return false;
  }

  private boolean writeCurrent(StreamSinkChannel sink) throws IOException {
    var bytes = current;
    while (bytes != null && bytes.hasRemaining()) {
      if (sink.write(bytes) == 0) {
        return false;
      }
    }
    current = null;
    answer.taken();
    return true;
  }

  private boolean flush(StreamSinkChannel sink) throws IOException {
    if (answer.ended() && !ended) {
      ended = true;
      putTrailers();
      sink.shutdownWrites();
    }
    if (!sink.flush()) {
      awaitRoom(sink);
      return false;
    }
    return ended;
  }

  private void putTrailers() {
    var trailers = answer.trailers();
    if (!trailers.isEmpty()) {
      var fields = new HeaderMap();
      trailers.forEach((name, value) -> fields.add(HttpString.tryFromString(name), value));
      http.putAttachment(HttpAttachments.RESPONSE_TRAILERS, fields);
    }
  }

  private void awaitRoom(StreamSinkChannel sink) {
    waiting = true;
    sink.getWriteSetter()
        .set(
            writable -> {
              writable.suspendWrites();
              exchange.post(this::roomAgain);
            });
    sink.resumeWrites();
  }

  private void roomAgain() {
    waiting = false;
    queueStep();
  }

  private StreamSinkChannel channel() {
    if (channel == null) {
      channel = http.getResponseChannel();
      if (channel == null) {
        throw new IllegalStateException("a handler in front has taken the answer");
      }
    }
    return channel;
  }
}
