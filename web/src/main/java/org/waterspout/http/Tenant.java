// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

/**
 * What lives on a stream that was detached, and is left in the care of the server: a WebSocket.
 * Both methods are called on the loop, at base level, and may come at any time between {@link
 * HTTPConnection#keep} and the end of the tenant.
 */
public interface Tenant {
  /** The server is about to stop: the tenant ends in the way of its protocol, and soon. */
  void goAway();

  /** The server closes all its connections: the tenant ends now. */
  void close();
}
