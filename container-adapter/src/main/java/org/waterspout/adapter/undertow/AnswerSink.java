// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.undertow;

import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpAttachments;
import io.undertow.util.HeaderMap;
import io.undertow.util.HttpString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.waterspout.adapter.exchange.AnswerQueue;
import org.waterspout.adapter.exchange.Exchange;
import org.waterspout.http.HTTPHeaders;
import org.xnio.channels.StreamSinkChannel;

/**
 * Writes an answer's body without blocking: gathered on the loop, written on the home thread. The
 * channel's listener stops itself first, so that only one of the two threads uses the channel.
 */
final class AnswerSink {
  /** What is given to the channel at once; the JDK copies all of a write before it sends it. */
  private static final int SLICE = 64 * 1024;

  /**
   * What is written in one go.
   *
   * @param pieces on the loop views of the writers' buffers
   * @param flushed whether nothing waits behind them
   * @param trailers behind the last of the answer; null before
   */
  private record Batch(Queue<ByteBuffer> pieces, boolean flushed, @Nullable HTTPHeaders trailers) {
    boolean last() {
      return trailers != null;
    }
  }

  private final Exchange exchange;
  private final AnswerQueue answer;
  private final HttpServerExchange http;
  private final HomeThread home;

  // on the loop
  private boolean begun;
  private boolean stepQueued;
  private boolean writing; // a batch is at the home thread
  private boolean held;

  // on the home thread
  private @Nullable StreamSinkChannel channel; // null until the head is to leave
  private boolean ended; // the channel knows that nothing follows

  AnswerSink(Exchange exchange, HttpServerExchange http, HomeThread home) {
    this.exchange = exchange;
    this.answer = exchange.answer();
    this.http = http;
    this.home = home;
  }

  // ---- on the loop

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
    return begun;
  }

  private void step() {
    stepQueued = false;
    boolean nothing = answer.isEmpty() && !answer.ended();
    if (writing || held || nothing) {
      return;
    }
    begun = true;
    writing = true;
    var batch = gather();
    home.run(() -> write(batch));
  }

  private Batch gather() {
    var pieces = new ArrayDeque<ByteBuffer>();
    for (int room = SLICE; room > 0; ) {
      var piece = answer.next(room);
      if (piece == null) {
        break;
      }
      room -= piece.remaining();
      pieces.add(home.isLoop() ? piece : copy(piece));
    }
    boolean flushed = answer.isEmpty();
    return new Batch(pieces, flushed, flushed && answer.ended() ? answer.trailers() : null);
  }

  /** For another thread: who wrote it has it back at once when the exchange is cut. */
  private static ByteBuffer copy(ByteBuffer piece) {
    return ByteBuffer.allocate(piece.remaining()).put(piece).flip();
  }

  private void written(Batch batch) {
    writing = false;
    answer.taken();
    if (batch.last()) {
      exchange.answered();
    } else {
      queueStep();
    }
  }

  // ---- on the home thread

  private void write(Batch batch) {
    boolean whole;
    try {
      whole = advance(channel(), batch);
    } catch (IOException | RuntimeException e) {
      home.tell(() -> exchange.lost(e));
      return;
    }
    if (whole) {
      home.tell(() -> written(batch));
    }
  }

  /** False while the channel has no room for more. */
  private boolean advance(StreamSinkChannel sink, Batch batch) throws IOException {
    for (var piece = batch.pieces.peek(); piece != null; piece = batch.pieces.peek()) {
      if (piece.hasRemaining() && sink.write(piece) == 0) {
        awaitRoom(sink, batch);
        return false;
      }
      if (!piece.hasRemaining()) {
        batch.pieces.remove();
      }
    }
    if (batch.trailers != null && !ended) {
      ended = true;
      putTrailers(batch.trailers);
      sink.shutdownWrites();
    }
    if (batch.flushed && !sink.flush()) {
      awaitRoom(sink, batch);
      return false;
    }
    return true;
  }

  private void putTrailers(HTTPHeaders trailers) {
    if (!trailers.isEmpty()) {
      var fields = new HeaderMap();
      trailers.forEach((name, value) -> fields.add(HttpString.tryFromString(name), value));
      http.putAttachment(HttpAttachments.RESPONSE_TRAILERS, fields);
    }
  }

  private void awaitRoom(StreamSinkChannel sink, Batch batch) {
    sink.getWriteSetter()
        .set(
            writable -> {
              writable.suspendWrites();
              home.later(() -> write(batch));
            });
    sink.resumeWrites();
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
