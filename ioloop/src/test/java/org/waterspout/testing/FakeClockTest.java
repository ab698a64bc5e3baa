// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.gen.Gen.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.waterspout.gen.Gen;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.ioloop.PeriodicCallback;
import org.waterspout.ioloop.RunningLoop;

class FakeClockTest {
  private final FakeClock clock = new FakeClock();

  @Test
  void standsStillUntilItIsAdvanced() {
    assertThat(clock.getAsLong()).isZero();
    clock.advance(Duration.ofNanos(7));
    clock.advance(Duration.ZERO);
    assertThat(clock.getAsLong()).isEqualTo(7);
  }

  @Test
  void doesNotGoBack() {
    assertThatThrownBy(() -> clock.advance(Duration.ofNanos(-1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(clock.getAsLong()).isZero();
  }

  @Test
  void whatBecameDueHasRunWhenTheLoopsOwnCodeGoesOn() throws Exception {
    var ran = new ArrayList<String>();
    try (var loop = clock.newLoop()) {
      var result =
          loop.runSync(
              () -> {
                for (int i = 0; i < 1000; i++) {
                  loop.addCallback(() -> {}); // more than a loop runs without a look at the clock
                }
                loop.callLater(Duration.ofSeconds(3), () -> ran.add("3 s"));
                loop.callLater(
                    Duration.ofSeconds(2),
                    () -> {
                      ran.add("2 s");
                      loop.callLater(Duration.ZERO, () -> ran.add("too late for that leap"));
                    });
                loop.callLater(Duration.ofSeconds(2).plusNanos(1), () -> ran.add("2 s and 1 ns"));
                loop.callLater(Duration.ofSeconds(1), () -> ran.add("1 s"));
                clock.advance(Duration.ofSeconds(2));
                return ran.stream().limit(2).toList();
              });
      assertThat(result).containsExactly("1 s", "2 s");
      assertThat(ran).doesNotContain("2 s and 1 ns", "3 s");
    }
  }

  @Test
  void whatIsQueuedRunsBeforeTheLeap() throws Exception {
    try (var loop = clock.newLoop()) {
      var woke =
          loop.runSync(
              () -> {
                var sleeper =
                    loop.spawn(
                        () -> {
                          await(Gen.sleep(Duration.ofSeconds(1)));
                          return loop.time();
                        });
                clock.advance(Duration.ofSeconds(1));
                return await(sleeper);
              });
      assertThat(woke).isEqualTo(1_000_000_000L);
    }
  }

  @Test
  void aParkedCallbackDoesNotHoldAdvanceUp() throws Exception {
    try (var loop = clock.newLoop()) {
      var go = new LoopFuture<String>(loop);
      var result = new LoopFuture<String>(loop);
      var got =
          loop.runSync(
              () -> {
                loop.callLater(Duration.ofSeconds(1), () -> result.complete(await(go)));
                clock.advance(Duration.ofSeconds(1));
                assertThat(result.isDone()).isFalse();
                go.complete("value");
                return await(result);
              });
      assertThat(got).isEqualTo("value");
    }
  }

  @Test
  void aPeriodicCallbackIsCalledOncePerLeap() throws Exception {
    var times = new ArrayList<Long>();
    try (var loop = clock.newLoop()) {
      loop.runSync(
          () -> {
            var beat = Duration.ofSeconds(1);
            new PeriodicCallback(() -> times.add(loop.time()), beat).start();
            clock.advance(beat);
            clock.advance(beat.multipliedBy(5));
            clock.advance(beat.dividedBy(2));
            return 0;
          });
    }
    assertThat(times).containsExactly(1_000_000_000L, 6_000_000_000L);
  }

  @Test
  void advancingFromOutsideWakesASleepingLoop() throws Exception {
    try (var loop = clock.newLoop()) {
      var asleep = new CompletableFuture<Void>();
      var advancer =
          Thread.ofPlatform()
              .start(
                  () -> {
                    asleep.join();
                    clock.advance(Duration.ofHours(1));
                  });
      var time =
          loop.runSync(
              () -> {
                loop.addCallback(() -> asleep.complete(null));
                await(Gen.sleep(Duration.ofHours(1)));
                return loop.time();
              });
      assertThat(time).isEqualTo(Duration.ofHours(1).toNanos());
      assertThat(advancer.join(RunningLoop.DEADLINE)).isTrue();
    }
  }

  @Test
  void oneClockDrivesSeveralLoops() throws Exception {
    try (var one = clock.newLoop();
        var two = clock.newLoop()) {
      var woken = new CompletableFuture<Long>();
      var ready = new CompletableFuture<Void>();
      var other =
          Thread.ofPlatform()
              .daemon()
              .start(
                  () -> {
                    two.addCallback(
                        () ->
                            two.callLater(Duration.ofSeconds(1), () -> woken.complete(two.time())));
                    two.addCallback(() -> ready.complete(null));
                    two.start();
                  });
      var time =
          one.runSync(
              () -> {
                await(ready);
                clock.advance(Duration.ofSeconds(1));
                return await(woken);
              });
      assertThat(time).isEqualTo(1_000_000_000L);
      two.stop();
      assertThat(other.join(RunningLoop.DEADLINE)).isTrue();
    }
  }

  @Test
  void aLoopThatIsClosedIsLeftAlone() {
    IOLoop closed = clock.newLoop();
    closed.close();
    clock.advance(Duration.ofSeconds(1));
    assertThat(closed.time()).isEqualTo(1_000_000_000L);
  }
}
