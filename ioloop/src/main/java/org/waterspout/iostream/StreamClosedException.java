// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import org.jspecify.annotations.Nullable;

/**
 * The stream is closed. The cause is the error that closed it, if it was one. Tornado: {@code
 * StreamClosedError}.
 */
public final class StreamClosedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The cause is null after an orderly close. */
  public StreamClosedException(@Nullable Throwable cause) {
    super("the stream is closed", cause);
  }
}
