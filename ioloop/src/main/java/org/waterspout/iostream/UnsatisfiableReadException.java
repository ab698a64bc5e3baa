// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

/**
 * What was to be read cannot come any more within the read's own limit. It is the {@link
 * BaseIOStream#error} of the stream that was closed for it. Tornado: {@code
 * UnsatisfiableReadError}.
 */
public final class UnsatisfiableReadException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnsatisfiableReadException(String message) {
    super(message);
  }
}
