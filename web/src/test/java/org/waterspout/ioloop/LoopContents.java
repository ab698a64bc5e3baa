// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import java.util.StringJoiner;

/** Shows tests of what stands on a loop what the loop still holds. */
public final class LoopContents {
  private LoopContents() {}

  /** What is left, besides the call itself; empty if nothing is. On the loop. */
  public static String left(IOLoop loop) {
    var turns = loop.turns();
    var left = new StringJoiner(", ");
    addIfAny(left, turns.events().count(), "handlers of channels");
    addIfAny(left, turns.timers().size(), "timeouts");
    addIfAny(left, loop.baton().parkedCount(), "parked coroutines");
    addIfAny(left, turns.readyCount(), "ready callbacks");
    return left.toString();
  }

  private static void addIfAny(StringJoiner left, long count, String what) {
    if (count != 0) {
      left.add(count + " " + what);
    }
  }
}
