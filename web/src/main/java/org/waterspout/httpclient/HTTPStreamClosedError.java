// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import org.jspecify.annotations.Nullable;

/**
 * The connection ended before the whole answer was there, or there was none to begin with. Tornado:
 * {@code HTTPStreamClosedError}.
 */
public final class HTTPStreamClosedError extends HTTPClientError {
  private static final long serialVersionUID = 1L;

  /** The cause is what closed the stream, if it was an error. */
  public HTTPStreamClosedError(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
