// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.HTTP1ClientConnection;
import org.waterspout.http.HTTPOutputException;
import org.waterspout.ioloop.LoopFuture;

/** Where a {@link BodyProducer} writes. On the loop only, and only until the producer returns. */
public final class BodyWriter {
  private final HTTP1ClientConnection connection;
  private @Nullable HTTPOutputException refusal;
  private boolean ended;

  BodyWriter(HTTP1ClientConnection connection) {
    this.connection = connection;
  }

  /**
   * Sends a piece of the body, which belongs to the connection until the future is done.
   *
   * @return done when the piece has left for the transport: to await it is to go no faster than the
   *     server
   * @throws HTTPOutputException if the body becomes longer than the request's Content-Length; the
   *     request fails with that
   * @throws IllegalStateException if the producer has returned, or the request has ended
   */
  public LoopFuture<Void> write(ByteBuffer piece) {
    if (ended) { // the connection may carry another request by now
      throw new IllegalStateException("the body has ended");
    }
    try {
      return connection.write(piece);
    } catch (HTTPOutputException e) {
      refusal = e;
      throw e;
    }
  }

  /** What the connection has refused; null: nothing. */
  @Nullable HTTPOutputException refusal() {
    return refusal;
  }

  void end() {
    ended = true;
  }

  /** {@link #write(ByteBuffer)} of an array. */
  public LoopFuture<Void> write(byte[] piece) {
    return write(ByteBuffer.wrap(piece));
  }

  /** {@link #write(ByteBuffer)} of text, in UTF-8. */
  public LoopFuture<Void> write(String text) {
    return write(text.getBytes(StandardCharsets.UTF_8));
  }
}
