// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web.testing;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.stream.Stream;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** Runs sample classes through JUnit, and tells how it reports them. */
final class Samples {
  private Samples() {}

  static EngineExecutionResults run(Class<?> sample) {
    return EngineTestKit.engine("junit-jupiter").selectors(selectClass(sample)).execute();
  }

  /** What the one test of a class failed with. */
  static Throwable failureOf(Class<?> sample) {
    var failures = run(sample).testEvents().failed().stream().flatMap(Samples::thrown).toList();
    if (failures.size() != 1) {
      throw new AssertionError(failures.size() + " tests have failed: " + failures);
    }
    return failures.getFirst();
  }

  /** Runs a class of which all tests pass. */
  static void assertPasses(Class<?> sample, int tests) {
    var events = run(sample).testEvents();
    events.stream()
        .flatMap(Samples::thrown)
        .findFirst()
        .ifPresent(
            thrown -> {
              throw new AssertionError(sample + " has failed", thrown);
            });
    events.assertStatistics(stats -> stats.started(tests).succeeded(tests));
  }

  static Stream<Throwable> thrown(Event event) {
    return event.getPayload(TestExecutionResult.class).stream()
        .flatMap(result -> result.getThrowable().stream());
  }
}
