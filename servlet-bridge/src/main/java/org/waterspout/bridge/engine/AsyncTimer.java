// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.Timeout;

/**
 * The asynchronous requests of one loop that wait without a thread, and their time limits. The loop
 * has one timer for all of them, set for the limit that was the earliest when it was set: most
 * requests come and go without the loop being asked.
 */
final class AsyncTimer {
  private final IOLoop loop;
  private final Set<AsyncRun> waiting = ConcurrentHashMap.newKeySet();

  /** Written on the loop only. */
  private volatile boolean armed;

  /** When the loop looks, by its clock; of no meaning unless armed. Written on the loop only. */
  private volatile long armedFor;

  /** On the loop; null unless armed. */
  private @Nullable Timeout timeout;

  AsyncTimer(IOLoop loop) {
    this.loop = loop;
  }

  Set<AsyncRun> waiting() {
    return waiting;
  }

  void add(AsyncRun run) {
    waiting.add(run);
    // In this order: either the look that is under way sees the run, or this sees what it armed.
    if (run.isTimed() && (!armed || run.deadline() - armedFor < 0)) {
      loop.addCallback(this::look);
    }
  }

  void remove(AsyncRun run) {
    waiting.remove(run);
  }

  private void look() {
    armed = false;
    if (timeout != null) {
      loop.removeTimeout(timeout);
      timeout = null;
    }
    long now = loop.time();
    waiting.removeIf(run -> endIfOver(run, now));
    waiting.stream()
        .filter(AsyncRun::isTimed)
        .mapToLong(AsyncRun::deadline)
        .reduce((one, other) -> one - other < 0 ? one : other)
        .ifPresent(this::arm);
  }

  private static boolean endIfOver(AsyncRun run, long now) {
    boolean over = run.isTimed() && run.deadline() - now <= 0;
    if (over) {
      run.state().timeUp();
    }
    return over;
  }

  private void arm(long deadline) {
    timeout = loop.callAt(deadline, this::look);
    armedFor = deadline;
    armed = true;
  }
}
