// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.routing;

import org.jspecify.annotations.Nullable;
import org.waterspout.http.HTTPConnection;
import org.waterspout.http.HTTPMessageDelegate;
import org.waterspout.http.HTTPServerConnectionDelegate;
import org.waterspout.http.HTTPServerRequest;

/** What answers the requests that a rule matches. */
@FunctionalInterface
public interface RuleTarget {
  /**
   * Finds the receiver of a request whose headers have arrived. Called on the loop, from its base
   * level.
   *
   * @return null to let the next rule try
   */
  @Nullable HTTPMessageDelegate findHandler(
      HTTPServerRequest request, HTTPConnection connection, PathArguments arguments);

  /** The transport connection has closed. Called on the loop. */
  default void onClose(Object serverConnection) {}

  /** A router, a mount, another application. */
  static RuleTarget of(HTTPServerConnectionDelegate delegate) {
    return new DelegateTarget(delegate);
  }
}
