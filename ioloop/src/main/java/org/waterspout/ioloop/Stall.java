// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Says what keeps a loop from going on. Confined to the watchdog's thread. */
final class Stall {
  private Stall() {}

  static String describe(IOLoop loop, long millis, ThreadDumps dumps) {
    var leader = loop.baton().leader();
    var text = new StringBuilder();
    text.append(loop).append(" was held up for ").append(millis).append(" ms");
    if (leader == null) {
      return text.append(", and its run has just ended").toString();
    }
    text.append(" by ").append(leader);
    var stack = leader.getStackTrace();
    if (stack.length == 0 || waitsForCarrier(leader) || loop.turns().pulse().idle()) {
      text.append(", which is ready to run, but no carrier thread is free for it");
    }
    append(text, stack);
    if (stack.length == 0) {
      appendPinning(text, loop.baton().lastParked());
    } else {
      text.append(LockOwner.describe(leader, dumps));
    }
    return text.toString();
  }

  private static boolean waitsForCarrier(Thread thread) {
    return thread.getState() == Thread.State.RUNNABLE && !thread.toString().contains("@");
  }

  /** An await that cannot leave its carrier keeps the next leader from beginning. */
  private static void appendPinning(StringBuilder text, @Nullable Thread parked) {
    if (parked == null) {
      return;
    }
    var stack = parked.getStackTrace();
    if (Arrays.stream(stack)
        .anyMatch(frame -> frame.getMethodName().equals("parkOnCarrierThread"))) {
      text.append("\nThe await of ")
          .append(parked)
          .append(" holds the carrier thread: below it is a native frame or a class initializer");
      append(text, stack);
    }
  }

  static void append(StringBuilder text, StackTraceElement[] stack) {
    for (var frame : stack) {
      text.append("\n\tat ").append(frame);
    }
  }
}
