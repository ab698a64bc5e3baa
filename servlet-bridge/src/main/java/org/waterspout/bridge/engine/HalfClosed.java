// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.Timeout;

/**
 * Closes a connection of which one side has ended, when nothing has moved on it for a time: a peer
 * that has vanished then would never be noticed.
 *
 * <p>Life: {@link #begin}, once or more; the time is over, or {@link #end}. Confined to the loop.
 */
final class HalfClosed {
  private final IOLoop loop;
  private final Duration limit;
  private final Runnable close;
  private long lastUsed;
  private boolean ended;

  /** Null before the begin and after the end. */
  private @Nullable Timeout timeout;

  HalfClosed(IOLoop loop, Duration limit, Runnable close) {
    this.loop = loop;
    this.limit = limit;
    this.close = close;
  }

  /** Something has moved. */
  void used() {
    lastUsed = loop.time();
  }

  /** One side has ended. */
  void begin() {
    if (timeout == null && !ended) {
      used();
      timeout = loop.callLater(limit, this::look);
    }
  }

  private void look() {
    long left = lastUsed + limit.toNanos() - loop.time();
    if (left > 0) {
      timeout = loop.callLater(Duration.ofNanos(left), this::look);
    } else {
      end();
      close.run();
    }
  }

  /** The connection is closed. */
  void end() {
    ended = true;
    if (timeout != null) {
      loop.removeTimeout(timeout);
      timeout = null;
    }
  }
}
