// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/**
 * The event loop and what stands directly on it: coroutines, streams, TCP servers. No dependencies.
 *
 * <p>Read {@link org.waterspout.ioloop.IOLoop} first, then {@link org.waterspout.gen.Gen}.
 */
module org.waterspout.ioloop {
  requires static java.logging; // for ExpectLog
  requires static jdk.management; // the watchdog finds owners of monitors with it
  // Not transitive: then whatever stands on this module could not be compiled without JUnit.
  requires static org.junit.jupiter.api;
  requires static transitive org.jspecify;

  exports org.waterspout.gen;
  exports org.waterspout.ioloop;
  exports org.waterspout.iostream;
  exports org.waterspout.log;
  exports org.waterspout.tcp;
  exports org.waterspout.testing;
}
