// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** The value of Date, formatted once per second. Callable from any thread. */
final class HTTPDate {
  private static volatile HTTPDate last = new HTTPDate(0);

  private final long second;
  private final String text;
  private final byte[] bytes;

  private HTTPDate(long second) {
    this.second = second;
    this.text = HTTPUtil.formatTimestamp(Instant.ofEpochSecond(second));
    this.bytes = text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Now, as bytes; not to be changed. */
  static byte[] now() {
    return current().bytes;
  }

  /** Now, as text. */
  static String nowAsText() {
    return current().text;
  }

  private static HTTPDate current() {
    long second = System.currentTimeMillis() / 1000;
    HTTPDate date = last;
    if (date.second != second) {
      date = new HTTPDate(second);
      last = date;
    }
    return date;
  }
}
