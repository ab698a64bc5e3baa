// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The platform threads that belong to adapters. */
final class Threads {
  private Threads() {}

  static List<String> ofAdapters() {
    return running().map(Thread::getName).toList();
  }

  /** Those that are left when all have had time to end: what stops them does not wait for ever. */
  static List<String> thatStay() throws InterruptedException {
    for (Thread thread : running().toList()) {
      thread.join(Duration.ofSeconds(20));
    }
    return ofAdapters();
  }

  private static Stream<Thread> running() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Thread::isAlive)
        .filter(
            thread ->
                thread.getName().contains("waterspout") || thread.getName().contains("ioloop"));
  }
}
