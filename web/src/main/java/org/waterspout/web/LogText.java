// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.lang.System.Logger.Level;
import org.waterspout.http.HTTPInputException;
import org.waterspout.http.HTTPServerRequest;
import org.waterspout.log.Log;

/** What came from outside, fit to stand in one line of a log. */
final class LogText {
  private LogText() {}

  /** The text with everything escaped that could end the line or paint the terminal. */
  static String clean(String text) {
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

  /** The text as it can stand between quotes, escaped as Apache does; each character is a byte. */
  static String quotable(String text) {
    var escaped = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        escaped.append('\\').append(c);
      } else if (isPlain(c)) {
        escaped.append(c);
      } else {
        escaped.append(String.format(c > 0xff ? "\\u%04x" : "\\x%02x", (int) c));
      }
    }
    return escaped.toString();
  }

  private static boolean isPlain(char c) {
    return c >= ' ' && c < 0x7f;
  }

  /** Method, target and address, and the name if it has one: {@code GET /a?b=c (127.0.0.1)}. */
  static String summary(HTTPServerRequest request) {
    String id = request.id() == null ? "" : " [" + request.id() + "]";
    return clean(request.method() + " " + request.uri() + " (" + request.remoteIP() + ")" + id);
  }

  /** What a handler's methods throw, each kind where it belongs. */
  static void logException(HTTPServerRequest request, Throwable error) {
    var summary = summary(request);
    if (error instanceof HTTPError e) {
      String message = e.getMessage();
      if (message != null) {
        Log.GENERAL.log(Level.WARNING, () -> e.status() + " " + summary + ": " + clean(message));
      }
    } else if (error instanceof HTTPInputException e) {
      Log.GENERAL.log(Level.INFO, () -> e.status() + " " + summary + ": " + clean(e.toString()));
    } else {
      Log.APPLICATION.log(Level.ERROR, () -> "Uncaught exception " + summary, Log.cleaned(error));
    }
  }
}
