// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** The value of Date for servers that leave it to the application, formatted once per second. */
final class CurrentDate {
  private static volatile CurrentDate last = new CurrentDate(0);

  private final long second;
  private final String text;

  private CurrentDate(long second) {
    this.second = second;
    this.text = DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC));
  }

  static String get() {
    long second = System.currentTimeMillis() / 1000;
    var date = last;
    if (date.second != second) {
      date = new CurrentDate(second);
      last = date;
    }
    return date.text;
  }
}
