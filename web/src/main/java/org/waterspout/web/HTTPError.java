// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import org.jspecify.annotations.Nullable;

/**
 * Thrown in a handler, answers the request with an error page. Its message goes to the log and
 * never to the client.
 */
public class HTTPError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;

  /** An error that is not logged except in the access log. */
  public HTTPError(int status) {
    this(status, null, null);
  }

  /** An error whose message is logged. */
  public HTTPError(int status, String logMessage) {
    this(status, logMessage, null);
  }

  /** An error whose message and cause are logged. */
  public HTTPError(int status, @Nullable String logMessage, @Nullable Throwable cause) {
    super(logMessage, cause);
    if (status < 300 || status > 999) {
      throw new IllegalArgumentException("status " + status + " is not between 300 and 999");
    }
    this.status = status;
  }

  /** The status of the answer. */
  public final int status() {
    return status;
  }
}
