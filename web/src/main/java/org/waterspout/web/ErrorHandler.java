// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import org.waterspout.http.MissingCapabilityException;
import org.waterspout.log.Log;

/**
 * Answers any request with one error, whatever its method and body: {@code url("/old/.*", () -> new
 * ErrorHandler(410))}. Also what answers where there is no route, and where a handler cannot be
 * made. A subclass that overrides {@code writeError} can be the {@link Settings.Builder
 * #defaultHandler}.
 */
public class ErrorHandler extends RequestHandler {
  private final Throwable error;

  /** Answers with an error's page. */
  public ErrorHandler(int status) {
    this(new HTTPError(status));
  }

  ErrorHandler(Throwable error) {
    this.error = error;
  }

  /** Checks nothing: the error is the same for everybody. */
  @Override
  protected final void checkXsrfCookie() {}

  /** Throws the error. */
  @Override
  protected final void prepare() throws Exception {
    switch (error) {
      case Exception e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(error);
    }
  }

  @Override
  final boolean takes(String method) {
    return true;
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
