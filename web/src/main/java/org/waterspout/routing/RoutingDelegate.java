// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.routing;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.HTTPConnection;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPMessageDelegate;
import org.waterspout.http.HTTPServerRequest;
import org.waterspout.http.RequestStartLine;
import org.waterspout.http.StartLine;

/** Waits for the headers, asks the router, and passes everything on to what it found. */
final class RoutingDelegate implements HTTPMessageDelegate {
  private final Router router;
  private final Object serverConnection;
  private final HTTPConnection connection;
  private @Nullable HTTPMessageDelegate found; // null until the headers have arrived
  private boolean closed; // before the router had found anything

  RoutingDelegate(Router router, Object serverConnection, HTTPConnection connection) {
    this.router = router;
    this.serverConnection = serverConnection;
    this.connection = connection;
  }

  @Override
  public @Nullable CompletionStage<?> headersReceived(StartLine startLine, HTTPHeaders headers)
      throws Exception {
    if (!(startLine instanceof RequestStartLine requestLine)) {
      throw new IllegalArgumentException("a router takes requests, not " + startLine);
    }
    var request = new HTTPServerRequest(requestLine, headers, serverConnection, connection);
    var delegate = router.findHandler(request, connection);
    found = delegate == null ? new NotFoundDelegate(connection) : delegate;
    if (closed) { // while the router awaited
      found.onConnectionClose();
      return null;
    }
    return found.headersReceived(startLine, headers);
  }

  @Override
  public @Nullable CompletionStage<?> dataReceived(byte[] chunk) throws Exception {
    return found().dataReceived(chunk);
  }

  @Override
  public void trailersReceived(HTTPHeaders trailers) throws Exception {
    found().trailersReceived(trailers);
  }

  @Override
  public void finish() throws Exception {
    found().finish();
  }

  @Override
  public void onConnectionClose() {
    if (found == null) {
      closed = true;
    } else {
      found.onConnectionClose();
    }
  }

  private HTTPMessageDelegate found() {
    if (found == null) {
      throw new IllegalStateException("the headers have not been received");
    }
    return found;
  }
}
