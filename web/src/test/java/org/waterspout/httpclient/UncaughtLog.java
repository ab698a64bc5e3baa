// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Looks for exceptions that nobody has caught but the loop: there are none in a client. */
final class UncaughtLog extends Handler implements AutoCloseable {
  private final Logger logger = Logger.getLogger("org.waterspout");
  private final List<Throwable> thrown = new CopyOnWriteArrayList<>();

  UncaughtLog() {
    logger.addHandler(this);
  }

  @Override
  public void publish(LogRecord entry) {
    if (entry.getLevel().intValue() >= Level.SEVERE.intValue() && entry.getThrown() != null) {
      thrown.add(entry.getThrown());
    }
  }

  @Override
  public void flush() {}

  /** Fails if there was one. */
  @Override
  public void close() {
    logger.removeHandler(this);
    if (!thrown.isEmpty()) {
      throw new AssertionError("an uncaught exception", thrown.getFirst());
    }
  }
}
