// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples.war;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;

/** What was pinned, in order. Confined to the loop. */
final class Notes {
  private static final int ROOM = 1000;

  private final List<String> pinned = new ArrayList<>();
  private @Nullable LoopFuture<Void> next; // null: nobody has waited since the last note

  /** False if there is no room left. */
  boolean pin(String note) {
    if (pinned.size() == ROOM) {
      return false;
    }
    pinned.add(note);
    var woken = next;
    next = null;
    if (woken != null) {
      woken.complete(null);
    }
    return true;
  }

  /** The notes behind the first so many. */
  List<String> after(int count) {
    return List.copyOf(pinned.subList(Math.clamp(count, 0, pinned.size()), pinned.size()));
  }

  /** Done when the next note is pinned. */
  LoopFuture<Void> next() {
    var waited = next == null ? new LoopFuture<Void>(IOLoop.current()) : next;
    next = waited;
    return waited;
  }
}
