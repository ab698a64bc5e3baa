// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Takes the records of a logger away from the console and keeps them. */
public final class LogCapture extends Handler implements AutoCloseable {
  private final Logger logger;
  private final List<LogRecord> records = new CopyOnWriteArrayList<>();

  private final boolean watchdogsToo; // what it says of a busy machine is in no test's hands
  private final @Nullable RuntimeException failure; // thrown for each record; null: none

  private LogCapture(String name, boolean watchdogsToo, @Nullable RuntimeException failure) {
    this.watchdogsToo = watchdogsToo;
    this.failure = failure;
    logger = Logger.getLogger(name);
    logger.setUseParentHandlers(false);
    logger.addHandler(this);
  }

  public static LogCapture application() {
    return new LogCapture("org.waterspout.application", false, null);
  }

  /** Without the watchdog's records. */
  public static LogCapture general() {
    return new LogCapture("org.waterspout.general", false, null);
  }

  static LogCapture generalWithTheWatchdog() {
    return new LogCapture("org.waterspout.general", true, null);
  }

  /** One that keeps each record, then throws. */
  static LogCapture applicationThatThrows(RuntimeException failure) {
    return new LogCapture("org.waterspout.application", false, failure);
  }

  /** The same, with the watchdog. */
  static LogCapture generalThatThrows(RuntimeException failure) {
    return new LogCapture("org.waterspout.general", true, failure);
  }

  public List<Throwable> thrown() {
    return records.stream().map(LogRecord::getThrown).toList();
  }

  public List<String> messages() {
    return records.stream().map(LogRecord::getMessage).toList();
  }

  /** The first message that contains a text, as soon as it is there. */
  public synchronized String await(String part) throws InterruptedException {
    long deadline = System.nanoTime() + RunningLoop.DEADLINE.toNanos();
    while (true) {
      for (var message : messages()) {
        if (message.contains(part)) {
          return message;
        }
      }
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        throw new AssertionError("no message contains " + part + ": " + messages());
      }
      wait(left);
    }
  }

  private static boolean isWatchdogs(LogRecord record) {
    var message = String.valueOf(record.getMessage());
    return message.contains(" was held up for ") || message.contains(" goes on after about ");
  }

  @Override
  public synchronized void publish(LogRecord record) {
    if (!watchdogsToo && isWatchdogs(record)) {
      return;
    }
    records.add(record);
    notifyAll();
    if (failure != null) {
      throw failure;
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
