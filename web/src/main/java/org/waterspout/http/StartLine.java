// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors
package org.waterspout.http;

/** The first line of a message. */
public sealed interface StartLine permits RequestStartLine, ResponseStartLine {
  /** {@code HTTP/1.1} or {@code HTTP/1.0}. */
  String version();
}
