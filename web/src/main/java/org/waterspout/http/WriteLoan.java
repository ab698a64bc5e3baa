// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors
package org.waterspout.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The write side of one exchange in the hands of a thread that is not the loop's.
 *
 * <p>Life: {@link #writeHeaders} once, {@link #write} any number of times, then {@link #finish} or
 * {@link #abort}, which give the write side back. One thread at a time may call; a write blocks it
 * until the bytes have left for the transport. Buffers are the caller's own again when the call
 * returns. Direct buffers are written without a copy.
 */
public interface WriteLoan {
  /**
   * Sends the start line, the headers and a first piece of the body.
   *
   * @throws IOException if the peer is gone or takes nothing for the write-stall timeout
   * @throws IllegalStateException if headers were sent before
   * @throws HTTPOutputException if the headers contradict the message
   */
  void writeHeaders(ResponseStartLine startLine, HTTPHeaders headers, @Nullable ByteBuffer chunk)
      throws IOException;

  /**
   * Sends a piece of the body. Throws as {@link #writeHeaders} and {@link HTTPConnection#write}.
   */
  void write(ByteBuffer chunk) throws IOException;

  /** Ends the answer and gives the write side back. Throws as {@link HTTPConnection#finish}. */
  void finish() throws IOException;

  /**
   * Ends the answer with fields behind its body, and gives the write side back. Throws as {@link
   * HTTPConnection#finish(HTTPHeaders)}.
   */
  @Needs(Capability.RESPONSE_TRAILERS)
  void finish(HTTPHeaders trailers) throws IOException;

  /** Cuts the exchange and gives the write side back. Does nothing after the end. */
  void abort();
}
