// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import java.util.List;

/** The platform threads that belong to adapters. */
final class Threads {
  private Threads() {}

  static List<String> ofAdapters() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Thread::isAlive)
        .map(Thread::getName)
        .filter(name -> name.contains("waterspout") || name.contains("ioloop"))
        .toList();
  }
}
