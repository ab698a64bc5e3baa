// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import org.waterspout.http.HTTP1ClientConnection;

/** A connection of the pool: in use, or idle. Confined to the loop. */
final class PooledConnection {
  final PoolKey key;
  final HTTP1ClientConnection connection;
  final Opening opening;
  boolean kept; // it has had an exchange already
  boolean idle;
  long idleSince; // while idle, by the loop's clock

  PooledConnection(PoolKey key, HTTP1ClientConnection connection, Opening opening) {
    this.key = key;
    this.connection = connection;
    this.opening = opening;
  }

  /** How long it took to open it, in nanoseconds. */
  record Opening(long nameLookup, long connect, long secure) {
    static final Opening NONE = new Opening(0, 0, 0);
  }

  /** What a request has waited for it. */
  Opening waited() {
    return kept ? Opening.NONE : opening;
  }
}
