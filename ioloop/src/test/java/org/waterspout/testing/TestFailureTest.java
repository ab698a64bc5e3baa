// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.sleep;
import static org.waterspout.gen.Gen.spawn;
import static org.waterspout.testing.Samples.failureOf;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;

/** How {@link LoopExtension} reports tests that fail. */
class TestFailureTest {
  private static final List<Object> seen = new CopyOnWriteArrayList<>();

  private static volatile CountDownLatch release = new CountDownLatch(1);
  private static volatile IOLoop held;

  @BeforeEach
  void forget() {
    seen.clear();
    release = new CountDownLatch(1);
  }

  @AfterEach
  void endWhatWasLeftBehind() {
    release.countDown();
    if (held != null) {
      held.close();
      held = null;
    }
  }

  /** Ignores interrupts. */
  private static void holdUp(IOLoop loop) {
    held = loop;
    var its = release;
    while (its.getCount() != 0) {
      Thread.onSpinWait();
    }
  }

  static class Parked {
    @GenTest(timeout = 1)
    void parksForGood() {
      try {
        await(new LoopFuture<Void>());
      } finally {
        await(sleep(Duration.ofMillis(1)));
        seen.add("cleaned up");
      }
    }

    @AfterEach
    void after() {
      await(sleep(Duration.ofMillis(1)));
      seen.add("after");
    }
  }

  @Test
  void aTestThatParksForGoodTimesOutAndTellsWhere() {
    assertThat(failureOf(Parked.class))
        .isInstanceOf(TimeoutException.class)
        .hasMessageContaining("PT1S")
        .hasNoSuppressedExceptions()
        .satisfies(failure -> assertStackHas(failure, "parksForGood"));
    assertThat(seen).containsExactly("cleaned up", "after");
  }

  static class Asleep {
    @GenTest(timeout = 1)
    void blocksTheLoop() throws InterruptedException {
      new CountDownLatch(1).await();
    }

    @AfterEach
    void after() {
      seen.add("after");
    }
  }

  @Test
  void aTestThatBlocksTheLoopTimesOutAndTellsWhere() {
    assertThat(failureOf(Asleep.class))
        .isInstanceOf(TimeoutException.class)
        .satisfies(failure -> assertStackHas(failure, "blocksTheLoop"));
    assertThat(seen).containsExactly("after");
  }

  static class Busy {
    @GenTest(timeout = 1)
    void spins(IOLoop loop) {
      holdUp(loop);
    }

    @AfterEach
    void after() {
      seen.add("after");
    }
  }

  @Test
  void aTestThatCannotBeEndedIsLeftBehind() {
    var failure = failureOf(Busy.class);
    assertThat(failure)
        .isInstanceOf(TimeoutException.class)
        .satisfies(timedOut -> assertStackHas(timedOut, "spins"));
    assertThat(failure.getSuppressed())
        .anySatisfy(other -> assertThat(other).hasMessageContaining("running already"));
    assertThat(seen).isEmpty();
  }

  static class NeverBegins {
    @BeforeEach
    void before(IOLoop loop) {
      loop.addCallback(() -> holdUp(loop));
    }

    @GenTest(timeout = 1)
    void test() {
      seen.add("ran");
    }
  }

  @Test
  void aCallbackThatBlocksTheLoopFailsTheTest() {
    assertThat(failureOf(NeverBegins.class))
        .isInstanceOf(TimeoutException.class)
        .hasMessageContaining("callbacks still hold");
    assertThat(seen).isEmpty();
  }

  static class AssertsAfterAnAwait {
    @GenTest
    void test() {
      await(sleep(Duration.ofMillis(1)));
      assertThat(1).isEqualTo(2);
    }
  }

  @Test
  void anAssertionAfterAnAwaitFailsTheTest() {
    assertThat(failureOf(AssertsAfterAnAwait.class))
        .isInstanceOf(AssertionError.class)
        .hasNoSuppressedExceptions()
        .satisfies(failure -> assertStackHas(failure, "test"));
  }

  static class ThrowsChecked {
    @GenTest
    void test() throws Exception {
      throw new IOException("the test's own");
    }
  }

  @Test
  void checkedExceptionsComeAsTheyAre() {
    assertThat(failureOf(ThrowsChecked.class))
        .isInstanceOf(IOException.class)
        .hasMessage("the test's own");
  }

  static class CallbacksFail {
    @GenTest
    void test(IOLoop loop) {
      loop.addCallback(
          () -> {
            throw new IllegalStateException("first");
          });
      loop.callLater(
          Duration.ZERO,
          () -> {
            throw new AssertionError("second");
          });
      await(sleep(Duration.ofMillis(1)));
      throw new IllegalArgumentException("third");
    }
  }

  @Test
  void ofSeveralFailuresTheFirstIsReportedAndTheOthersWithIt() {
    var failure = failureOf(CallbacksFail.class);
    assertThat(failure).hasMessage("first");
    assertThat(failure.getSuppressed())
        .extracting(Throwable::getMessage)
        .containsExactly("second", "third");
  }

  static class LastCallbackFails {
    @GenTest
    void test(IOLoop loop) throws InterruptedException {
      var other =
          Thread.ofPlatform()
              .start(
                  () ->
                      loop.addCallback(
                          () -> {
                            throw new AssertionError("from another thread");
                          }));
      other.join();
    }
  }

  @Test
  void aCallbackThatAnotherThreadHasAddedByTheEndFailsTheTest() {
    assertThat(failureOf(LastCallbackFails.class))
        .isInstanceOf(AssertionError.class)
        .hasMessage("from another thread");
  }

  static class CallbackFailsAndTestWaits {
    @GenTest(timeout = 1)
    void test(IOLoop loop) {
      var never = new CompletableFuture<Void>();
      loop.addCallback(
          () -> {
            throw new IllegalStateException("why it never comes");
          });
      await(never);
    }
  }

  @Test
  void aTimeoutDoesNotHideWhatACallbackThrewBefore() {
    var failure = failureOf(CallbackFailsAndTestWaits.class);
    assertThat(failure).hasMessage("why it never comes");
    assertThat(failure.getSuppressed()).singleElement().isInstanceOf(TimeoutException.class);
  }

  static class FailsAtTheClose {
    @GenTest
    void test(IOLoop loop) {
      loop.addCallback(
          () -> {
            try {
              await(new LoopFuture<Void>());
            } finally {
              assertThat(seen).as("at the close").isNotEmpty();
            }
          });
      await(sleep(Duration.ZERO));
    }
  }

  @Test
  void whatFailsWhileTheLoopIsClosedFailsTheTest() {
    assertThat(failureOf(FailsAtTheClose.class))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("at the close");
  }

  static class BlocksTheClose {
    @GenTest(timeout = 2)
    void test(IOLoop loop) {
      spawn(
          () -> {
            try {
              return await(new LoopFuture<Void>());
            } finally {
              holdUp(loop);
            }
          });
      await(sleep(Duration.ZERO));
    }
  }

  @Test
  void aCloseThatDoesNotEndFailsTheTest() {
    assertThat(failureOf(BlocksTheClose.class))
        .isInstanceOf(TimeoutException.class)
        .hasMessageContaining("could not be closed");
  }

  static class StopsTheLoop {
    @GenTest
    void test(IOLoop loop) {
      loop.stop();
      await(new LoopFuture<Void>());
    }

    @AfterEach
    void after() {
      await(sleep(Duration.ofMillis(1)));
      seen.add("after");
    }
  }

  @Test
  void aTestThatStopsItsLoopAndWaitsFailsAtOnce() {
    assertThat(failureOf(StopsTheLoop.class))
        .hasMessageContaining("was stopped before the method ended")
        .hasNoSuppressedExceptions();
    assertThat(seen).containsExactly("after");
  }

  static class BreaksTheLoop {
    @GenTest
    void test(IOLoop loop) {
      loop.addCallback(
          () -> {
            throw new InternalError("of the JVM, so to say");
          });
      await(new LoopFuture<Void>());
    }
  }

  @Test
  void anErrorOfTheJvmEndsTheTestAtOnce() {
    assertThat(failureOf(BreaksTheLoop.class)).isInstanceOf(InternalError.class);
  }

  static class FailsBefore {
    @BeforeEach
    void before(IOLoop loop) {
      loop.addCallback(
          () -> {
            throw new IllegalStateException("of a callback before the test");
          });
    }

    @GenTest
    void test() {
      seen.add("ran");
    }

    @AfterEach
    void after() {
      seen.add("after");
    }
  }

  @Test
  void aTestDoesNotBeginIfSomethingBeforeItFailed() {
    assertThat(failureOf(FailsBefore.class)).hasMessage("of a callback before the test");
    assertThat(seen).containsExactly("after");
  }

  @Test
  void theLimitComesFromTheEnvironmentElseItIsFiveSeconds() {
    assertThat(TestLoop.limit((String) null)).isEqualTo(Duration.ofSeconds(5));
    assertThat(TestLoop.limit(" ")).isEqualTo(Duration.ofSeconds(5));
    assertThat(TestLoop.limit("0.25")).isEqualTo(Duration.ofMillis(250));
    assertThat(TestLoop.limit("1e300")).isPositive();
    for (var wrong : List.of("soon", "0", "-1", "NaN")) {
      assertThatThrownBy(() -> TestLoop.limit(wrong)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static void assertStackHas(Throwable failure, String method) {
    assertThat(failure.getStackTrace())
        .anyMatch(
            frame ->
                frame.getMethodName().equals(method)
                    && frame.getClassName().startsWith(TestFailureTest.class.getName()));
  }
}
