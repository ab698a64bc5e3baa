// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import org.jspecify.annotations.Nullable;
import org.waterspout.http.HTTPStatus;

/**
 * A fetch did not succeed: the answer's status is not one of success, or there is no answer.
 * Tornado: {@code HTTPClientError}, before that {@code HTTPError}.
 */
public sealed class HTTPClientError extends RuntimeException
    permits HTTPTimeoutError, HTTPStreamClosedError {
  /** The code where there is no answer. */
  public static final int NO_ANSWER = 599;

  private static final long serialVersionUID = 1L;

  private final int code;
  private final transient @Nullable HTTPResponse response; // null: there is none

  /** An answer that is not one of success. */
  public HTTPClientError(HTTPResponse response) {
    this(response.code(), "HTTP " + response.code() + ": " + reason(response), response, null);
  }

  /** An answer that is not what was asked for; the message says what that was. */
  public HTTPClientError(HTTPResponse response, String message) {
    this(response.code(), message, response, null);
  }

  /** No answer. */
  public HTTPClientError(String message, @Nullable Throwable cause) {
    this(NO_ANSWER, message, null, cause);
  }

  /** An answer that leads nowhere, and why. */
  HTTPClientError(HTTPClientError why, HTTPResponse response) {
    this(response.code(), String.valueOf(why.getMessage()), response, why.getCause());
  }

  private HTTPClientError(
      int code, String message, @Nullable HTTPResponse response, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
    this.response = response;
  }

  private static String reason(HTTPResponse response) {
    return response.reason().isEmpty() ? HTTPStatus.reason(response.code()) : response.reason();
  }

  /** The status of the answer; 599 if there is none. */
  public final int code() {
    return code;
  }

  /** The answer, null if there is none. */
  public final @Nullable HTTPResponse response() {
    return response;
  }
}
