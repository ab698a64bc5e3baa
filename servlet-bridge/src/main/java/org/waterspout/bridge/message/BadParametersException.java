// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.message;

/**
 * Parameters that cannot be read. {@code getParameter} throws it, as Servlet 6.1 says; if the
 * servlet does not catch it, the answer is {@link #status}.
 */
public final class BadParametersException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  private final int status;

  public BadParametersException(int status, String message) {
    super(message);
    this.status = status;
  }

  public BadParametersException(String message, Throwable cause) {
    super(message, cause);
    this.status = 400;
  }

  /** 400, or 413 for too much. */
  public int status() {
    return status;
  }
}
