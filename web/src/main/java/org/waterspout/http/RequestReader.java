// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Takes the requests of a connection out of its bytes, as far as they are wanted: a head, then
 * pieces of its body. Pure.
 *
 * <p>What it found is kept until it is taken: {@link #readHead} and {@link #readBody} are called
 * where no user code may run. A compressed body is inflated on the way, if the options say so, as
 * far as its pieces are taken.
 */
final class RequestReader {
  private final HTTPServerOptions options;
  private final byte[] shared;
  private final RequestHeadParser heads;
  private @Nullable RequestHead head; // found, not taken
  private @Nullable BodyDecoder body; // null: no body is expected
  private boolean compressed; // the body of the head that was found
  private @Nullable Gunzip gunzip; // null: the body comes as it is
  private byte @Nullable [] piece; // found, not taken
  private @Nullable HTTPInputException refusal; // found, not taken

  /** The array is as in {@link LineReader}. */
  RequestReader(HTTPServerOptions options, byte[] shared) {
    this.options = options;
    this.shared = shared;
    this.heads = new RequestHeadParser(options.maxHeaderSize(), shared);
  }

  /** Consumes bytes of a head; true if a head or a reason to refuse it was found. */
  boolean readHead(ByteBuffer in) {
    try {
      head = heads.parse(in);
      compressed = head != null && options.decompressRequest() && RequestCoding.takeGzip(head);
      return head != null;
    } catch (HTTPInputException e) {
      return refuse(e, in);
    }
  }

  /** Whether any of a head was consumed, and not taken yet. */
  boolean headBegun() {
    return heads.begun() || head != null || refusal != null;
  }

  /**
   * Expects a body.
   *
   * @throws HTTPInputException 413 if it is over the limit already
   */
  void expectBody(long length, long maxSize) {
    body = BodyDecoder.of(length, maxSize, options.maxHeaderSize(), shared);
    gunzip = compressed ? new Gunzip(maxSize) : null;
  }

  /** Consumes bytes of a body; true if a piece, its end or a reason to refuse it was found. */
  boolean readBody(ByteBuffer in) {
    if (body == null) {
      throw new IllegalStateException("no body is expected");
    }
    try {
      do {
        piece = body.decode(in, options.chunkSize());
        if (gunzip != null && piece != null) {
          gunzip.feed(piece);
          piece = gunzip.next(options.chunkSize());
        }
      } while (piece == null && in.hasRemaining() && !body.finished());
      return piece != null || atEnd(body);
    } catch (HTTPInputException e) {
      return refuse(e, in);
    }
  }

  /** As {@link #readBody}, with what was consumed already: one piece can become many. */
  boolean inflateMore() {
    if (gunzip == null || body == null) {
      return false;
    }
    try {
      piece = gunzip.next(options.chunkSize());
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
  boolean bodyFinished() {
    return body == null || (body.finished() && gunzip == null);
  }

  /** The fields behind the body of which the end was found. */
  HTTPHeaders trailers() {
    return body == null ? TrailerFields.NONE : body.trailers();
  }

  /** No body is expected any longer. */
  void endBody() {
    body = null;
    piece = null;
    if (gunzip != null) {
      gunzip.close();
      gunzip = null;
    }
  }

  @Nullable RequestHead takeHead() {
    RequestHead taken = head;
    head = null;
    return taken;
  }

  byte @Nullable [] takePiece() {
    byte[] taken = piece;
    piece = null;
    return taken;
  }

  @Nullable HTTPInputException takeRefusal() {
    HTTPInputException taken = refusal;
    refusal = null;
    return taken;
  }

  private boolean refuse(HTTPInputException reason, ByteBuffer in) {
    refusal = reason;
    in.position(in.limit()); // nothing behind it can be understood
    return true;
  }
}
