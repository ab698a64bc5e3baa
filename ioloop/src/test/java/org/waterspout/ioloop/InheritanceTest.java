// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.blocking;
import static org.waterspout.gen.Gen.sleep;
import static org.waterspout.gen.Gen.spawn;

import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The threads of a loop take over nothing from those who start it or await on it. */
class InheritanceTest {
  private static final InheritableThreadLocal<String> USER = new InheritableThreadLocal<>();

  @Test
  void inheritableThreadLocalsAreNotHandedOn() throws Exception {
    USER.set("of the starter");
    try (var loop = new IOLoop()) {
      loop.runSync(
          () -> {
            assertThat(USER.get()).isNull();
            USER.set("of the coroutine");
            await(sleep(Duration.ofMillis(1)));
            assertThat(await(spawn(USER::get))).as("a follower's").isNull();
            assertThat(await(blocking(USER::get))).as("a blocking thread's").isNull();
            assertThat(USER.get()).isEqualTo("of the coroutine");
            return 0;
          });
    } finally {
      USER.remove();
    }
  }

  @Test
  void theContextClassLoaderIsTheOneInWhichTheLoopWasMade() throws Exception {
    var before = Thread.currentThread().getContextClassLoader();
    try (var its = new URLClassLoader(new URL[0], before);
        var other = new URLClassLoader(new URL[0], before)) {
      Thread.currentThread().setContextClassLoader(its);
      try (var loop = new IOLoop()) {
        Thread.currentThread().setContextClassLoader(other);
        loop.runSync(
            () -> {
              assertThat(classLoader()).isSameAs(its);
              Thread.currentThread().setContextClassLoader(other);
              await(sleep(Duration.ofMillis(1)));
              assertThat(await(spawn(InheritanceTest::classLoader))).isSameAs(its);
              return 0;
            });
      }
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }

  private static ClassLoader classLoader() {
    return Thread.currentThread().getContextClassLoader();
  }
}
