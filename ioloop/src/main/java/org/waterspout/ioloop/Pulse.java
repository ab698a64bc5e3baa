// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;

/**
 * A loop's signs of life, written by whoever leads it and read from any thread: how far it has
 * come, and how long it does without a look at its channels.
 *
 * <p>A step costs one plain store. The clock is read by the turns, for their own purposes.
 */
final class Pulse {
  private static final VarHandle STEPS = steps(MethodHandles.lookup());
  private static final long WINDOW = 1_000_000_000;
  private static final long IDLE = Long.MIN_VALUE;

  private int steps; // what the leader has begun; wraps
  private volatile long lastLook = IDLE; // at the channels; IDLE while the loop sleeps or rests
  private volatile long windowStart;
  private volatile long longest; // between two looks in this window
  private volatile long longestBefore; // in the window before

  Pulse(long now) {
    windowStart = now;
  }

  private static VarHandle steps(MethodHandles.Lookup lookup) {
    try {
      return lookup.findVarHandle(Pulse.class, "steps", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** The leader begins a callback, or goes on with a parked one. */
  void step() {
    STEPS.setOpaque(this, steps + 1);
  }

  int steps() {
    return (int) STEPS.getOpaque(this);
  }

  /** Neither running code nor about to: it sleeps until something comes, or does not run. */
  boolean idle() {
    return lastLook == IDLE;
  }

  /** The loop begins to run, or has slept. */
  void awake(long now) {
    lastLook = now;
  }

  /** The loop looks at its channels in between. */
  void look(long now) {
    var gap = now - lastLook;
    if (now - windowStart > WINDOW) {
      longestBefore = now - windowStart <= 2 * WINDOW ? longest : 0;
      longest = 0;
      windowStart = now;
    }
    if (gap > longest) {
      longest = gap;
    }
    lastLook = now;
  }

  /** The loop goes to sleep, or its run ends. */
  void rest() {
    lastLook = IDLE;
  }

  /** The longest gap between two looks in one or two seconds before now, or since the last look. */
  Duration lag(long now) {
    var look = lastLook;
    var lag = look == IDLE ? 0 : now - look;
    var age = now - windowStart;
    if (age <= 2 * WINDOW) {
      lag = Math.max(lag, longest);
    }
    if (age <= WINDOW) {
      lag = Math.max(lag, longestBefore);
    }
    return Duration.ofNanos(Math.max(0, lag));
  }
}
