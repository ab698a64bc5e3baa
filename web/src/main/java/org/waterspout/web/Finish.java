// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import org.jspecify.annotations.Nullable;

/** Thrown in a handler, ends the request quietly with what has been set and written so far. */
public final class Finish extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final @Nullable String chunk;

  /** Ends the request. */
  public Finish() {
    this(null);
  }

  /** Writes a last piece and ends the request. */
  public Finish(@Nullable String chunk) {
    super("Finish", null, false, false); // control flow, no use for a stack
    this.chunk = chunk;
  }

  /** The last piece; null if there is none. */
  @Nullable String chunk() {
    return chunk;
  }
}
