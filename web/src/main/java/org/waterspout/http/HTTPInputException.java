// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors
package org.waterspout.http;

/**
 * The peer broke the protocol or a limit. Answered with {@link #status} and a closed connection
 * where an answer can still be sent. Tornado: {@code HTTPInputError}.
 */
public final class HTTPInputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;

  /** A malformed message, status 400. The message is for the log, not for the peer. */
  public HTTPInputException(String message) {
    this(400, message);
  }

  /** A refusal with another status. The message is for the log, not for the peer. */
  public HTTPInputException(int status, String message) {
    super(message);
    this.status = status;
  }

  /** The status with which the message is refused. */
  public int status() {
    return status;
  }
}
