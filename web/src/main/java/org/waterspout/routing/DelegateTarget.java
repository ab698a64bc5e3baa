// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.routing;

import org.jspecify.annotations.Nullable;
import org.waterspout.http.HTTPConnection;
import org.waterspout.http.HTTPMessageDelegate;
import org.waterspout.http.HTTPServerConnectionDelegate;
import org.waterspout.http.HTTPServerRequest;

/** A rule's target that is a whole server of its own. */
record DelegateTarget(HTTPServerConnectionDelegate delegate) implements RuleTarget {
  @Override
  public @Nullable HTTPMessageDelegate findHandler(
      HTTPServerRequest request, HTTPConnection connection, PathArguments arguments) {
    if (delegate instanceof Router router) {
      return router.findHandler(request, connection);
    }
    return delegate.startRequest(request.serverConnection(), connection);
  }

  @Override
  public void onClose(Object serverConnection) {
    delegate.onClose(serverConnection);
  }
}
