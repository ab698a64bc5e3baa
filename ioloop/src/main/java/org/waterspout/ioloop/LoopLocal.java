// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A value of which every loop has its own, made when a loop first asks for it: shared buffers, a
 * client's connections. Keep instances in static fields.
 */
public final class LoopLocal<T> {
  private static final AtomicInteger NEXT_INDEX = new AtomicInteger();

  final int index = NEXT_INDEX.getAndIncrement();
  private final Function<IOLoop, T> initial;

  /** A local whose value for a loop is made by {@code initial}, on that loop. */
  public LoopLocal(Function<IOLoop, T> initial) {
    this.initial = initial;
  }

  /** This loop's value. On the loop only, or before it was first started. */
  @SuppressWarnings("unchecked") // slot `index` holds only what this object put there
  public T get(IOLoop loop) {
    var values = loop.locals();
    var value = values.get(index);
    if (value == null) {
      value = initial.apply(loop);
      values.set(index, value);
    }
    return (T) value;
  }

  /** All such values of one loop. */
  static final class Values {
    private @Nullable Object[] slots = new Object[8];

    @Nullable Object get(int index) {
      return index < slots.length ? slots[index] : null;
    }

    void set(int index, @Nullable Object value) {
      if (index >= slots.length) {
        slots = Arrays.copyOf(slots, Math.max(index + 1, slots.length * 2));
      }
      slots[index] = value;
    }
  }
}
