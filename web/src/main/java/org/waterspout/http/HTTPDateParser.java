// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.Year;
import java.time.ZoneOffset;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the three forms of a date, RFC 9110 section 5.6.7. Pure.
 *
 * <p>Letters and blanks have to be as they are there; only whether the day of the week is the right
 * one is not asked, since nothing follows from it.
 */
final class HTTPDateParser {
  private static final List<String> MONTHS =
      List.of("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec");
  private static final String MONTH = "(?<month>[A-Z][a-z]{2})";
  private static final String TIME = "(?<hour>[0-9]{2}):(?<minute>[0-9]{2}):(?<second>[0-9]{2})";

  /** {@code Sun, 06 Nov 1994 08:49:37 GMT}. */
  private static final Pattern IMF_FIXDATE =
      Pattern.compile(
          "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (?<day>[0-9]{2}) "
              + MONTH
              + " (?<year>[0-9]{4}) "
              + TIME
              + " GMT");

  /** {@code Sunday, 06-Nov-94 08:49:37 GMT}. */
  private static final Pattern RFC850 =
      Pattern.compile(
          "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, (?<day>[0-9]{2})-"
              + MONTH
              + "-(?<year>[0-9]{2}) "
              + TIME
              + " GMT");

  /** {@code Sun Nov 6 08:49:37 1994}. */
  private static final Pattern ASCTIME =
      Pattern.compile(
          "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) "
              + MONTH
              + " (?<day>[0-9]{2}| [0-9]) "
              + TIME
              + " (?<year>[0-9]{4})");

  private static final int LONGEST = 33; // a Wednesday of RFC 850

  private HTTPDateParser() {}

  /**
   * The instant of a date.
   *
   * @param now decides the century of a year of two digits
   * @return null if this is no date
   */
  static @Nullable Instant parse(String text, Instant now) {
    if (text.length() > LONGEST) {
      return null;
    }
    for (var form : List.of(IMF_FIXDATE, RFC850, ASCTIME)) {
      var matcher = form.matcher(text);
      if (matcher.matches()) {
        return instant(matcher, now);
      }
    }
    return null;
  }

  private static @Nullable Instant instant(MatchResult found, Instant now) {
    int month = MONTHS.indexOf(found.group("month")) + 1;
    int second = Integer.parseInt(found.group("second"));
    try {
      var minute =
          LocalDateTime.of(
              year(found.group("year"), now),
              month,
              Integer.parseInt(found.group("day").strip()),
              Integer.parseInt(found.group("hour")),
              Integer.parseInt(found.group("minute")));
      // a leap second is the first of the next minute
      return second > 60 ? null : minute.plusSeconds(second).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** RFC 9110: what appears to be more than 50 years in the future lies in the past. */
  private static int year(String digits, Instant now) {
    int year = Integer.parseInt(digits);
    if (digits.length() == 4) {
      return year;
    }
    int thisYear = Year.from(now.atOffset(ZoneOffset.UTC)).getValue();
    int guess = thisYear - thisYear % 100 + year;
    if (guess < thisYear - 49) {
      guess += 100;
    }
    return guess > thisYear + 50 ? guess - 100 : guess;
  }
}
