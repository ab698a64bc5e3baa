// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.ClientDelegate;
import org.waterspout.http.HTTP1ClientConnection;
import org.waterspout.http.HTTP1ClientOptions;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.RequestStartLine;
import org.waterspout.http.ResponseStartLine;
import org.waterspout.http.StartLine;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.iostream.IOStream;

/** Asks a proxy for a tunnel, RFC 9110 section 9.3.6, once. Confined to the loop. */
final class ProxyTunnel implements ClientDelegate {
  private final HTTP1ClientConnection connection;
  private final LoopFuture<Void> result;
  private @Nullable IOStream stream; // once the tunnel is there
  private int status; // of the answer, once it has come
  private List<String> challenges = List.of();

  ProxyTunnel(IOStream toProxy, HTTP1ClientOptions options, IOLoop loop) {
    connection = new HTTP1ClientConnection(toProxy, options);
    result = new LoopFuture<>(loop);
  }

  /**
   * Asks.
   *
   * @param authority host and port at the far end
   * @return done when the proxy has answered; without a {@link #stream} the connection is closed
   *     then
   */
  LoopFuture<Void> ask(
      String authority, @Nullable String userAgent, Authentication authentication) {
    var headers = new HTTPHeaders();
    headers.add("Host", authority);
    if (userAgent != null) {
      headers.add("User-Agent", userAgent);
    }
    var authorization = authentication.value("CONNECT", authority);
    if (authorization != null) {
      headers.add("Proxy-Authorization", authorization);
    }
    var startLine = new RequestStartLine("CONNECT", authority, "HTTP/1.1");
    var _ = connection.writeHeaders(startLine, headers, null, this);
    var _ = connection.finish();
    return result;
  }

  /** What leads to the far end; null without one. */
  @Nullable IOStream stream() {
    return stream;
  }

  int status() {
    return status;
  }

  List<String> challenges() {
    return challenges;
  }

  @Override
  public @Nullable CompletionStage<?> headersReceived(StartLine startLine, HTTPHeaders headers) {
    status = ((ResponseStartLine) startLine).status();
    if (status >= 200 && status < 300) {
      stream = connection.detach();
      result.complete(null);
      return null;
    }
    challenges = status == 407 ? headers.getList("Proxy-Authenticate") : List.of();
    connection.abort(); // what else it has to say is of no use
    result.complete(null);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> dataReceived(byte[] chunk) {
    return null;
  }

  @Override
  public void finish() {}

  @Override
  public void failed(Throwable reason) {
    result.completeExceptionally(reason);
  }
}
