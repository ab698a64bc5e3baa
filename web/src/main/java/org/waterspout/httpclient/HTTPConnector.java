// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import org.waterspout.http.HTTP1ClientOptions;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.iostream.IOStream;
import org.waterspout.tcp.Resolver;

/**
 * Opens connections for those who go on by themselves, by {@link
 * org.waterspout.http.HTTP1ClientConnection} or in a protocol of their own, and outside of any
 * pool. The WebSocket client stands on it.
 *
 * <pre>{@code
 * var request = HTTPRequest.builder("https://example.com/").proxy("proxy.example", 3128).build();
 * var stream = await(HTTPConnector.connect(request, Resolver.system()));
 * }</pre>
 */
public final class HTTPConnector {
  private HTTPConnector() {}

  /**
   * Connects to where a request would go, and sends nothing of it. Its proxy is asked for a tunnel,
   * whatever the URL's scheme is; behind that comes TLS, if it is https. Other than that, its
   * {@code unixSocket}, {@code ssl}, {@code networkInterface}, {@code allowIPv6} and {@code
   * userAgent} count. On the loop.
   *
   * <p>There is no limit of time: cancelling the future gives up, and then nothing stays open.
   *
   * @return the stream, which is the caller's; fails with {@link HTTPClientError}, where there is
   *     no connection or tunnel
   */
  public static LoopFuture<IOStream> connect(HTTPRequest request, Resolver resolver) {
    var loop = IOLoop.current();
    loop.checkOnLoop("HTTPConnector.connect");
    var connector =
        new Connector(
            loop,
            PoolKey.of(request, RequestURL.parse(request.url())),
            resolver,
            HTTP1ClientOptions.defaults(),
            request.userAgent());
    var result = new LoopFuture<IOStream>(loop);
    var _ =
        connector
            .startStream()
            .whenComplete(
                (stream, failure) -> {
                  if (stream == null) {
                    result.completeExceptionally(ClientFailures.ofConnecting(failure));
                  } else if (!result.complete(stream)) {
                    stream.close();
                  }
                });
    var _ = result.whenComplete((stream, failure) -> connector.giveUp());
    return result;
  }
}
