// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Takes the messages of a connection out of its bytes, as far as they are wanted: a head, of which
 * subclasses know the kind, then pieces of its body. Pure.
 *
 * <p>What it found is kept until it is taken: {@link #readBody} is called where no user code may
 * run. A compressed body is inflated on the way, as far as its pieces are taken.
 */
abstract sealed class MessageReader permits RequestReader, ResponseReader {
  private final int chunkSize;
  private final int maxTrailerSize;
  private final byte[] shared;
  private @Nullable BodyDecoder body; // null: no body is expected
  private @Nullable Gunzip gunzip; // null: the body comes as it is
  private byte @Nullable [] piece; // found, not taken
  private @Nullable HTTPInputException refusal; // found, not taken

  /** The array is as in {@link LineReader}. */
  MessageReader(int chunkSize, int maxTrailerSize, byte[] shared) {
    this.chunkSize = chunkSize;
    this.maxTrailerSize = maxTrailerSize;
    this.shared = shared;
  }

  /**
   * Expects a body.
   *
   * @param length as in {@link BodyFraming}
   * @throws HTTPInputException 413 if it is over the limit already
   */
  final void expectBody(long length, long maxSize, boolean compressed) {
    body = BodyDecoder.of(length, maxSize, maxTrailerSize, shared);
    gunzip = compressed ? new Gunzip(maxSize) : null;
  }

  /**
   * Expects a body of a known length, which is taken in one piece.
   *
   * @throws HTTPInputException 413 if it is over the limit
   */
  final void expectWholeBody(int length, long maxSize) {
    BodyDecoder.checkLength(length, maxSize);
    body = new WholeDecoder(length);
    gunzip = null;
  }

  /** Consumes bytes of a body; true if a piece, its end or a reason to refuse it was found. */
  final boolean readBody(ByteBuffer in) {
    if (body == null) {
      throw new IllegalStateException("no body is expected");
    }
    try {
      do {
        piece = body.decode(in, chunkSize);
        if (gunzip != null && piece != null) {
          gunzip.feed(piece);
          piece = gunzip.next(chunkSize);
        }
      } while (piece == null && in.hasRemaining() && !body.finished());
      return piece != null || atEnd(body);
    } catch (HTTPInputException e) {
      return refuse(e, in);
    }
  }

  /** As {@link #readBody}, with what was consumed already: one piece can become many. */
  final boolean inflateMore() {
    if (gunzip == null || body == null) {
      return false;
    }
    try {
      piece = gunzip.next(chunkSize);
      return piece != null || atEnd(body);
    } catch (HTTPInputException e) {
      refusal = e;
      return true;
    }
  }

  private boolean atEnd(BodyDecoder of) {
    if (of.finished() && gunzip != null && !gunzip.complete()) {
      throw new HTTPInputException("a compressed body ends too soon");
    }
    return of.finished();
  }

  /** Whether the piece that was taken is known to have been the last of the expected body. */
  final boolean bodyFinished() {
    return body == null || (body.finished() && gunzip == null);
  }

  /** Whether all bytes of the expected body were consumed. */
  final boolean bodyConsumed() {
    return body != null && body.finished();
  }

  /**
   * The connection has ended in order, with all that came on it consumed.
   *
   * @return whether that is the end of the body
   * @throws HTTPInputException if the body may not end there
   */
  final boolean inputEnded() {
    if (!(body instanceof EndlessDecoder endless)) {
      return false;
    }
    endless.end();
    return atEnd(endless);
  }

  /** The fields behind the body of which the end was found. */
  final HTTPHeaders trailers() {
    return body == null ? TrailerFields.NONE : body.trailers();
  }

  /** No body is expected any longer. */
  final void endBody() {
    body = null;
    piece = null;
    if (gunzip != null) {
      gunzip.close();
      gunzip = null;
    }
  }

  final byte @Nullable [] takePiece() {
    byte[] taken = piece;
    piece = null;
    return taken;
  }

  final @Nullable HTTPInputException takeRefusal() {
    HTTPInputException taken = refusal;
    refusal = null;
    return taken;
  }

  final boolean hasRefusal() {
    return refusal != null;
  }

  /** Keeps a reason to refuse the message; returns true. */
  final boolean refuse(HTTPInputException reason, ByteBuffer in) {
    refusal = reason;
    in.position(in.limit()); // nothing behind it can be understood
    return true;
  }
}
