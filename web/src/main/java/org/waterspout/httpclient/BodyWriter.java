// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.waterspout.http.HTTP1ClientConnection;
import org.waterspout.ioloop.LoopFuture;

/** Where a {@link BodyProducer} writes. On the loop only, and only until the producer returns. */
public final class BodyWriter {
  private final HTTP1ClientConnection connection;

  BodyWriter(HTTP1ClientConnection connection) {
    this.connection = connection;
  }

  /**
   * Sends a piece of the body, which belongs to the connection until the future is done.
   *
   * @return done when the piece has left for the transport: to await it is to go no faster than the
   *     server
   * @throws org.waterspout.http.HTTPOutputException if the body becomes longer than the request's
   *     Content-Length; the request fails with that
   */
  public LoopFuture<Void> write(ByteBuffer piece) {
    return connection.write(piece);
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
