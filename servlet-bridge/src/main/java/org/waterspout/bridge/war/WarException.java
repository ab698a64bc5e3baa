// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.war;

import org.jspecify.annotations.Nullable;

/** A WAR that cannot be used. The message names the file, and within it the place. */
public final class WarException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public WarException(String message) {
    super(message);
  }

  public WarException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
