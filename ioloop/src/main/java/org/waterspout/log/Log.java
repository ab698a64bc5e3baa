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

  /**
   * What to log in place of a throwable whose message may quote a client: the throwable itself, but
   * if a message in it or in one of its causes has line breaks or other control characters, a copy
   * in which they are escaped, so that nobody can write entries of his own into the log. The copy
   * has the stacks and the names of the classes, though not the classes. From any thread.
   */
  public static Throwable cleaned(Throwable thrown) {
    return CleanThrowable.of(thrown);
  }
}
