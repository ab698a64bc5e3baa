// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

/** What {@link ServerConnections} has to see to. Confined to the loop. */
sealed interface OpenConnection permits HTTP1ServerConnection, KeptTenant, ProxiedConnection {
  /** Whether {@link #expire} has something to do. */
  boolean expired(long now);

  /** A time limit has passed. Enters user code. */
  void expire();

  /** Closes the connection if no request is under way; else the answer to that ends it. */
  void endWhenIdle();

  /** Closes the connection as if the peer had. */
  void shutDown();
}
