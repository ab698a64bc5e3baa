// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The threads that run code of an application, or wait for their turn, and for each what cuts the
 * connection that it serves. Safe for all threads.
 */
final class RunningThreads {
  private final Map<Thread, Runnable> cuts = new ConcurrentHashMap<>();

  void add(Thread thread, Runnable cut) {
    cuts.put(thread, cut);
  }

  void remove(Thread thread) {
    cuts.remove(thread);
  }

  int count() {
    return cuts.size();
  }

  void interrupt() {
    cuts.keySet().forEach(Thread::interrupt);
  }

  /** Ends reads and writes: who waits in a write is not woken by an interrupt. */
  void cut() {
    cuts.values().forEach(Runnable::run);
  }
}
