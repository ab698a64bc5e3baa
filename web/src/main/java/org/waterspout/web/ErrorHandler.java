// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import org.waterspout.http.MissingCapabilityException;
import org.waterspout.log.Log;

/** Answers any request with one error: no route, no handler, or a handler that may not run here. */
final class ErrorHandler extends RequestHandler {
  private final Throwable error;

  ErrorHandler(Throwable error) {
    this.error = error;
  }

  @Override
  protected void prepare() throws Exception {
    switch (error) {
      case Exception e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(error);
    }
  }

  /** A route that is refused is so for each request: a line will do. */
  @Override
  protected void logException(Throwable error) {
    if (error instanceof MissingCapabilityException) {
      Log.GENERAL.log(
          System.Logger.Level.WARNING,
          () -> "501 " + LogText.summary(request()) + ": " + error.getMessage());
    } else {
      super.logException(error);
    }
  }
}
