// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors
package org.waterspout.http;

/** Our side broke the protocol: a length that does not hold. Tornado: {@code HTTPOutputError}. */
public final class HTTPOutputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The message is for the log. */
  public HTTPOutputException(String message) {
    super(message);
  }
}
