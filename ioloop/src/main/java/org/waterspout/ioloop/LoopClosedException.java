// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

/** The loop was closed while, or before, something waited on it. */
public final class LoopClosedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The message names what was waiting. */
  public LoopClosedException(String message) {
    super(message);
  }
}
