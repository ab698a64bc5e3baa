// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.waterspout.bridge.message.ErrorPages;
import org.waterspout.http.HTTPConnection;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPStatus;
import org.waterspout.http.ResponseStartLine;
import org.waterspout.http.WriteLoan;

/** An answer with one of our pages, that no servlet gives. */
final class PlainAnswer {
  private final ResponseStartLine line;
  private final HTTPHeaders headers;
  private final ByteBuffer page;

  private PlainAnswer(int status, HTTPHeaders headers) {
    byte[] bytes = ErrorPages.error(status, null).getBytes(StandardCharsets.UTF_8);
    headers.set("Content-Type", "text/html;charset=UTF-8");
    headers.set("Content-Length", Integer.toString(bytes.length));
    this.line = new ResponseStartLine("HTTP/1.1", status, HTTPStatus.reason(status));
    this.headers = headers;
    this.page = ByteBuffer.wrap(bytes);
  }

  /** Answers on the loop. */
  static void send(HTTPConnection connection, int status, HTTPHeaders headers) {
    var answer = new PlainAnswer(status, headers);
    var _ = connection.writeHeaders(answer.line, answer.headers, answer.page);
    var _ = connection.finish();
  }

  /** Answers on a thread that has the write side. */
  static void send(WriteLoan writes, int status) throws IOException {
    var answer = new PlainAnswer(status, new HTTPHeaders());
    writes.writeHeaders(answer.line, answer.headers, answer.page);
    writes.finish();
  }
}
