// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Receives what comes back of one exchange of an {@link HTTP1ClientConnection}.
 *
 * <p>The calls are those of {@link HTTPMessageDelegate}, in the context in which the exchange was
 * begun, with any number of {@link #informational} in front of them. The start line is a {@link
 * ResponseStartLine}. Either {@link #finish} or {@link #failed} is the last one, and one of them
 * comes unless the exchange is aborted or the stream is detached. {@link #finish} waits for the
 * request to be sent, if it still is. A call that throws, or whose stage fails, fails the exchange
 * with that.
 */
public interface ClientDelegate extends HTTPMessageDelegate {
  /**
   * An answer before the answer has come, such as 100 (Continue) or 103 (Early Hints).
   *
   * @return null, or a stage until whose completion nothing more is read
   */
  default @Nullable CompletionStage<?> informational(
      ResponseStartLine startLine, HTTPHeaders headers) throws Exception {
    return null;
  }

  /**
   * There is no answer, or not all of it, and the connection is closed. May come while another call
   * is parked.
   *
   * @param reason an {@link HTTPInputException} if the answer breaks the protocol or a limit, a
   *     {@link org.waterspout.iostream.StreamClosedException} if the connection ended too soon, or
   *     what a call of this delegate has thrown
   */
  void failed(Throwable reason);

  /** Not called: {@link #failed} is. */
  @Override
  default void onConnectionClose() {}
}
