// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.sleep;
import static org.waterspout.gen.Gen.spawn;
import static org.waterspout.testing.Samples.assertPasses;
import static org.waterspout.testing.Samples.failureOf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopClosedException;
import org.waterspout.ioloop.LoopFuture;

/** What {@link LoopExtension} runs, and where. How it reports what fails: TestFailureTest. */
class LoopExtensionTest {
  private static final List<Object> seen = new CopyOnWriteArrayList<>();

  @BeforeEach
  void forget() {
    seen.clear();
  }

  static class AllOnOneLoop {
    private IOLoop ofBefore;
    private LoopFuture<String> answer;

    @BeforeEach
    void before(IOLoop loop) {
      loop.checkOnLoop("BeforeEach");
      ofBefore = loop;
      answer = spawn(() -> "answer");
      await(sleep(Duration.ofMillis(1)));
    }

    @GenTest
    void test(IOLoop loop) {
      loop.checkOnLoop("GenTest");
      assertThat(IOLoop.current()).isSameAs(loop).isSameAs(ofBefore);
      assertThat(loop.customCarrier())
          .isEqualTo(System.getProperty("waterspout.test.carrier").equals("custom"));
      await(sleep(Duration.ofMillis(1)));
      assertThat(await(answer)).isEqualTo("answer");
      loop.checkOnLoop("GenTest after an await");
    }

    @GenTest
    void withoutParameters() {
      assertThat(IOLoop.current()).isSameAs(ofBefore);
    }

    @AfterEach
    void after(IOLoop loop) {
      await(sleep(Duration.ofMillis(1)));
      loop.checkOnLoop("AfterEach");
      assertThat(loop).isSameAs(ofBefore);
      seen.add(loop);
    }
  }

  @Test
  void aTestRunsWithWhatIsAroundItOnALoopOfItsOwn() {
    assertPasses(AllOnOneLoop.class, 2);
    assertThat(seen).hasSize(2).doesNotHaveDuplicates();
  }

  static class Clocked {
    @GenTest
    void test(FakeClock clock, IOLoop loop) {
      var start = loop.time();
      assertThat(start).isEqualTo(clock.getAsLong());
      var slept = sleep(Duration.ofDays(1));
      clock.advance(Duration.ofDays(1));
      await(slept);
      assertThat(loop.time() - start).isEqualTo(Duration.ofDays(1).toNanos());
    }

    @GenTest
    void withoutAClockItIsTheSystems(IOLoop loop) {
      assertThat(System.nanoTime() - loop.time()).isLessThan(Duration.ofMinutes(1).toNanos());
    }
  }

  @Test
  void theLoopGoesByAFakeClockIfTheTestAsksForOne() {
    assertPasses(Clocked.class, 2);
  }

  static class ClockedBefore {
    private FakeClock clock;

    @BeforeEach
    void before(FakeClock injected) {
      clock = injected;
      clock.advance(Duration.ofHours(1));
    }

    @GenTest
    void test(IOLoop loop) {
      assertThat(loop.time()).isEqualTo(clock.getAsLong());
    }

    @Nested
    class Inside {
      @GenTest
      void test(IOLoop loop) {
        assertThat(loop.time()).isEqualTo(clock.getAsLong());
      }
    }
  }

  @Test
  void theLoopGoesByAFakeClockIfAMethodBeforeTheTestAsksForOne() {
    assertPasses(ClockedBefore.class, 2);
  }

  static class Outer {
    private IOLoop ofBefore;

    @BeforeEach
    void before(IOLoop loop) {
      ofBefore = loop;
    }

    @Nested
    class Inner {
      @BeforeEach
      void before(IOLoop loop) {
        assertThat(loop).isSameAs(ofBefore);
      }

      @GenTest
      void test(IOLoop loop) {
        assertThat(loop).isSameAs(ofBefore);
        await(sleep(Duration.ofMillis(1)));
      }
    }
  }

  @Test
  void nestedTestsShareTheLoopWithWhatIsAroundThem() {
    assertPasses(Outer.class, 1);
  }

  @ExtendWith(LoopExtension.class)
  static class Templates {
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void parameterized(int value, IOLoop loop) {
      assertThat(await(spawn(() -> value))).isEqualTo(value);
      loop.checkOnLoop("ParameterizedTest");
      seen.add(loop);
    }

    @RepeatedTest(2)
    void repeated(IOLoop loop) {
      seen.add(loop);
    }

    @Test
    void plain(IOLoop loop) {
      loop.checkOnLoop("Test");
      seen.add(loop);
    }
  }

  @Test
  void allKindsOfTestsRunOnLoopsByTheExtensionItself() {
    assertPasses(Templates.class, 5);
    assertThat(seen).hasSize(5).doesNotHaveDuplicates();
  }

  static class LeavesMuchBehind {
    @GenTest
    void test(IOLoop loop) throws IOException {
      spawn(
          () -> {
            try {
              return await(new LoopFuture<Void>());
            } catch (LoopClosedException e) {
              seen.add("the await failed");
              throw e;
            } finally {
              seen.add("cleaned up");
            }
          });
      loop.addCallback(() -> await(new LoopFuture<Void>())); // it throws at the close
      loop.callLater(Duration.ofHours(1), () -> seen.add("never"));
      var pipe = Pipe.open();
      pipe.source().configureBlocking(false);
      loop.addHandler(pipe.source(), SelectionKey.OP_READ, (channel, ops) -> {});
      pipe.sink().write(ByteBuffer.allocate(1));
      seen.add(pipe.source());
      seen.add(loop);
      await(sleep(Duration.ZERO));
    }
  }

  @Test
  void whatATestLeavesBehindIsEndedWithItsLoop() {
    assertPasses(LeavesMuchBehind.class, 1);
    assertThat(seen).hasSize(4).endsWith("the await failed", "cleaned up");
    assertThat(((Pipe.SourceChannel) seen.get(0)).isOpen()).isFalse();
    var loop = (IOLoop) seen.get(1);
    assertThatThrownBy(loop::start).hasMessageContaining("is closed");
  }

  static class Assuming {
    @GenTest
    void test() {
      await(sleep(Duration.ofMillis(1)));
      assumeTrue(false, "not here");
    }
  }

  @Test
  void anAssumptionThatDoesNotHoldAbortsTheTest() {
    Samples.run(Assuming.class).testEvents().assertStatistics(stats -> stats.aborted(1));
  }

  static class Returning {
    @GenTest
    LoopFuture<String> test() {
      seen.add("ran");
      return spawn(() -> "nobody would wait for it");
    }

    @GenTest
    void other() {}
  }

  @Test
  void aMethodThatReturnsSomethingIsNoTest() {
    var issues =
        EngineTestKit.engine("junit-jupiter")
            .selectors(selectClass(Returning.class))
            .discover()
            .getDiscoveryIssues();
    assertThat(issues).singleElement().asString().contains("must not return a value");
    assertThat(seen).isEmpty();
  }

  static class InterruptsItself {
    @GenTest
    void test() {
      Thread.currentThread().interrupt();
      await(sleep(Duration.ofMillis(1)));
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void anInterruptStaysWithTheTest() {
    assertPasses(InterruptsItself.class, 1);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  static class ManyTurns {
    @GenTest
    void test() {
      var futures = new ArrayList<LoopFuture<Integer>>();
      for (int i = 0; i < 1000; i++) {
        int value = i;
        futures.add(spawn(() -> value));
      }
      futures.forEach(future -> seen.add(await(future)));
    }
  }

  @Test
  void aTestMayAwaitAsOftenAsItLikes() {
    assertPasses(ManyTurns.class, 1);
    assertThat(seen).hasSize(1000);
  }

  static class WithLimit {
    @GenTest(timeout = -1)
    void test() {
      seen.add("ran");
    }
  }

  @Test
  void aNegativeLimitIsRefused() {
    assertThat(failureOf(WithLimit.class)).hasMessageContaining("-1.0");
    assertThat(seen).isEmpty();
  }
}
