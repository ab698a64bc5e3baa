// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples.demo;

import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.sleep;

import java.time.Duration;

/** Sends its answer in pieces, a while apart. */
final class StreamHandler extends DemoHandler {
  private static final int PIECES = 5;
  private static final Duration PAUSE = Duration.ofMillis(200);

  @Override
  protected void get() {
    setHeader("Content-Type", "text/plain; charset=UTF-8");
    for (int i = 1; i <= PIECES; i++) {
      write("piece " + i + " of " + PIECES + "\n");
      await(flush());
      if (i < PIECES) {
        await(sleep(PAUSE));
      }
    }
  }
}
