// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.HTTPInputException;
import org.waterspout.iostream.StreamClosedException;

/** What a fetch fails with. What is not ours, a callback's exception say, stays as it is. */
final class ClientFailures {
  private ClientFailures() {}

  static Throwable ofConnecting(@Nullable Throwable reason) {
    var cause = unwrap(reason);
    return switch (cause) {
      case HTTPClientError error -> error;
      case StreamClosedException e ->
          new HTTPStreamClosedError("no connection" + why(e.getCause()), e);
      case HTTPInputException e -> new HTTPClientError("the proxy's answer" + why(e), e);
      case null -> new HTTPStreamClosedError("no connection", null);
      default -> new HTTPClientError("no connection" + why(cause), cause);
    };
  }

  static Throwable ofExchange(Throwable reason) {
    var cause = unwrap(reason);
    return switch (cause) {
      case StreamClosedException e ->
          new HTTPStreamClosedError(
              "the connection ended before the whole answer had come" + why(e.getCause()), e);
      case HTTPInputException e -> new HTTPClientError("a malformed answer" + why(e), e);
      case null -> reason;
      default -> cause;
    };
  }

  private static @Nullable Throwable unwrap(@Nullable Throwable reason) {
    return reason instanceof CompletionException && reason.getCause() != null
        ? reason.getCause()
        : reason;
  }

  private static String why(@Nullable Throwable cause) {
    if (cause == null) {
      return "";
    }
    var message = cause.getMessage();
    return ": " + (message == null ? cause.getClass().getSimpleName() : message);
  }
}
