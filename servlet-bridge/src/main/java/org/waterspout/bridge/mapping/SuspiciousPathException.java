// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.mapping;

/** A path that Servlet 6.1 section 3.5.2 wants refused. The message says why, without the path. */
public final class SuspiciousPathException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SuspiciousPathException(String message) {
    super(message);
  }
}
