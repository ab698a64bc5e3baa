// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.message;

import java.text.ParsePosition;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.List;
import java.util.Locale;

/** The three dates of RFC 9110 section 5.6.7, all of which a recipient must read. */
public final class HTTPDates {
  private static final List<DateTimeFormatter> FORMATS =
      List.of(
          DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH),
          rfc850(),
          DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ENGLISH));

  private HTTPDates() {}

  /**
   * Milliseconds since 1970.
   *
   * @throws IllegalArgumentException if it is none of the three
   */
  public static long parse(String date) {
    for (DateTimeFormatter format : FORMATS) {
      ParsePosition position = new ParsePosition(0);
      TemporalAccessor parsed = format.parseUnresolved(date, position);
      if (parsed != null && position.getErrorIndex() < 0 && position.getIndex() == date.length()) {
        return parse(date, format);
      }
    }
    throw new IllegalArgumentException("not a date: " + date);
  }

  private static long parse(String date, DateTimeFormatter format) {
    try {
      return LocalDateTime.parse(date, format).toInstant(ZoneOffset.UTC).toEpochMilli();
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("not a date: " + date, e);
    }
  }

  private static DateTimeFormatter rfc850() {
    // A year of two digits that seems more than 50 years ahead is in the past.
    return new DateTimeFormatterBuilder()
        .appendPattern("EEEE, dd-MMM-")
        .appendValueReduced(
            ChronoField.YEAR, 2, 2, LocalDateTime.now(ZoneOffset.UTC).getYear() - 49)
        .appendPattern(" HH:mm:ss 'GMT'")
        .toFormatter(Locale.ENGLISH);
  }
}
