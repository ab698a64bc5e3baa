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

  private final @Nullable RuntimeException failure; // thrown for each record; null: none

  private LogCapture(String name, @Nullable RuntimeException failure) {
    this.failure = failure;
    logger = Logger.getLogger(name);
    logger.setUseParentHandlers(false);
    logger.addHandler(this);
  }

  public static LogCapture application() {
    return new LogCapture("org.waterspout.application", null);
  }

  public static LogCapture general() {
    return new LogCapture("org.waterspout.general", null);
  }

  /** One that keeps each record, then throws. */
  static LogCapture applicationThatThrows(RuntimeException failure) {
    return new LogCapture("org.waterspout.application", failure);
  }

  /** The same. */
  static LogCapture generalThatThrows(RuntimeException failure) {
    return new LogCapture("org.waterspout.general", failure);
  }

  public List<Throwable> thrown() {
    return records.stream().map(LogRecord::getThrown).toList();
  }

  public List<String> messages() {
    return records.stream().map(LogRecord::getMessage).toList();
  }

  /** Without what the watchdog says of a busy machine. */
  public List<String> messagesButTheWatchdogs() {
    return messages().stream()
        .filter(message -> !message.contains("was held up") && !message.contains("goes on after"))
        .toList();
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

  @Override
  public synchronized void publish(LogRecord record) {
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
