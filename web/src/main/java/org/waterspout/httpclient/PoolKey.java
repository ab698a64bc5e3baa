// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import java.net.InetAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.waterspout.tcp.SSLOptions;

/**
 * Which requests may share a connection: those for which all of this is equal.
 *
 * @param ssl null for http
 */
record PoolKey(
    String host,
    int port,
    @Nullable SSLOptions ssl,
    @Nullable HTTPProxy proxy,
    @Nullable InetAddress source,
    boolean allowIPv6,
    @Nullable Path unixSocket) {
  static PoolKey of(HTTPRequest request, RequestURL url) {
    return new PoolKey(
        url.bareHost(),
        url.port(),
        url.secure() ? ssl(request) : null,
        request.proxy(),
        request.networkInterface(),
        request.allowIPv6(),
        request.unixSocket());
  }

  /** The defaults take a while the first time, so not where they are not needed. */
  private static SSLOptions ssl(HTTPRequest request) {
    return request.ssl() == null ? SSLOptions.defaults() : request.ssl();
  }

  /** Whether the proxy gets the request itself, and not only a tunnel. */
  boolean throughProxy() {
    return proxy != null && ssl == null;
  }
}
