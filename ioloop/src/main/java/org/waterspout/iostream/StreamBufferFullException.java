// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

/**
 * More bytes would have to be kept than the {@link StreamLimits} of the stream allow. Tornado:
 * {@code StreamBufferFullError}.
 */
public final class StreamBufferFullException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StreamBufferFullException(String message) {
    super(message);
  }
}
