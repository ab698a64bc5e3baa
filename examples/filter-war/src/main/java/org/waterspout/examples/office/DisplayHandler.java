// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples.office;

import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.withTimeout;

import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.waterspout.web.RequestHandler;

/**
 * New, in place of {@link DisplayServlet}: with {@code ?seen=N} the answer waits until another
 * number is called, without a thread of the container.
 */
final class DisplayHandler extends RequestHandler {
  private static final Duration PATIENCE = Duration.ofSeconds(25);

  @Override
  protected void get() {
    int seen = getArgument("seen", Integer::valueOf, -1);
    int number = after(seen);
    setHeader("Cache-Control", "no-store");
    setHeader("Refresh", "0; url=display?seen=" + number);
    write("<!DOCTYPE html><title>Display</title><h1>" + number + "</h1>\n");
  }

  /** The same number if it is still its turn when proxies and browsers would give up. */
  private static int after(int seen) {
    try {
      return await(withTimeout(PATIENCE, Numbers.CALLED.after(seen)));
    } catch (CompletionException e) {
      if (e.getCause() instanceof TimeoutException) {
        return seen;
      }
      throw e;
    }
  }
}
