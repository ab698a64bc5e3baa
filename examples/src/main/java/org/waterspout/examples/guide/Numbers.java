// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples.guide;

import static org.waterspout.gen.Gen.await;

import org.waterspout.web.RequestHandler;

/** A long answer, a piece at a time. */
final class Numbers extends RequestHandler {
  @Override
  protected void get() {
    setHeader("Content-Type", "text/plain");
    for (int i = 1; i <= 1_000_000; i++) {
      write(i + "\n");
      if (i % 1_000 == 0) {
        await(flush());
      }
    }
  }
}
