// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.regex.Pattern;

/** Keeps what is logged under a name, and keeps it off the console. */
final class LogCapture extends Handler implements AutoCloseable {
  /** What is said of a loop on a machine that is busy with other things. */
  private static final Pattern HELD_UP =
      Pattern.compile("(?s)waterspout-loop-\\d+ (was held up for|goes on after) .*");

  private static final Formatter FORMATTER = new SimpleFormatter();

  private final List<LogRecord> records = new ArrayList<>();
  private final Logger logger;

  LogCapture(System.Logger logger) {
    this.logger = Logger.getLogger(logger.getName());
    this.logger.setUseParentHandlers(false);
    this.logger.setLevel(Level.ALL);
    this.logger.addHandler(this);
  }

  /** Level and text of each entry. */
  synchronized List<String> lines() {
    return records.stream().map(r -> r.getLevel() + " " + FORMATTER.formatMessage(r)).toList();
  }

  /** The exceptions of the entries that have one. */
  synchronized List<Throwable> thrown() {
    return records.stream().map(LogRecord::getThrown).filter(t -> t != null).toList();
  }

  @Override
  public synchronized void publish(LogRecord entry) {
    if (!HELD_UP.matcher(entry.getMessage()).matches()) {
      records.add(entry);
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
    logger.setLevel(null);
    logger.setUseParentHandlers(true);
  }
}
