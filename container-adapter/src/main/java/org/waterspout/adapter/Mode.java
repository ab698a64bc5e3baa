// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import java.util.Locale;

/**
 * How requests are served in a servlet container. In {@code web.xml} the init-param {@code mode}
 * says it, in small letters.
 */
public enum Mode {
  /** Asynchronously; synchronously those requests that come without support for it. */
  AUTO,
  /** Asynchronously; requests that come without support for it are answered with 500. */
  ASYNC,
  /**
   * Synchronously: each request keeps a thread of the container until it is answered, so that
   * {@code LONG_POLLING} is missing, and none of the answer is sent while the body is awaited.
   */
  SYNC;

  static Mode of(String name) {
    for (Mode mode : values()) {
      if (mode.toString().equals(name)) {
        return mode;
      }
    }
    throw new IllegalArgumentException("auto, async or sync, not " + name);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
