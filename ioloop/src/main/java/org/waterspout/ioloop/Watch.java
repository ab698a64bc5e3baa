// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import org.waterspout.log.Log;

/**
 * What the {@link Watchdog} knows about one run of a loop. A loop is stalled while it neither takes
 * a step nor sleeps, or sleeps although it was called; that is logged once it has lasted for the
 * limit, again each time it has lasted ten times longer, and once more when it is over. Confined to
 * the watchdog's thread.
 */
final class Watch {
  private static final int NEXT_REPORT = 10;

  private final IOLoop loop;
  private int steps;
  private long stalled; // nanoseconds without a step, as far as the watchdog saw them
  private long reported; // after how long the stall was logged last; 0: not yet

  Watch(IOLoop loop) {
    this.loop = loop;
  }

  long limit() {
    return loop.blockingLogThreshold();
  }

  int parkedCount() {
    return loop.baton().parkedCount();
  }

  /** Looks at the loop, so many nanoseconds after the last time. */
  void look(long elapsed, ThreadDumps dumps) {
    var pulse = loop.turns().pulse();
    var stepsNow = pulse.steps();
    if (stepsNow != steps || (pulse.idle() && !loop.turns().called())) {
      steps = stepsNow;
      over();
      return;
    }
    stalled += elapsed;
    var due = reported == 0 ? limit() : reported * NEXT_REPORT;
    if (limit() > 0 && stalled >= due) {
      reported = stalled;
      Log.GENERAL.log(Level.WARNING, Stall.describe(loop, millis(stalled), dumps));
    }
  }

  private void over() {
    var length = stalled;
    var wasReported = reported != 0;
    stalled = 0;
    reported = 0;
    if (wasReported) {
      Log.GENERAL.log(Level.WARNING, loop + " goes on after about " + millis(length) + " ms");
    }
  }

  private static long millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }
}
