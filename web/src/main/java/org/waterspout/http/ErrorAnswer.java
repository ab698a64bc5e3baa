// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.nio.charset.StandardCharsets;

/** The answer of the connection itself, where no application can give one. */
final class ErrorAnswer {
  private ErrorAnswer() {}

  /** A whole answer with a line of text. */
  static OutBytes encode(int status, ResponseEncoder encoder, OutBytes out) {
    String reason = HTTPStatus.reason(status);
    byte[] text = (status + ": " + reason + "\n").getBytes(StandardCharsets.ISO_8859_1);
    var headers = new HTTPHeaders();
    headers.addChecked("Content-Type", "text/plain; charset=UTF-8");
    headers.addChecked("Content-Length", Integer.toString(text.length));
    var startLine = new ResponseStartLine("HTTP/1.1", status, reason);
    encoder.head(startLine, headers, text.length, HTTPDate.now(), out);
    if (encoder.beforePiece(text.length, out)) {
      out.add(text);
    }
    encoder.end(out);
    return out;
  }
}
