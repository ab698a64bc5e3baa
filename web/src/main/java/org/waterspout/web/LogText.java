// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import org.waterspout.http.HTTPServerRequest;

/** What came from outside, fit to stand in one line of a log. */
final class LogText {
  private LogText() {}

  /** The text with everything escaped that could end the line or paint the terminal. */
  static String clean(String text) {
    if (text.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
      return text;
    }
    var cleaned = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= ' ' && c < 0x7f) {
        cleaned.append(c);
      } else {
        cleaned.append(String.format("\\u%04x", (int) c));
      }
    }
    return cleaned.toString();
  }

  /** Method, target and address: {@code GET /a?b=c (127.0.0.1)}. */
  static String summary(HTTPServerRequest request) {
    return clean(request.method() + " " + request.uri() + " (" + request.remoteIP() + ")");
  }
}
