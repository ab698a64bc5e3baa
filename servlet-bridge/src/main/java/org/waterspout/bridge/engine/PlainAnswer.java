// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.waterspout.bridge.message.ErrorPages;
import org.waterspout.http.HTTPConnection;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPStatus;
import org.waterspout.http.ResponseStartLine;

/** An answer that no servlet gives. On the loop. */
final class PlainAnswer {
  private PlainAnswer() {}

  /** Answers with one of our pages. */
  static void send(HTTPConnection connection, int status, HTTPHeaders headers) {
    byte[] page = ErrorPages.error(status, null).getBytes(StandardCharsets.UTF_8);
    headers.set("Content-Type", "text/html;charset=UTF-8");
    headers.set("Content-Length", Integer.toString(page.length));
    var line = new ResponseStartLine("HTTP/1.1", status, HTTPStatus.reason(status));
    var _ = connection.writeHeaders(line, headers, ByteBuffer.wrap(page));
    var _ = connection.finish();
  }
}
