// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.routing;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.HTTPConnection;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPMessageDelegate;
import org.waterspout.http.HTTPStatus;
import org.waterspout.http.ResponseStartLine;
import org.waterspout.http.StartLine;

/** Answers 404 without a body. */
final class NotFoundDelegate implements HTTPMessageDelegate {
  private final HTTPConnection connection;

  NotFoundDelegate(HTTPConnection connection) {
    this.connection = connection;
  }

  @Override
  public @Nullable CompletionStage<?> headersReceived(StartLine startLine, HTTPHeaders headers) {
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> dataReceived(byte[] chunk) {
    return null;
  }

  @Override
  public void finish() {
    var headers = new HTTPHeaders();
    headers.set("Content-Length", "0");
    var startLine = new ResponseStartLine("HTTP/1.1", 404, HTTPStatus.reason(404));
    var _ = connection.writeHeaders(startLine, headers, null);
    var _ = connection.finish();
  }
}
