// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples.demo;

import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.blocking;
import static org.waterspout.gen.Gen.multi;
import static org.waterspout.gen.Gen.sleep;
import static org.waterspout.gen.Gen.spawn;

import java.time.Duration;
import java.util.Map;

/** Awaits two things at once: a coroutine on the loop, and JDBC off it. */
final class BothHandler extends DemoHandler {
  private static final Duration NAP = Duration.ofMillis(200);

  private final Database database;

  BothHandler(Database database) {
    this.database = database;
  }

  @Override
  protected void get() {
    long start = System.nanoTime();
    var both = await(multi(spawn(BothHandler::nap), blocking(database::version)));
    write(
        Map.of(
            "nap", both.get(0),
            "database", "H2 " + both.get(1),
            "milliseconds", Duration.ofNanos(System.nanoTime() - start).toMillis()));
  }

  private static String nap() {
    await(sleep(NAP));
    return "slept " + NAP.toMillis() + " ms";
  }
}
