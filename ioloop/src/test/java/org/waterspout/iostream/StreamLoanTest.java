// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.waterspout.iostream.StreamPair.bytes;
import static org.waterspout.iostream.StreamPair.pattern;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.waterspout.ioloop.LoopClosedException;
import org.waterspout.ioloop.RunningLoop;
import org.waterspout.ioloop.RunningLoop.RunnableThatThrows;

class StreamLoanTest {
  private static final Duration LONG = Duration.ofSeconds(40);
  private static final int LARGE = 3_000_000;

  private StreamPair pair;
  private IOStream stream;
  private StreamLoan loan;

  @BeforeEach
  void connectAndBorrow() throws Exception {
    pair = new StreamPair();
    stream = pair.stream;
    loan = borrow();
  }

  @AfterEach
  void close() throws Exception {
    loan.giveBack();
    pair.close();
  }

  private StreamLoan borrow() throws Exception {
    return pair.running.call(stream::lendWriteSide);
  }

  /** What the body throws, or null, once it has run in a thread of its own. */
  private static CompletableFuture<Throwable> inThread(RunnableThatThrows body) {
    var result = new CompletableFuture<Throwable>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                body.run();
                result.complete(null);
              } catch (Throwable e) {
                result.complete(e);
              }
            });
    return result;
  }

  private static Throwable get(CompletableFuture<Throwable> result) throws Exception {
    return RunningLoop.get(result);
  }

  /** A thread that writes more than the peer takes, and has begun to wait. */
  private CompletableFuture<Throwable> stuckWriter(Duration stall) throws Exception {
    var writer = inThread(() -> loan.write(stall, ByteBuffer.wrap(pattern(LARGE))));
    var waiting = StreamLoan.class.getDeclaredField("waiting");
    waiting.setAccessible(true);
    while (waiting.get(loan) == null && !writer.isDone()) {
      pair.running.turns(1);
    }
    return writer;
  }

  @Test
  void writesFromAnotherThreadWithASlowReader() throws Exception {
    for (boolean direct : new boolean[] {true, false}) {
      var expected = pattern(LARGE);
      var buffer = direct ? ByteBuffer.allocateDirect(LARGE) : ByteBuffer.allocate(LARGE);
      buffer.put(expected).flip();
      var writer = inThread(() -> loan.write(LONG, buffer));
      assertThat(pair.receive(LARGE)).isEqualTo(expected);
      assertThat(get(writer)).isNull();
      assertThat(buffer.hasRemaining()).isFalse();
    }
  }

  @Test
  void writesSeveralBuffersOneBehindTheOtherWithASlowReader() throws Exception {
    for (boolean direct : new boolean[] {true, false}) {
      var expected = pattern(LARGE);
      var large = direct ? ByteBuffer.allocateDirect(LARGE) : ByteBuffer.allocate(LARGE);
      large.put(expected).flip().position(10).limit(LARGE - 10);
      var writer =
          inThread(
              () ->
                  loan.write(
                      LONG,
                      ByteBuffer.wrap(expected, 0, 10),
                      ByteBuffer.allocate(0),
                      large,
                      ByteBuffer.wrap(expected, LARGE - 10, 10)));
      assertThat(pair.receive(LARGE)).isEqualTo(expected);
      assertThat(get(writer)).isNull();
      assertThat(large.hasRemaining()).isFalse();
    }
  }

  @Test
  void whoGivesItBackIsCalledWhenTheLoopHasItBack() throws Exception {
    var lentAgain = new CompletableFuture<StreamLoan>();
    loan.giveBack(() -> lentAgain.complete(stream.lendWriteSide()));
    loan.giveBack(() -> lentAgain.completeExceptionally(new AssertionError("told twice")));
    loan = RunningLoop.get(lentAgain);
    pair.running.turns(3);
    assertThat(loan).isNotNull();
    assertThat(lentAgain).isCompleted();
  }

  @Test
  void manySmallWritesLoseNothingAndNoWakeUp() throws Exception {
    var expected = pattern(LARGE);
    var writer =
        inThread(
            () -> {
              for (int from = 0; from < LARGE; from += 7000) {
                loan.write(LONG, ByteBuffer.wrap(expected, from, Math.min(7000, LARGE - from)));
              }
            });
    assertThat(pair.receive(LARGE)).isEqualTo(expected);
    assertThat(get(writer)).isNull();
  }

  @Test
  void aPeerThatTakesNothingEndsTheWriteAndTheStream() throws Exception {
    assertThat(get(stuckWriter(Duration.ofMillis(50)))).isInstanceOf(SocketTimeoutException.class);
    loan.giveBack();
    pair.running.turns(3);
    assertThat(pair.running.call(stream::closed)).isTrue();
    assertThat(pair.running.call(stream::error)).isInstanceOf(SocketTimeoutException.class);
    assertThat(stream.channel().isOpen()).isFalse();
  }

  @Test
  void aCloseByTheLoopReachesABorrowerThatWaitsAndTheChannelClosesAfterwards() throws Exception {
    var writer = stuckWriter(LONG);
    var reason = new IOException("because");
    pair.running.run(() -> stream.close(reason));
    assertThat(get(writer)).isInstanceOf(IOException.class).hasCause(reason);
    assertThat(pair.running.call(stream::closed)).isTrue();
    assertThat(stream.channel().isOpen()).as("still in the borrower's hands").isTrue();
    loan.giveBack();
    pair.running.turns(3);
    assertThat(stream.channel().isOpen()).isFalse();
  }

  @Test
  void theEndOfTheLoopReachesABorrowerThatWaits() throws Exception {
    var writer = stuckWriter(LONG);
    pair.running.close();
    assertThat(get(writer))
        .isInstanceOf(IOException.class)
        .hasCauseInstanceOf(LoopClosedException.class);
    assertThat(get(inThread(() -> loan.write(LONG, bytes("x"))))).isInstanceOf(IOException.class);
    loan.giveBack();
    pair.peer.close();
    connectAndBorrow(); // for the end of the test
  }

  @Test
  void aCloseByTheLoopReachesTheBorrowersNextWrite() throws Exception {
    pair.running.run(stream::close);
    assertThat(get(inThread(() -> loan.write(LONG, bytes("x"))))).isInstanceOf(IOException.class);
  }

  @Test
  void aResetReachesABorrowerThatWaits() throws Exception {
    var writer = stuckWriter(LONG);
    pair.reset();
    assertThat(get(writer)).isInstanceOf(IOException.class);
  }

  @Test
  void whatTheLoopWritesMeanwhileFollowsAfterwards() throws Exception {
    var queued = pair.running.call(() -> stream.write(bytes("second")));
    pair.running.turns(5);
    assertThat(queued).isNotDone();
    assertThat(get(inThread(() -> loan.write(LONG, bytes("first "))))).isNull();
    loan.giveBack();
    assertThat(pair.receive(12)).asString().isEqualTo("first second");
    RunningLoop.get(queued.thenApply(x -> 0));
  }

  @Test
  void isGrantedAgainOnceItIsBack() throws Exception {
    assertThat(borrow()).as("lent already").isNull();
    loan.giveBack();
    loan.giveBack();
    pair.running.turns(1);
    loan = borrow();
    assertThat(loan).isNotNull();
    assertThat(get(inThread(() -> loan.write(LONG, bytes("again"))))).isNull();
    assertThat(pair.receive(5)).asString().isEqualTo("again");
  }

  @Test
  void anOldOneDoesNotEndItsSuccessor() throws Exception {
    var old = loan;
    loan.giveBack();
    pair.running.turns(1);
    loan = borrow();
    old.giveBack();
    old.abort();
    pair.running.turns(2);
    assertThat(pair.running.call(stream::closed)).isFalse();
    assertThat(borrow()).isNull();
    assertThatIllegalStateException().isThrownBy(() -> old.write(LONG, bytes("x")));
  }

  @Test
  void abortClosesTheStream() throws Exception {
    loan.abort();
    pair.running.turns(2);
    assertThat(pair.running.call(stream::closed)).isTrue();
    assertThat(pair.running.call(stream::error)).isInstanceOf(IOException.class);
    assertThat(pair.peer.getInputStream().read()).isEqualTo(-1);
  }

  @Test
  void isRefusedWhileOutputIsQueuedAndAfterTheClose() throws Exception {
    loan.giveBack();
    pair.running.turns(1);
    pair.running.run(
        () -> {
          stream.write(ByteBuffer.wrap(pattern(LARGE)));
          assertThat(stream.lendWriteSide()).isNull();
          stream.close();
          assertThat(stream.lendWriteSide()).isNull();
        });
  }

  @Test
  void readingGoesOnWhileItIsLent() throws Exception {
    var reader = new RecordingReader(stream, true);
    pair.running.run(() -> stream.startReading(reader));
    var writer = stuckWriter(LONG);
    pair.send("one\ntwo\n");
    assertThat(reader.next()).isEqualTo("one");
    assertThat(reader.next()).isEqualTo("two");
    pair.receive(LARGE);
    assertThat(get(writer)).isNull();
  }

  @Test
  void anInterruptOfTheBorrowerIsKeptAndDoesNotCutTheWrite() throws Exception {
    var started = new CompletableFuture<Thread>();
    var interrupted = new CompletableFuture<Boolean>();
    var writer =
        inThread(
            () -> {
              started.complete(Thread.currentThread());
              loan.write(LONG, ByteBuffer.wrap(pattern(LARGE)));
              interrupted.complete(Thread.interrupted());
            });
    RunningLoop.get(started);
    pair.running.turns(20);
    started.join().interrupt();
    assertThat(pair.receive(LARGE)).isEqualTo(pattern(LARGE));
    assertThat(get(writer)).isNull();
    assertThat(RunningLoop.get(interrupted)).isTrue();
  }

  @Test
  void closeAndWritesMayMeetAtAnyMoment() throws Exception {
    loan.giveBack();
    for (int i = 0; i < 100; i++) {
      try (var another = new StreamPair()) {
        var lent = another.running.call(another.stream::lendWriteSide);
        var go = new CountDownLatch(1);
        var writer =
            inThread(
                () -> {
                  go.countDown();
                  try {
                    lent.write(LONG, ByteBuffer.wrap(new byte[LARGE]));
                  } finally {
                    lent.giveBack();
                  }
                });
        go.await();
        another.running.run(another.stream::close);
        assertThat(get(writer))
            .isInstanceOf(IOException.class)
            .isNotInstanceOf(SocketTimeoutException.class);
      }
    }
  }
}
