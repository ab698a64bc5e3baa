// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.exchange;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPStatus;

/** A refusal that no Application has seen, as plain as the native server's. The connection ends. */
public record ErrorPage(HTTPHeaders headers, ByteBuffer body) {
  /** The page for a status. */
  public static ErrorPage of(int status) {
    String title = status + ": " + HTTPStatus.reason(status);
    String html = "<html><title>" + title + "</title><body>" + title + "</body></html>";
    byte[] body = html.getBytes(StandardCharsets.UTF_8);
    var headers = new HTTPHeaders();
    headers.set("Content-Type", "text/html; charset=UTF-8");
    headers.set("Content-Length", Integer.toString(body.length));
    headers.set("Connection", "close");
    return new ErrorPage(headers, ByteBuffer.wrap(body));
  }

  /** Of the body, in bytes. */
  public int length() {
    return body.remaining();
  }
}
