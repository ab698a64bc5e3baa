// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.logging.Level;
import java.util.logging.Logger;

/** What the programs of the servers share. */
final class Ready {
  private Ready() {}

  /** For those who log what is no trouble, such as clients that leave. */
  static void keepQuiet() {
    Logger.getLogger("").setLevel(Level.SEVERE);
  }

  /** Tells who is listening where; the process ends when its input does. */
  static void announce(int port, String version) {
    Thread.ofPlatform().daemon().name("end-of-input").start(Ready::awaitEnd);
    System.out.println(port + " " + version);
  }

  private static void awaitEnd() {
    try {
      while (System.in.read() >= 0) {
        // nothing is expected
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      Runtime.getRuntime().halt(0);
    }
  }
}
