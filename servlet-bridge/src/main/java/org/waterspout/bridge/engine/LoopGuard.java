// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.log.Log;

/**
 * Refuses blocking reads and writes of servlets on the loop, which they would wait for. Code of an
 * application gets there as a callback of its own, with a request or an answer in hand.
 */
final class LoopGuard {
  /** So many places are logged; who makes more mistakes than that has read the first. */
  private static final int MAX_PLACES = 100;

  private static final StackWalker STACK = StackWalker.getInstance();
  private static final Set<String> LOGGED = ConcurrentHashMap.newKeySet();

  private LoopGuard() {}

  /**
   * Checks a call that may block.
   *
   * @throws IllegalStateException on the loop; the place is logged, the first time
   */
  static void check(IOLoop loop, String call) {
    if (!loop.onLoop()) {
      return;
    }
    String place =
        STACK
            .walk(frames -> frames.filter(LoopGuard::isOfUser).findFirst())
            .map(StackWalker.StackFrame::toString)
            .orElse("unknown");
    if (LOGGED.size() < MAX_PLACES && LOGGED.add(place)) {
      Log.APPLICATION.log(
          Level.WARNING,
          "{0} on the loop, which it would hold up, at {1}: use AsyncContext.start, or a listener"
              + " of the stream",
          call,
          place);
    }
    throw new IllegalStateException(call + " on the loop, at " + place);
  }

  private static boolean isOfUser(StackWalker.StackFrame frame) {
    String name = frame.getClassName();
    return !name.startsWith("org.waterspout.bridge.engine.")
        && !name.startsWith("jakarta.servlet.")
        && !name.startsWith("java.");
  }
}
