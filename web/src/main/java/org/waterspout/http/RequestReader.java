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
 * where no user code may run.
 */
final class RequestReader {
  /** Has nothing and will be given nothing: in the place of one that is not needed any more. */
  static final RequestReader SPENT = new RequestReader(HTTPServerOptions.defaults(), new byte[0]);

  private final HTTPServerOptions options;
  private final byte[] shared;
  private final RequestHeadParser heads;
  private @Nullable RequestHead head; // found, not taken
  private @Nullable BodyDecoder body; // null: no body is expected
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
      return head != null;
    } catch (HTTPInputException e) {
      return refuse(e, in);
    }
  }

  /** Whether a part of a head was consumed. */
  boolean headBegun() {
    return heads.begun();
  }

  /**
   * Expects a body.
   *
   * @throws HTTPInputException 413 if it is over the limit already
   */
  void expectBody(long length, long maxSize) {
    body = BodyDecoder.of(length, maxSize, options.maxHeaderSize(), shared);
  }

  /** Consumes bytes of a body; true if a piece, its end or a reason to refuse it was found. */
  boolean readBody(ByteBuffer in) {
    if (body == null) {
      throw new IllegalStateException("no body is expected");
    }
    try {
      piece = body.decode(in, options.chunkSize());
      return piece != null || body.finished();
    } catch (HTTPInputException e) {
      return refuse(e, in);
    }
  }

  /** Whether the end of the expected body was found. */
  boolean bodyFinished() {
    return body == null || body.finished();
  }

  /** No body is expected any longer. */
  void endBody() {
    body = null;
    piece = null;
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
