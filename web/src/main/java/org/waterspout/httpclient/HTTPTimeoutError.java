// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

/** It took too long; the message says what did. Tornado: {@code HTTPTimeoutError}. */
public final class HTTPTimeoutError extends HTTPClientError {
  private static final long serialVersionUID = 1L;

  /** The message says what took too long. */
  public HTTPTimeoutError(String message) {
    super(message, null);
  }
}
