// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

/**
 * A timeout that was set, for {@link IOLoop#removeTimeout}. It is also its own place in the heap of
 * {@link Timers} and, once due, its own entry among the callbacks.
 */
public final class Timeout implements Runnable {
  static final int NOT_IN_HEAP = -1;

  final long deadline;
  final long sequence;
  int index = NOT_IN_HEAP;
  private final Context context;
  private final Runnable callback;
  private boolean removed;

  Timeout(long deadline, long sequence, Context context, Runnable callback) {
    this.deadline = deadline;
    this.sequence = sequence;
    this.context = context;
    this.callback = callback;
  }

  IOLoop loop() {
    return context.loop();
  }

  /** For the loop, when the timeout is due. */
  @Override
  public void run() {
    if (!removed) {
      context.enter();
      callback.run();
    }
  }

  /** It may be due already and wait among the callbacks: it must not run then either. */
  void remove() {
    removed = true;
  }

  boolean before(Timeout other) {
    var difference = deadline - other.deadline; // nanoTime may wrap: compare by difference
    return difference < 0 || (difference == 0 && sequence < other.sequence);
  }
}
