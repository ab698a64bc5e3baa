// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

/**
 * What {@link HTTPConnection#upgradeToWebSocket} gives: either messages, where the connection reads
 * and writes the frames itself, or the bytes behind the answer.
 */
public sealed interface UpgradedConnection permits WebSocketTransport, UpgradedStream {
  /** Ends the connection now, without a word. Does nothing if it has ended. On the loop. */
  void cut();
}
