// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.session;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.waterspout.log.Log;

/**
 * A warning that many requests would give at a time, as when a store is away: given every ten
 * seconds at most, and else only to those who debug. Safe for all threads.
 */
final class Seldom {
  private static final long PAUSE = Duration.ofSeconds(10).toNanos();

  private final String message;
  private final AtomicLong last = new AtomicLong(System.nanoTime() - PAUSE);

  /**
   * @param message with a place for the reason
   */
  Seldom(String message) {
    this.message = message;
  }

  void warn(Throwable reason) {
    long before = last.get();
    long now = System.nanoTime();
    boolean due = now - before >= PAUSE && last.compareAndSet(before, now);
    Log.GENERAL.log(due ? Level.WARNING : Level.DEBUG, message, Log.cleaned(reason).toString());
  }
}
