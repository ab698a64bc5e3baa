// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors
package org.waterspout.http;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Receives one message: the second of the three seams. Tornado: {@code
 * httputil.HTTPMessageDelegate}.
 *
 * <p>Calls come on the loop, from its base level, in this order: {@link #headersReceived}, any
 * number of {@link #dataReceived}, {@link #trailersReceived} if there are any, {@link #finish}.
 * {@link #onConnectionClose} replaces what has not come yet, and may also come after {@code
 * finish}, while the answer is still open. Any of them may await. While one is parked, or the stage
 * it returned is not complete, none but {@code onConnectionClose} is called and the sender is held
 * back.
 */
public interface HTTPMessageDelegate {
  /**
   * The start line and the headers have arrived.
   *
   * @return null, or a stage until whose completion the body is held back; a failed stage ends the
   *     exchange as a thrown exception does
   * @throws HTTPInputException if the message is refused
   */
  @Nullable CompletionStage<?> headersReceived(StartLine startLine, HTTPHeaders headers)
      throws Exception;

  /**
   * A piece of the body, with transfer coding removed. The array is the receiver's own.
   *
   * @return null, or a stage until whose completion further pieces are held back
   */
  @Nullable CompletionStage<?> dataReceived(byte[] chunk) throws Exception;

  /**
   * Fields have arrived behind the body. They are no headers (RFC 9110 section 6.5): those that
   * only count in front of a body, such as of framing, routing and authentication, were dropped.
   *
   * @param trailers at least one field; the receiver's own
   * @throws HTTPInputException if the message is refused
   */
  @Needs(Capability.REQUEST_TRAILERS)
  default void trailersReceived(HTTPHeaders trailers) throws Exception {}

  /** The whole message has arrived. */
  void finish() throws Exception;

  /**
   * The exchange ends before it was finished, other than by its own side: the peer is gone, or the
   * connection refused the rest of the request. Called at most once; nothing that is written
   * reaches the peer any more.
   */
  default void onConnectionClose() {}
}
