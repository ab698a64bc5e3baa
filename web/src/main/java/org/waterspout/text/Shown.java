// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.text;

/** What came from outside, fit to stand in one line of a log or in a message. Pure. */
public final class Shown {
  private static final int MOST = 120;

  private Shown() {}

  /** The text with everything escaped that could end the line or paint the terminal. */
  public static String clean(String text) {
    int plain = 0;
    while (plain < text.length() && isPlain(text.charAt(plain))) {
      plain++;
    }
    if (plain == text.length()) {
      return text;
    }
    var cleaned = new StringBuilder(text.length() + 16);
    cleaned.append(text, 0, plain);
    for (int i = plain; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isPlain(c)) {
        cleaned.append(c);
      } else {
        cleaned.append(String.format("\\u%04x", (int) c));
      }
    }
    return cleaned.toString();
  }

  /** The same between quotes, and cut at 120 characters. */
  public static String quoted(String text) {
    return text.length() > MOST
        ? '"' + clean(text.substring(0, MOST)) + "\"..."
        : '"' + clean(text) + '"';
  }

  /** Whether the character is printable ASCII, which is shown as it is. */
  public static boolean isPlain(char c) {
    return c >= ' ' && c < 0x7f;
  }
}
