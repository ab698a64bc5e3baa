// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.web.Application.mount;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.waterspout.ioloop.IOLoop;

/** A servlet that computes keeps its own thread busy, and not the loop. */
final class ComputingServletTest {
  @Test
  void theLoopGoesOnWhileAServletComputes() throws Exception {
    var servlet =
        Code.servlet(
            (request, response) -> {
              var loopWentOn = new AtomicBoolean();
              IOLoop.current().addCallback(() -> loopWentOn.set(true));
              long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
              while (!loopWentOn.get() && System.nanoTime() < deadline) {
                Thread.onSpinWait(); // never gives its carrier away
              }
              response.getWriter().print(loopWentOn.get());
            });
    var container = ServletContainer.builder().servlet("s", servlet, "/*").build();
    try (var server = new BridgeServer(mount("/s", container))) {
      assertThat(server.get("/s/").body()).isEqualTo("true");
    }
  }
}
