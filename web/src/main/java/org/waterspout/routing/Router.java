// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.routing;

import org.jspecify.annotations.Nullable;
import org.waterspout.http.HTTPConnection;
import org.waterspout.http.HTTPMessageDelegate;
import org.waterspout.http.HTTPServerConnectionDelegate;
import org.waterspout.http.HTTPServerRequest;

/**
 * Finds the receiver of a request as soon as its headers have arrived, so that it can take the body
 * as a stream. What nobody wants is answered with an empty 404.
 */
@FunctionalInterface
public interface Router extends HTTPServerConnectionDelegate {
  /**
   * Finds the receiver. Called on the loop, from its base level.
   *
   * @return null if there is none
   */
  @Nullable HTTPMessageDelegate findHandler(HTTPServerRequest request, HTTPConnection connection);

  @Override
  default HTTPMessageDelegate startRequest(Object serverConnection, HTTPConnection connection) {
    return new RoutingDelegate(this, serverConnection, connection);
  }
}
