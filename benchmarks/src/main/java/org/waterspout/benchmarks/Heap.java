// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks;

import java.lang.management.ManagementFactory;

/** How much of the heap is in use by what can still be reached. */
final class Heap {
  private static final int COLLECTIONS = 6; // what a cleaner frees goes with a later one

  private Heap() {}

  /** Bytes in use after full collections: the least that any of several in a row leaves. */
  static long used() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
      long now = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
      least = Math.min(least, now);
    }
    return least;
  }
}
