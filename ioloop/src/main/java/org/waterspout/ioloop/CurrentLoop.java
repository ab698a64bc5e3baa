// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import org.jspecify.annotations.Nullable;

/** Which loop a thread is on, or was bound to. */
final class CurrentLoop {
  private static final ThreadLocal<IOLoop> BOUND = new ThreadLocal<>();

  private CurrentLoop() {}

  /** The loop of the calling thread; null if it has none. */
  static @Nullable IOLoop get() {
    return BOUND.get();
  }

  static IOLoop orInstance() {
    var bound = BOUND.get();
    return bound != null ? bound : Instance.LOOP;
  }

  /** The process's own, made when first asked for. */
  static final class Instance {
    static final IOLoop LOOP = new IOLoop();

    private Instance() {}
  }

  static void set(IOLoop loop) {
    BOUND.set(loop);
  }

  static void clear() {
    BOUND.remove();
  }

  /** Binds the thread as it was when {@link #get} gave {@code before}. */
  static void restore(@Nullable IOLoop before) {
    if (before == null) {
      clear();
    } else {
      set(before);
    }
  }

  /** The loop that the calling thread holds; null if it is on none. */
  static @Nullable IOLoop held() {
    var here = BOUND.get();
    return here != null && here.onLoop() ? here : null;
  }

  static void checkOffLoops(String what) {
    if (held() != null) {
      throw new IllegalStateException(what + " was called on a loop");
    }
  }
}
