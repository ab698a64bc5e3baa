// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.time.Duration;

/** Whether something becomes garbage. */
final class Collected {
  private Collected() {}

  static boolean within(Duration deadline, WeakReference<?> reference) throws Exception {
    long end = System.nanoTime() + deadline.toNanos();
    var queue = new ReferenceQueue<Object>();
    while (reference.get() != null && System.nanoTime() < end) {
      var probe = new WeakReference<>(new Object(), queue);
      System.gc();
      queue.remove(100); // a collection has passed
      if (probe.get() != null) {
        continue;
      }
    }
    return reference.get() == null;
  }
}
