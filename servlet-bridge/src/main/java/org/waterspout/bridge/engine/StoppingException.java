// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.UnavailableException;

/** The application is being stopped while an asynchronous request waits: nobody's error. */
final class StoppingException extends UnavailableException {
  private static final long serialVersionUID = 1L;

  StoppingException(int retryAfterSeconds) {
    super("the application stops", retryAfterSeconds);
  }
}
