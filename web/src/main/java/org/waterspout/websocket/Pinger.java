// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.ioloop.Timeout;

/**
 * Pings a peer at intervals, and notices when it does not answer in time. Confined to the loop.
 *
 * <pre>
 *   ping ---timeout--- answered?  yes: ---rest of the interval--- ping
 *                                 no:  close
 * </pre>
 */
final class Pinger {
  private static final byte[] NO_DATA = {};

  private final IOLoop loop;
  private final Duration interval;
  private final Duration timeout;
  private final WebSocketConnection connection;
  private boolean answered = true;
  private @Nullable LoopFuture<Void> written; // the last ping, null before the first
  private @Nullable Timeout next; // null while none is set

  Pinger(IOLoop loop, ConnectionOptions options, WebSocketConnection connection) {
    this.loop = loop;
    this.interval = options.pingInterval();
    this.timeout = options.pingTimeout();
    this.connection = connection;
  }

  void start() {
    next = loop.callLater(interval, this::ping);
  }

  void pong() {
    answered = true;
  }

  void stop() {
    if (next != null) {
      loop.removeTimeout(next);
      next = null;
    }
  }

  private void ping() {
    if (written == null || written.isDone()) { // else the last one has not even left
      answered = false;
      connection.beginListening();
      written = connection.ping(NO_DATA);
    }
    next = timeout.isZero() ? callLater(interval, true) : callLater(timeout, false);
  }

  private void check() {
    if (answered) {
      next = callLater(interval.minus(timeout), true);
    } else if (connection.pongMayWait()) {
      connection.beginListening();
      next = callLater(timeout, false);
    } else {
      next = null;
      connection.close(CloseCode.NORMAL, "ping timed out");
    }
  }

  private Timeout callLater(Duration delay, boolean ping) {
    return loop.callLater(delay, ping ? this::ping : this::check);
  }
}
