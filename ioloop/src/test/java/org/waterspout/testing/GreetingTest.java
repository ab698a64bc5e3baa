// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.sleep;
import static org.waterspout.gen.Gen.spawn;

import java.time.Duration;

/** The example of {@link GenTest}. */
class GreetingTest {
  @GenTest
  void comesAfterAnHour(FakeClock clock) {
    var greeting =
        spawn(
            () -> {
              await(sleep(Duration.ofHours(1)));
              return "hello";
            });
    clock.advance(Duration.ofMinutes(59));
    assertFalse(greeting.isDone());
    clock.advance(Duration.ofMinutes(1));
    assertEquals("hello", await(greeting));
  }
}
