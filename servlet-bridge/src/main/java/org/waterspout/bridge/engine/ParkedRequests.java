// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.waterspout.ioloop.IOLoop;

/**
 * The asynchronous requests of an application that wait without a thread, by the loops of their
 * connections. Safe for all threads.
 */
final class ParkedRequests {
  private final Map<IOLoop, AsyncTimer> timers = new ConcurrentHashMap<>();
  private volatile boolean closed;

  void add(IOLoop loop, AsyncRun run) {
    timers.computeIfAbsent(loop, AsyncTimer::new).add(run);
    if (closed) {
      run.applicationStops();
    }
  }

  void remove(IOLoop loop, AsyncRun run) {
    AsyncTimer timer = timers.get(loop);
    if (timer != null) {
      timer.remove(run);
    }
  }

  /** The application stops: those that are parked are told, and those that are parked from now. */
  void close() {
    closed = true;
    timers.values().forEach(timer -> timer.waiting().forEach(AsyncRun::applicationStops));
  }
}
