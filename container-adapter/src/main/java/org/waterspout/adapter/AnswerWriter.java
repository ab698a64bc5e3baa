// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.LoopFuture;

/**
 * Writes an answer's body without blocking.
 *
 * <p>Each step asks {@code isReady} and then makes one call on the stream: only the next true says
 * that the container has taken what it was given. A step is a callback of its own, so that a whole
 * answer that was written in one go is given to the container in one go, and what is flushed is
 * only what nothing follows. Everything on the loop, but for the container's two callbacks, which
 * wake it.
 */
final class AnswerWriter implements WriteListener {
  /** What the container is given at once; some copy all of what they cannot send. */
  private static final int SLICE = 64 * 1024;

  /** After so many calls it is someone else's turn on the loop. */
  private static final int CALLS_PER_STEP = 32;

  private record Piece(ByteBuffer bytes, LoopFuture<Void> taken) {}

  private final ServletConnection connection;
  private final Funnel funnel;
  private final HttpServletResponse response;
  private final Queue<Piece> pieces = new ArrayDeque<>();
  private final List<LoopFuture<Void>> given =
      new ArrayList<>(); // whose bytes may not be taken yet
  private @Nullable ServletOutputStream out; // null until there is something to write
  private @Nullable LoopFuture<Void> end; // null until the answer is finished
  private boolean stepQueued;
  private boolean unflushed;

  AnswerWriter(ServletConnection connection, Funnel funnel, HttpServletResponse response) {
    this.connection = connection;
    this.funnel = funnel;
    this.response = response;
  }

  /** Writes bytes after those that wait already. No bytes: what was set of the answer is sent. */
  LoopFuture<Void> write(ByteBuffer bytes) {
    var taken = new LoopFuture<Void>(connection.loop());
    pieces.add(new Piece(bytes, taken));
    queueStep();
    return taken;
  }

  /** Ends the answer behind what waits. */
  LoopFuture<Void> end() {
    end = new LoopFuture<>(connection.loop());
    queueStep();
    return end;
  }

  boolean ending() {
    return end != null;
  }

  /** The container has taken all of the answer. */
  void succeed() {
    completeGiven();
    pieces.forEach(piece -> piece.taken.completeLater(null)); // without bytes: the headers
    pieces.clear();
    if (end != null) {
      end.completeLater(null);
    }
  }

  /** Nothing more is taken. */
  void fail(RuntimeException reason) {
    given.forEach(future -> future.failLater(reason));
    given.clear();
    pieces.forEach(piece -> piece.taken.failLater(reason));
    pieces.clear();
    if (end != null) {
      end.failLater(reason);
    }
  }

  @Override
  public void onWritePossible() {
    connection.post(this::queueStep);
  }

  @Override
  public void onError(Throwable failure) {
    connection.post(() -> connection.lost(failure));
  }

  private void queueStep() {
    if (!stepQueued) {
      stepQueued = true;
      connection.loop().addCallback(this::step);
    }
  }

  private void step() {
    stepQueued = false;
    boolean whole;
    try {
      whole = funnel.ifOpen(this::advance, false);
    } catch (IOException | RuntimeException e) {
      connection.post(() -> connection.lost(e));
      return;
    }
    if (whole) {
      connection.answered();
    }
  }

  /** True when the end of the answer is reached and all of it is taken. */
  private boolean advance() throws IOException {
    if (out == null && end != null && nothingToWrite()) {
      return true;
    }
    var stream = stream();
    for (int calls = 0; calls < CALLS_PER_STEP && funnel.open(); calls++) {
      if (!stream.isReady()) {
        return false; // onWritePossible comes
      }
      var piece = pieces.peek();
      if (piece != null) {
        completeGiven();
        give(stream, piece);
      } else if (end != null) {
        return true;
      } else if (unflushed) {
        unflushed = false;
        stream.flush();
      } else {
        completeGiven();
        return false;
      }
    }
    queueStep();
    return false;
  }

  private boolean nothingToWrite() {
    return pieces.stream().noneMatch(piece -> piece.bytes.hasRemaining());
  }

  private ServletOutputStream stream() throws IOException {
    if (out == null) {
      out = response.getOutputStream();
      out.setWriteListener(this);
    }
    return out;
  }

  private void give(ServletOutputStream stream, Piece piece) throws IOException {
    unflushed = true;
    var bytes = piece.bytes;
    int length = Math.min(SLICE, bytes.remaining());
    if (length == bytes.remaining()) {
      pieces.remove();
      given.add(piece.taken);
    }
    if (length == 0) {
      return;
    }
    if (bytes.hasArray()) {
      stream.write(bytes.array(), bytes.arrayOffset() + bytes.position(), length);
      bytes.position(bytes.position() + length);
    } else {
      byte[] slice = new byte[length];
      bytes.get(slice);
      stream.write(slice, 0, length);
    }
  }

  private void completeGiven() {
    given.forEach(future -> future.completeLater(null));
    given.clear();
  }
}
