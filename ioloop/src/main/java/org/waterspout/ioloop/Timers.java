// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The timeouts of one loop: a binary heap in which each timeout knows its place, so that removal
 * costs no more than insertion. Equal deadlines keep the order in which they were set.
 */
final class Timers {
  private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE / 2);

  private @Nullable Timeout[] heap = new Timeout[16];
  private int size;
  private long sequence; // of the next timeout

  /**
   * The time after a delay. At most half the range of a long ahead, so that deadlines can still be
   * compared by their difference.
   */
  static long deadline(long now, Duration delay) {
    return now + nanos(delay);
  }

  /** A duration as nanoseconds: nothing if it is negative, and not too much. */
  static long nanos(Duration duration) {
    if (duration.isNegative()) {
      return 0;
    }
    return (duration.compareTo(LONGEST) < 0 ? duration : LONGEST).toNanos();
  }

  /** A time as it is, but not so far from now that deadlines could not be compared. */
  static long deadline(long now, long time) {
    var longest = LONGEST.toNanos();
    return now + Math.clamp(time - now, -longest / 2, longest);
  }

  int size() {
    return size;
  }

  /** Sets a timeout. */
  Timeout add(long deadline, Context context, Runnable callback) {
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, size * 2);
    }
    var timeout = new Timeout(deadline, sequence++, context, callback);
    siftUp(size++, timeout);
    return timeout;
  }

  /** Does nothing if the timeout is no longer here. */
  void remove(Timeout timeout) {
    int hole = timeout.index;
    if (hole == Timeout.NOT_IN_HEAP) {
      return;
    }
    timeout.index = Timeout.NOT_IN_HEAP;
    var last = at(--size);
    heap[size] = null;
    if (hole == size) {
      return;
    }
    siftDown(hole, last);
    if (last.index == hole) {
      siftUp(hole, last);
    }
  }

  /**
   * Nanoseconds until the first timeout is due, 0 if it is, {@code Long.MAX_VALUE} if none is set.
   */
  long untilNext(long now) {
    return size == 0 ? Long.MAX_VALUE : Math.max(0, at(0).deadline - now);
  }

  /** Takes out the first timeout if it is due. */
  @Nullable Timeout pollDue(long now) {
    if (size == 0 || at(0).deadline - now > 0) {
      return null;
    }
    var first = at(0);
    remove(first);
    return first;
  }

  void clear() {
    for (int place = 0; place < size; place++) {
      at(place).index = Timeout.NOT_IN_HEAP; // it may still be removed, by a finally block
    }
    Arrays.fill(heap, 0, size, null);
    size = 0;
  }

  private void siftUp(int hole, Timeout timeout) {
    while (hole > 0) {
      int parent = (hole - 1) >>> 1;
      if (!timeout.before(at(parent))) {
        break;
      }
      put(hole, at(parent));
      hole = parent;
    }
    put(hole, timeout);
  }

  private void siftDown(int hole, Timeout timeout) {
    int child;
    while ((child = 2 * hole + 1) < size) {
      if (child + 1 < size && at(child + 1).before(at(child))) {
        child++;
      }
      if (!at(child).before(timeout)) {
        break;
      }
      put(hole, at(child));
      hole = child;
    }
    put(hole, timeout);
  }

  private void put(int place, Timeout timeout) {
    heap[place] = timeout;
    timeout.index = place;
  }

  @SuppressWarnings("NullAway") // places below size are filled
  private Timeout at(int place) {
    return heap[place];
  }
}
