// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.testing;

import java.lang.System.Logger.Level;
import java.util.Objects;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes expected records out of the log, and fails if there was none. Tornado: {@code ExpectLog}.
 *
 * <pre>{@code
 * try (var _ = new ExpectLog(Log.APPLICATION, "Exception in callback")) {
 *   ...
 * }
 * }</pre>
 *
 * <p>For programs whose {@link System.Logger} writes to {@code java.util.logging}, as the JDK's own
 * does. It sees the records of one logger, not those of loggers below it, and only such as the
 * logger's level lets through. Records may come from any thread. Several may watch one logger: who
 * came last looks first.
 */
public final class ExpectLog implements AutoCloseable {
  private static final SimpleFormatter FORMATTER = new SimpleFormatter(); // for messages only

  private final Logger logger; // held: java.util.logging forgets loggers that nobody holds
  private final Pattern pattern;
  private final boolean required;
  private final java.util.logging.@Nullable Level level; // null: any
  private final java.util.logging.@Nullable Level levelBefore;
  private final @Nullable Filter filterBefore;
  private final Filter filter = this::mayPass;
  private volatile boolean matched;
  private volatile boolean loggedStack;
  private volatile boolean closed;

  /** Expects a message that begins like the regular expression, of any level. */
  public ExpectLog(String logger, String regex) {
    this(logger, regex, true, null);
  }

  /** Expects a message that begins like the regular expression, of any level. */
  public ExpectLog(System.Logger logger, String regex) {
    this(logger.getName(), regex);
  }

  /**
   * Expects a message.
   *
   * @param logger a name; empty for the root logger
   * @param regex what the message, with its values in place, begins with
   * @param required whether {@link #close} fails if there was no such message
   * @param level the only level that matches, for which the logger is opened meanwhile; null for
   *     all levels
   */
  public ExpectLog(String logger, String regex, boolean required, @Nullable Level level) {
    this.logger = Logger.getLogger(logger);
    this.pattern = Pattern.compile(regex);
    this.required = required;
    this.level = level == null ? null : ofJavaUtilLogging(level);
    levelBefore = this.logger.getLevel();
    filterBefore = this.logger.getFilter();
    if (this.level != null && !this.logger.isLoggable(this.level)) {
      this.logger.setLevel(this.level);
    }
    this.logger.setFilter(filter);
  }

  /** {@link #ExpectLog(String, String, boolean, Level)} for a logger itself. */
  public ExpectLog(System.Logger logger, String regex, boolean required, @Nullable Level level) {
    this(logger.getName(), regex, required, level);
  }

  private static java.util.logging.Level ofJavaUtilLogging(Level level) {
    return switch (level) {
      case TRACE -> java.util.logging.Level.FINER;
      case DEBUG -> java.util.logging.Level.FINE;
      case INFO -> java.util.logging.Level.INFO;
      case WARNING -> java.util.logging.Level.WARNING;
      case ERROR -> java.util.logging.Level.SEVERE;
      case ALL, OFF -> throw new IllegalArgumentException("no record has the level " + level);
    };
  }

  /** Whether a record has matched so far. */
  public boolean matched() {
    return matched;
  }

  /** Whether a record that matched had an exception. */
  public boolean loggedStack() {
    return loggedStack;
  }

  private boolean mayPass(LogRecord record) {
    if (!closed && matches(record)) {
      if (record.getThrown() != null) {
        loggedStack = true;
      }
      matched = true;
      return false;
    }
    return filterBefore == null || filterBefore.isLoggable(record);
  }

  private boolean matches(LogRecord record) {
    return (level == null || level.equals(record.getLevel()))
        && pattern.matcher(FORMATTER.formatMessage(record)).lookingAt();
  }

  /**
   * Lets all records pass again. In a {@code try} that ends with an exception, what this throws is
   * suppressed.
   *
   * @throws AssertionError if a record was required and none has matched
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (Objects.equals(logger.getFilter(), filter)) { // else one that came later calls it on
      logger.setFilter(filterBefore);
    }
    logger.setLevel(levelBefore);
    if (required && !matched) {
      throw new AssertionError(
          "nothing was logged to \"" + logger.getName() + "\" that begins like " + pattern);
    }
  }
}
