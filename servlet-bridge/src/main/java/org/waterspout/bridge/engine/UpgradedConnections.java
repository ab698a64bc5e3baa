// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The connections of an application that have left HTTP. Safe for all threads. */
final class UpgradedConnections {
  private final Set<UpgradedConnection> open = new HashSet<>(); // guarded by this
  private boolean closed; // guarded by this

  void add(UpgradedConnection connection) {
    boolean late;
    synchronized (this) {
      open.add(connection);
      late = closed;
    }
    if (late) {
      connection.applicationStops();
    }
  }

  synchronized void remove(UpgradedConnection connection) {
    open.remove(connection);
    notifyAll();
  }

  /** The application stops: they are closed, and those that come from now on. */
  void close() {
    List<UpgradedConnection> left;
    synchronized (this) {
      closed = true;
      left = List.copyOf(open);
    }
    left.forEach(UpgradedConnection::applicationStops);
  }

  /** Waits until their handlers are destroyed, at most so long; whether they are. */
  synchronized boolean awaitEmpty(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!open.isEmpty()) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return true;
  }
}
