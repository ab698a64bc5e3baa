// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.exchange;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;

/**
 * What of an answer's body its carrier has not taken yet, and who waits until it has. On the loop.
 *
 * <pre>
 *   next    bytes are given to the container; whoever wrote them still waits
 *   taken   the container has no more use for the buffers of all that was given
 * </pre>
 */
public final class AnswerQueue {
  private record Piece(ByteBuffer bytes, LoopFuture<Void> taken) {}

  private final IOLoop loop;
  private final Queue<Piece> pieces = new ArrayDeque<>();
  private final List<LoopFuture<Void>> given = new ArrayList<>(); // not yet taken
  private @Nullable LoopFuture<Void> end; // null until the answer is finished
  private HTTPHeaders trailers = new HTTPHeaders();
  private long movedAt;

  AnswerQueue(IOLoop loop) {
    this.loop = loop;
  }

  /** Adds bytes. None at all: what was set of the answer is sent. */
  LoopFuture<Void> add(ByteBuffer bytes) {
    if (!waiting()) {
      movedAt = loop.time();
    }
    var taken = new LoopFuture<Void>(loop);
    pieces.add(new Piece(bytes, taken));
    return taken;
  }

  /** Nothing follows but these fields. */
  LoopFuture<Void> end(HTTPHeaders trailers) {
    if (!waiting()) {
      movedAt = loop.time();
    }
    this.trailers = trailers;
    end = new LoopFuture<>(loop);
    return end;
  }

  /** Whether the answer is finished, be it that pieces of it still wait here. */
  public boolean ended() {
    return end != null;
  }

  /** Whether no piece waits, not even one without bytes. */
  public boolean isEmpty() {
    return pieces.isEmpty();
  }

  /** Whether bytes wait. */
  public boolean hasBytes() {
    for (var piece : pieces) {
      if (piece.bytes.hasRemaining()) {
        return true;
      }
    }
    return false;
  }

  /** Whether the container has not taken all that was written. */
  boolean waiting() {
    return end != null || !pieces.isEmpty() || !given.isEmpty();
  }

  /** When something was last taken, or began to wait, on the loop's clock. */
  long movedAt() {
    return movedAt;
  }

  /** The fields behind the body; empty until {@link #ended}. */
  public HTTPHeaders trailers() {
    return trailers;
  }

  /**
   * Gives the next bytes, at most so many, in a view of the writer's buffer that is good until
   * {@link #taken}. Empty for a piece without bytes, which asks to send what was set.
   *
   * @return null if nothing waits
   */
  public @Nullable ByteBuffer next(int limit) {
    var piece = pieces.peek();
    if (piece == null) {
      return null;
    }
    movedAt = loop.time();
    var bytes = piece.bytes;
    int length = Math.min(limit, bytes.remaining());
    var next = bytes.slice(bytes.position(), length);
    bytes.position(bytes.position() + length);
    if (!bytes.hasRemaining()) {
      pieces.remove();
      given.add(piece.taken);
    }
    return next;
  }

  /** The container has taken all that was given. */
  public void taken() {
    movedAt = loop.time();
    given.forEach(future -> future.completeLater(null));
    given.clear();
  }

  /** The container has taken all of the answer. */
  void succeed() {
    taken();
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
}
