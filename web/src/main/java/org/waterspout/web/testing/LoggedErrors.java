// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.log.Log;

/**
 * The errors that are logged on one loop, as far as no {@code ExpectLog} took them. Applications
 * may run beside each other, so what other threads log is not looked at.
 */
final class LoggedErrors extends Handler {
  private static final SimpleFormatter FORMATTER = new SimpleFormatter(); // for messages only

  private final IOLoop loop;
  private final List<Logger> loggers = // held: java.util.logging forgets loggers nobody holds
      List.of(Logger.getLogger(Log.APPLICATION.getName()), Logger.getLogger(Log.GENERAL.getName()));
  private final List<LogRecord> errors = new ArrayList<>();

  /** None so far. */
  LoggedErrors(IOLoop loop) {
    this.loop = loop;
  }

  void begin() {
    loggers.forEach(logger -> logger.addHandler(this));
  }

  void end() {
    loggers.forEach(logger -> logger.removeHandler(this));
  }

  /**
   * Forgets what there is.
   *
   * @throws AssertionError for the first, with those behind it as suppressed ones
   */
  synchronized void throwFirst() {
    if (errors.isEmpty()) {
      return;
    }
    var failure = failure(errors.removeFirst());
    errors.forEach(further -> failure.addSuppressed(failure(further)));
    errors.clear();
    throw failure;
  }

  private static AssertionError failure(LogRecord logged) {
    return new AssertionError(
        "logged, and expected by no ExpectLog: " + FORMATTER.formatMessage(logged),
        logged.getThrown());
  }

  @Override
  public void publish(LogRecord logged) {
    if (logged.getLevel().intValue() >= Level.SEVERE.intValue() && loop.onLoop()) {
      synchronized (this) {
        errors.add(logged);
      }
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
