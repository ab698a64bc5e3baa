// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.waterspout.escape.Escape;

/** What the client sees of an error where the handler shows nothing else. */
final class ErrorPage {
  private ErrorPage() {}

  static String html(int status, String reason) {
    return """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>%1$d: %2$s</title>
    <style>
    body { font: 1.1rem/1.5 system-ui, sans-serif; color: #234; background: #f6f8fa;
      margin: 18vh auto 0; max-width: 30rem; padding: 0 1.5rem; }
    h1 { font-size: 1.6rem; font-weight: 600; }
    b { color: #07c; }
    </style>
    </head>
    <body>
    <h1><b>%1$d:</b> %2$s</h1>
    </body>
    </html>
    """
        .formatted(status, Escape.xhtmlEscape(reason));
  }

  /** For developers, as plain text. */
  static String traceback(Throwable cause) {
    var text = new StringWriter();
    cause.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}
