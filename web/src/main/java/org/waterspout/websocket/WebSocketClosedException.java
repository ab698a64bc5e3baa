// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import org.jspecify.annotations.Nullable;

/**
 * The WebSocket is closed, or about to be: nothing more can be sent. Tornado: {@code
 * WebSocketClosedError}.
 */
public final class WebSocketClosedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The cause is what broke the connection; null if one of the ends closed it. */
  public WebSocketClosedException(@Nullable Throwable cause) {
    super("the WebSocket is closed", cause);
  }
}
