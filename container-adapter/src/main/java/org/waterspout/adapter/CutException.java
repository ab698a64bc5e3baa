// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import java.io.IOException;

/** Thrown to the container so that it drops the connection. */
final class CutException extends IOException {
  /** The request attribute that makes an async dispatch throw one. */
  static final String ATTRIBUTE = "org.waterspout.adapter.cut";

  private static final long serialVersionUID = 1L;

  CutException() {
    super("the answer was cut");
  }
}
