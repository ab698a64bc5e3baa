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
  private @Nullable String reason; // null: the one that belongs to the status

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

  /**
   * Gives the answer a reason phrase of its own. It stands on the error page too, and unlike the
   * message it is for the client. Deployments that cannot send one send the usual one.
   *
   * @return this error
   * @throws IllegalArgumentException if it cannot be sent
   */
  public HTTPError withReason(String reason) {
    Response.checkReason(reason);
    this.reason = reason;
    return this;
  }

  /** The reason phrase of its own; null if it has none. */
  public final @Nullable String reason() {
    return reason;
  }

  /** The status of the answer. */
  public final int status() {
    return status;
  }
}
