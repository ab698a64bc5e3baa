// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.waterspout.adapter.exchange.AnswerHead;
import org.waterspout.adapter.exchange.AnswerQueue;
import org.waterspout.adapter.exchange.Exchange;

/**
 * Writes an answer's body without blocking.
 *
 * <p>Each step asks {@code isReady} and then makes one call on the stream: only the next true says
 * that the container has taken what it was given. A step is a callback of its own, so that a whole
 * answer that was written in one go is given to the container in one go, and what is flushed is
 * only what nothing follows. Everything on the loop, but for the container's two callbacks, which
 * wake it; and where a small answer is not left to the container's buffer alone, its callback
 * writes and completes it, so that nobody has to be woken for that and the exchange is over for the
 * loop. Not while there is something left of the request: whoever completes it then waits for the
 * rest.
 */
final class AnswerWriter implements WriteListener {
  /** What the container is given at once; some copy all of what they cannot send. */
  private static final int SLICE = 64 * 1024;

  /** A whole answer of so many bytes at most is left to the container's buffer. */
  private static final int SMALL = 32 * 1024;

  /** Containers write at once what comes in larger pieces. Jetty 12.1: more than 8 KiB. */
  private static final int BUFFERED_SLICE = 4 * 1024;

  /** After so many calls it is someone else's turn on the loop. */
  private static final int CALLS_PER_STEP = 32;

  private final Exchange exchange;
  private final Quirks quirks;
  private final AnswerQueue answer;
  private final Funnel funnel;
  private final BodyReader request;
  private final HttpServletResponse response;
  private @Nullable ServletOutputStream out; // null until there is something to write
  private long announced = AnswerHead.NO_LENGTH;
  private boolean stepQueued;
  private boolean unflushed;
  private int restPieces; // set before rest
  private volatile @Nullable ByteBuffer rest; // of the answer, for the callback; null: the loop's

  AnswerWriter(
      Exchange exchange,
      Quirks quirks,
      Funnel funnel,
      BodyReader request,
      HttpServletResponse response) {
    this.exchange = exchange;
    this.quirks = quirks;
    this.answer = exchange.answer();
    this.funnel = funnel;
    this.request = request;
    this.response = response;
  }

  @Override
  public void onWritePossible() {
    var bytes = rest;
    if (bytes == null) {
      exchange.post(this::queueStep);
      return;
    }
    try {
      if (funnel.ifOpen(() -> takes(bytes), false) && funnel.complete()) {
        exchange.departed();
      }
    } catch (IOException | RuntimeException e) {
      onError(e);
    }
  }

  /** On the container's thread, to which the answer was left: true when it has taken all of it. */
  private boolean takes(ByteBuffer bytes) throws IOException {
    var stream = response.getOutputStream();
    while (stream.isReady()) {
      if (!bytes.hasRemaining()) {
        return true;
      }
      int length = Math.min(restPieces, bytes.remaining());
      write(stream, bytes.slice(bytes.position(), length));
      bytes.position(bytes.position() + length);
    }
    return false; // it calls again
  }

  @Override
  public void onError(Throwable failure) {
    exchange.post(() -> exchange.lost(failure));
  }

  /** The answer's Content-Length, which the container has not been told. On the loop. */
  void announce(long contentLength) {
    announced = contentLength;
  }

  /** There is something to do: looked at in a callback of its own. */
  void queueStep() {
    if (!stepQueued) {
      stepQueued = true;
      exchange.post(this::step);
    }
  }

  private void step() {
    stepQueued = false;
    boolean whole;
    try {
      whole = funnel.ifOpen(this::advance, false);
    } catch (IOException | RuntimeException e) {
      exchange.post(() -> exchange.lost(e));
      return;
    }
    if (whole) {
      exchange.answered();
    }
  }

  /** True when the end of the answer is reached and all of it is taken. */
  private boolean advance() throws IOException {
    if (out == null && answer.ended()) {
      if (!answer.hasBytes()) {
        tellLength();
        return true;
      }
      if (isSmall() && quirks.waitsForClients() && request.atEnd()) {
        tellLength();
        leave(SMALL);
        return false; // onWritePossible comes
      }
      if (isSmall() && !quirks.waitsForClients() && fits()) {
        if (quirks.writesWhereCompleted() && request.atEnd()) {
          leave(BUFFERED_SLICE);
          return false; // onWritePossible comes
        }
        fillBuffer();
        return true;
      }
    }
    var stream = stream();
    for (int calls = 0; calls < CALLS_PER_STEP && funnel.open(); calls++) {
      if (!stream.isReady()) {
        return false; // onWritePossible comes
      }
      if (!answer.isEmpty()) {
        answer.taken();
        give(stream);
      } else if (answer.ended()) {
        return true;
      } else if (unflushed) {
        unflushed = false;
        stream.flush();
      } else {
        answer.taken();
        return false;
      }
    }
    queueStep();
    return false;
  }

  private boolean isSmall() {
    return announced >= 0 && announced <= SMALL;
  }

  /** The answer, in a buffer of its own: those who wrote it have theirs back at once. */
  private ByteBuffer copy() {
    var copy = ByteBuffer.allocate((int) announced);
    for (var bytes = answer.next(SMALL); bytes != null; bytes = answer.next(SMALL)) {
      copy.put(bytes);
    }
    return copy.flip();
  }

  /**
   * Makes the container keep the whole answer until it is completed, if it can, so that no call
   * blocks and no thread has to be woken to write it. A wrapper of the response may write when it
   * likes.
   */
  private boolean fits() {
    if (response instanceof ServletResponseWrapper) {
      return false;
    }
    int needed = (int) announced + 1; // a full buffer is written
    if (response.getBufferSize() >= needed) {
      return true;
    }
    try {
      response.setBufferSize(needed);
      return true;
    } catch (IllegalStateException e) {
      return false; // a filter in front has written something
    }
  }

  /** Has the container's callback write and complete it, in pieces of so many bytes. */
  private void leave(int pieces) throws IOException {
    restPieces = pieces;
    rest = copy();
    exchange.left();
    out = response.getOutputStream();
    out.setWriteListener(this);
  }

  /** The length is not told, since what completes it is written at once; the container adds it. */
  private void fillBuffer() throws IOException {
    var stream = response.getOutputStream();
    for (var bytes = answer.next(BUFFERED_SLICE);
        bytes != null;
        bytes = answer.next(BUFFERED_SLICE)) {
      write(stream, bytes);
    }
  }

  private void tellLength() {
    if (announced != AnswerHead.NO_LENGTH) {
      response.setContentLengthLong(announced);
    }
  }

  private ServletOutputStream stream() throws IOException {
    if (out == null) {
      tellLength();
      out = response.getOutputStream();
      out.setWriteListener(this);
    }
    return out;
  }

  private void give(ServletOutputStream stream) throws IOException {
    unflushed = true;
    var bytes = answer.next(SLICE);
    if (bytes != null && bytes.hasRemaining()) {
      write(stream, bytes);
    }
  }

  private static void write(ServletOutputStream stream, ByteBuffer bytes) throws IOException {
    if (bytes.hasArray()) {
      stream.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
    } else {
      byte[] copy = new byte[bytes.remaining()];
      bytes.get(copy);
      stream.write(copy, 0, copy.length);
    }
  }
}
