// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.lang.System.Logger.Level;
import org.waterspout.http.HTTPInputException;
import org.waterspout.http.HTTPServerRequest;
import org.waterspout.log.Log;
import org.waterspout.text.Shown;

/** What came from outside, fit to stand in one line of a log. */
final class LogText {
  private LogText() {}

  /** The text as it can stand between quotes, escaped as Apache does; each character is a byte. */
  static String quotable(String text) {
    var escaped = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        escaped.append('\\').append(c);
      } else if (Shown.isPlain(c)) {
        escaped.append(c);
      } else {
        escaped.append(String.format(c > 0xff ? "\\u%04x" : "\\x%02x", (int) c));
      }
    }
    return escaped.toString();
  }

  /** Method, target and address, and the name if it has one: {@code GET /a?b=c (127.0.0.1)}. */
  static String summary(HTTPServerRequest request) {
    String id = request.id() == null ? "" : " [" + request.id() + "]";
    return Shown.clean(
        request.method() + " " + request.uri() + " (" + request.remoteIP() + ")" + id);
  }

  /** What a handler's methods throw, each kind where it belongs. */
  static void logException(HTTPServerRequest request, Throwable error) {
    var summary = summary(request);
    if (error instanceof HTTPError e) {
      String message = e.getMessage();
      if (message != null) {
        Log.GENERAL.log(
            Level.WARNING, () -> e.status() + " " + summary + ": " + Shown.clean(message));
      }
    } else if (error instanceof HTTPInputException e) {
      Log.GENERAL.log(
          Level.INFO, () -> e.status() + " " + summary + ": " + Shown.clean(e.toString()));
    } else {
      Log.APPLICATION.log(Level.ERROR, () -> "Uncaught exception " + summary, Log.cleaned(error));
    }
  }
}
