// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.message;

import org.jspecify.annotations.Nullable;
import org.waterspout.escape.Escape;
import org.waterspout.http.HTTPStatus;

/** The pages that the engine writes itself. */
public final class ErrorPages {
  private ErrorPages() {}

  /** The page for an error that has none of its own; nothing in it comes from an exception. */
  public static String error(int status, @Nullable String message) {
    String reason = HTTPStatus.reason(status);
    String text = message == null || message.isEmpty() || message.equals(reason) ? "" : message;
    return page(
        status + " " + reason,
        "<h1>"
            + status
            + " <small>"
            + Escape.xhtmlEscape(reason)
            + "</small></h1>"
            + (text.isEmpty() ? "" : "<p>" + Escape.xhtmlEscape(text) + "</p>"));
  }

  /** The page of a redirect, for clients that do not follow it. */
  public static String redirect(String location) {
    String escaped = Escape.xhtmlEscape(location);
    return page("Moved", "<p>Moved to <a href=\"" + escaped + "\">" + escaped + "</a>.</p>");
  }

  private static String page(String title, String body) {
    return """
    <!doctype html>
    <html lang="en">
    <head><meta charset="utf-8"><title>%s</title>
    <style>
    body{font:1rem/1.5 system-ui,sans-serif;max-width:40rem;margin:15vh auto;padding:0 1rem}
    h1{font-weight:600}small{font-weight:400;opacity:.7}
    </style></head>
    <body>%s</body>
    </html>
    """
        .formatted(Escape.xhtmlEscape(title), body);
  }
}
