// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.waterspout.log.Log;

/**
 * What limits a connection.
 *
 * @param maxMessageSize of messages that come in
 * @param maxQueueSize of what waits to be sent, after which the connection is cut
 * @param pingInterval zero for no pings
 * @param pingTimeout zero if nobody waits for pongs; not longer than the interval
 */
record ConnectionOptions(
    int maxMessageSize, long maxQueueSize, Duration pingInterval, Duration pingTimeout) {
  static final int LARGEST_MESSAGE = Integer.MAX_VALUE - 16; // as large as an array can be, nearly
  private static final AtomicBoolean WARNED = new AtomicBoolean();

  ConnectionOptions {
    if (maxMessageSize < 0 || maxMessageSize > LARGEST_MESSAGE || maxQueueSize < 1) {
      throw new IllegalArgumentException(
          "limits of " + maxMessageSize + " and " + maxQueueSize + " bytes");
    }
    if (pingInterval.isNegative() || pingTimeout.isNegative()) {
      throw new IllegalArgumentException("pings every " + pingInterval + " for " + pingTimeout);
    }
    if (pingTimeout.compareTo(pingInterval) > 0) {
      if (!pingInterval.isZero() && WARNED.compareAndSet(false, true)) {
        Log.GENERAL.log(
            Level.WARNING,
            "A ping timeout of {0} is longer than the interval, {1}: the interval is taken",
            pingTimeout,
            pingInterval);
      }
      pingTimeout = pingInterval;
    }
  }
}
