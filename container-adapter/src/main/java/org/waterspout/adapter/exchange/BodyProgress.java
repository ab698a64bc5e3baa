// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.exchange;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.Timeout;

/** How far a request's body has come, how large it may be and how long it may take. On the loop. */
final class BodyProgress {
  private final IOLoop loop;
  private long most; // bytes
  private long received;
  private boolean awaited; // a piece is
  private long awaitedSince;
  private boolean over; // nothing more is delivered
  private @Nullable Timeout deadline; // null while none is set

  BodyProgress(IOLoop loop, long most) {
    this.loop = loop;
    this.most = most;
  }

  long most() {
    return most;
  }

  void setMost(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("a body size of " + bytes);
    }
    most = bytes;
  }

  void awaitPiece() {
    awaited = true;
    awaitedSince = loop.time();
  }

  /** A piece has come; false if that is too much. */
  boolean take(int bytes) {
    awaited = false;
    received += bytes;
    return received <= most;
  }

  long received() {
    return received;
  }

  boolean awaited() {
    return awaited;
  }

  /** On the loop's clock. */
  long awaitedSince() {
    return awaitedSince;
  }

  /** Nothing more of it is delivered. */
  void end() {
    awaited = false;
    over = true;
  }

  boolean over() {
    return over;
  }

  /** Runs a task unless the deadline is removed before, in place of an earlier one. */
  void setDeadline(Duration fromNow, Runnable late) {
    removeDeadline();
    deadline = loop.callLater(fromNow, late);
  }

  void removeDeadline() {
    if (deadline != null) {
      loop.removeTimeout(deadline);
      deadline = null;
    }
  }
}
