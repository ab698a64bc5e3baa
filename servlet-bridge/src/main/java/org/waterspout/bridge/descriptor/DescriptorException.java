// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.descriptor;

import org.jspecify.annotations.Nullable;

/** A descriptor that cannot be read. The message begins with file, line and column. */
public final class DescriptorException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DescriptorException(Place place, String message) {
    this(place, message, null);
  }

  public DescriptorException(Place place, String message, @Nullable Throwable cause) {
    super(place + ": " + message, cause);
  }
}
