// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import java.io.IOException;

/** The client went away before the exchange was over: normal, and nobody's error. */
final class ClientGoneException extends IOException {
  private static final long serialVersionUID = 1L;

  ClientGoneException() {
    super("the client has closed the connection");
  }

  /** Found out by a write that failed. */
  ClientGoneException(IOException cause) {
    super("the client has closed the connection", cause);
  }

  /** Whether a failure comes from it, however it was wrapped. */
  static boolean causes(Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < 20; depth++) {
      if (cause instanceof ClientGoneException) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }
}
