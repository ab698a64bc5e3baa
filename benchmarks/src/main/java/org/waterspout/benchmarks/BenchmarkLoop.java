// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks;

import org.waterspout.ioloop.IOLoop;

/**
 * Makes the loops that are measured, and sees to it that each rides what the fork is to measure.
 */
final class BenchmarkLoop {
  /** The system property that names the carrier: {@code custom} or {@code default}. */
  static final String CARRIER = "waterspout.benchmark.carrier";

  private BenchmarkLoop() {}

  /** A loop of the carrier that this JVM was started for. */
  static IOLoop open() {
    var wanted = System.getProperty(CARRIER, "");
    var loop = new IOLoop();
    if (!wanted.equals(loop.customCarrier() ? "custom" : "default")) {
      throw new IllegalStateException("the loop does not ride the carrier \"" + wanted + "\"");
    }
    return loop;
  }

  /** A loop that runs in a thread of its own, until it is closed. */
  static IOLoop openAndStart() {
    var loop = open();
    Thread.ofPlatform().daemon().name("benchmark-loop").start(loop::start);
    return loop;
  }
}
