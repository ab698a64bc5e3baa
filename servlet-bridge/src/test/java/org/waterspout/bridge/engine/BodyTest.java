// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.waterspout.gen.Gen;
import org.waterspout.ioloop.IOLoop;

class BodyTest {
  @Test
  void wakesBothSidesHoweverTheyMeet() throws Exception {
    int pieces = 30_000;
    try (var loop = new IOLoop()) {
      var body = new Body(loop, 2);
      var taken = new CompletableFuture<Integer>();
      Thread.ofPlatform().daemon().start(() -> taken.complete(count(body)));
      loop.runSync(
          Duration.ofSeconds(50),
          () -> {
            for (int i = 0; i < pieces; i++) {
              var held = body.offer(new byte[1]);
              if (held != null) {
                var _ = Gen.await(held);
              }
            }
            body.end();
            return null;
          });
      assertThat(taken.get(20, TimeUnit.SECONDS)).isEqualTo(pieces);
    }
  }

  private static int count(Body body) {
    int count = 0;
    try {
      while (body.take() != null) {
        count++;
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return count;
  }
}
