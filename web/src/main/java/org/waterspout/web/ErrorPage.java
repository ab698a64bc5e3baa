// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.waterspout.escape.Escape;

/**
 * What the client sees of an error where the handler shows nothing else. Everything is in the page
 * itself, and what comes from outside is escaped.
 */
final class ErrorPage {
  private ErrorPage() {}

  static String html(int status, String reason) {
    return page(status, reason, "");
  }

  /** For developers. */
  static String html(int status, String reason, String request, Throwable cause) {
    String details =
        """
        <p>%s</p>
        <pre>%s</pre>
        """
            .formatted(Escape.xhtmlEscape(request), Escape.xhtmlEscape(traceback(cause)));
    return page(status, reason, details);
  }

  /** For developers whose client is no browser. */
  static String traceback(Throwable cause) {
    var text = new StringWriter();
    cause.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  private static String page(int status, String reason, String details) {
    return """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>%1$d: %2$s</title>
    <style>
    :root { color-scheme: light dark; --text: #234; --page: #f6f8fa; --mark: #0566b0; --box: #fff; }
    @media (prefers-color-scheme: dark) {
      :root { --text: #cdd9e5; --page: #161b22; --mark: #6cb6ff; --box: #0d1117; }
    }
    body { font: 1.1rem/1.5 system-ui, sans-serif; color: var(--text); background: var(--page);
      margin: %3$s auto 0; max-width: %4$s; padding: 0 1.5rem; overflow-wrap: anywhere; }
    h1 { font-size: 1.6rem; font-weight: 600; }
    b { color: var(--mark); }
    pre { font: .85rem/1.45 ui-monospace, monospace; background: var(--box); padding: 1rem;
      border-radius: .4rem; overflow: auto; overflow-wrap: normal; }
    </style>
    </head>
    <body>
    <h1><b>%1$d:</b> %2$s</h1>
    %5$s</body>
    </html>
    """
        .formatted(
            status,
            Escape.xhtmlEscape(reason),
            details.isEmpty() ? "18vh" : "2rem",
            details.isEmpty() ? "30rem" : "80rem",
            details);
  }
}
