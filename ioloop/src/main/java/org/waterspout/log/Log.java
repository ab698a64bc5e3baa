// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.log;

/** Tornado's three loggers. Where they write is decided by whatever implements System.Logger. */
public final class Log {
  /** One line per request. */
  public static final System.Logger ACCESS = System.getLogger("org.waterspout.access");

  /** Uncaught exceptions of application code. */
  public static final System.Logger APPLICATION = System.getLogger("org.waterspout.application");

  /** Everything else. */
  public static final System.Logger GENERAL = System.getLogger("org.waterspout.general");

  private Log() {}
}
