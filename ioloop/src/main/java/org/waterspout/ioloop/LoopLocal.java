// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.waterspout.log.Log;

/**
 * A value of which every loop has its own, made when a loop first asks for it: shared buffers, a
 * client's connections. Keep instances in static fields.
 *
 * <p>A value that is {@link AutoCloseable} is closed when its loop is: after the loop's last turn,
 * by the thread that closes the loop. What it throws is logged.
 */
public final class LoopLocal<T> {
  private static final AtomicInteger NEXT_INDEX = new AtomicInteger();

  final int index = NEXT_INDEX.getAndIncrement();
  private final Function<IOLoop, T> initial;

  /** A local whose value for a loop is made by {@code initial}, in the thread that asks first. */
  public LoopLocal(Function<IOLoop, T> initial) {
    this.initial = initial;
  }

  /**
   * This loop's value. From any thread.
   *
   * @throws LoopClosedException if the loop is closed: nobody would close a new value
   */
  @SuppressWarnings("unchecked") // slot `index` holds only what this object put there
  public T get(IOLoop loop) {
    var value = loop.locals().get(index);
    return value != null ? (T) value : make(loop);
  }

  @SuppressWarnings("unchecked") // as above
  private T make(IOLoop loop) {
    var values = loop.locals();
    synchronized (values) {
      var others = values.get(index);
      if (others != null) { // made just now
        return (T) others;
      }
      if (values.closed) {
        throw new LoopClosedException(loop + " was closed: nobody would close a new value");
      }
      var value = initial.apply(loop);
      values.set(index, value);
      return value;
    }
  }

  /** All such values of one loop. */
  static final class Values {
    private volatile @Nullable Object[] slots = new Object[8]; // replaced, never changed
    private boolean closed; // guarded by this

    @Nullable Object get(int index) {
      var all = slots;
      return index < all.length ? all[index] : null;
    }

    private void set(int index, @Nullable Object value) {
      var more = Arrays.copyOf(slots, Math.max(index + 1, slots.length));
      more[index] = value;
      slots = more;
    }

    /** After the loop's last turn. */
    void close() {
      @Nullable Object[] all;
      synchronized (this) {
        closed = true;
        all = slots;
        slots = new Object[0];
      }
      for (var value : all) {
        if (value instanceof AutoCloseable closeable) {
          close(closeable);
        }
      }
    }

    private static void close(AutoCloseable value) {
      try {
        value.close();
      } catch (Throwable e) { // even an error: the others are still to be closed
        if (e instanceof InterruptedException) {
          Thread.currentThread().interrupt();
        }
        var name = value.getClass().getName(); // its toString() may fail too
        Log.GENERAL.log(Level.WARNING, "closing a " + name + " with its loop", e);
      }
    }
  }
}
