// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import org.jspecify.annotations.Nullable;

/**
 * Interrupts filters and servlet of one request when its client goes; only as long as they run, so
 * that what the engine does behind them is not disturbed. Safe for all threads.
 */
final class Interruption {
  private @Nullable Thread thread; // guarded by this; null while none of them runs
  private boolean happened; // guarded by this

  /** They run from now on, on this thread. */
  synchronized void enter() {
    thread = Thread.currentThread();
  }

  /** They have returned. An interrupt that they have not taken notice of is over. */
  synchronized void leave() {
    thread = null;
    if (happened) {
      Thread.interrupted();
    }
  }

  /** The client has gone. */
  synchronized void interrupt() {
    if (thread != null) {
      happened = true;
      thread.interrupt();
    }
  }

  /** Whether they were interrupted: what they have thrown comes from that. */
  synchronized boolean happened() {
    return happened;
  }
}
