// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Keeps what is logged as an error, and drops the rest. */
final class SevereLog extends Handler implements AutoCloseable {
  private final Logger logger = Logger.getLogger("org.waterspout");
  private final List<String> entries = new ArrayList<>();

  SevereLog() {
    logger.addHandler(this);
    logger.setUseParentHandlers(false);
  }

  synchronized List<String> entries() {
    return List.copyOf(entries);
  }

  @Override
  public synchronized void publish(LogRecord entry) {
    if (entry.getLevel().intValue() >= Level.SEVERE.intValue()) {
      entries.add(new SimpleFormatter().format(entry));
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
    logger.setUseParentHandlers(true);
  }
}
