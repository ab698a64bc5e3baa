// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.sleep;
import static org.waterspout.ioloop.RunningLoop.DEADLINE;
import static org.waterspout.ioloop.RunningLoop.get;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.waterspout.ioloop.Context;
import org.waterspout.ioloop.LogCapture;
import org.waterspout.ioloop.LoopFuture;

class StreamReadTest {
  private StreamPair pair;
  private IOStream stream;

  @BeforeEach
  void connect() throws Exception {
    pair = new StreamPair();
    stream = pair.stream;
  }

  @AfterEach
  void close() throws Exception {
    pair.close();
  }

  private RecordingReader read(boolean resumesItself) throws Exception {
    var reader = new RecordingReader(stream, resumesItself);
    pair.running.run(() -> stream.startReading(reader));
    return reader;
  }

  private void resume() throws Exception {
    pair.running.run(stream::resumeReading);
  }

  /** Pauses the stream with a message delivered and something else kept or on its way. */
  private RecordingReader pausedReader(String first) throws Exception {
    var reader = read(false);
    pair.send(first + "\n");
    assertThat(reader.next()).isEqualTo(first.lines().findFirst().orElseThrow());
    return reader;
  }

  @Test
  void messagesArriveWholeWhereverTheyAreSplit() throws Exception {
    var reader = read(true);
    var whole = "eins\nzwei\n\nein langer dritter\n";
    for (int split = 0; split <= whole.length(); split++) {
      pair.send(whole.substring(0, split));
      pair.running.turns(3);
      pair.send(whole.substring(split));
      for (var expected : List.of("eins", "zwei", "", "ein langer dritter")) {
        assertThat(reader.next()).as("split at %d", split).isEqualTo(expected);
      }
    }
    for (char one : whole.toCharArray()) {
      pair.send(String.valueOf(one));
      pair.running.turns(1);
    }
    for (var expected : List.of("eins", "zwei", "", "ein langer dritter")) {
      assertThat(reader.next()).isEqualTo(expected);
    }
  }

  @Test
  void aMessageLargerThanTheLoopsBufferArrivesWhole() throws Exception {
    var reader = read(true);
    var large = "x".repeat(300_000);
    pair.send(large + "\nnext\n");
    assertThat(reader.next()).isEqualTo(large);
    assertThat(reader.next()).isEqualTo("next");
  }

  @Test
  void theRestIsDeliveredStepByStepBeforeWhatArrivesLater() throws Exception {
    var reader = read(false);
    pair.send("one\ntwo\nthr");
    assertThat(reader.next()).isEqualTo("one");
    pair.send("ee\nfour\n");
    pair.running.turns(10);
    assertThat(reader.messages).isEmpty();
    for (var expected : List.of("two", "three", "four")) {
      resume();
      assertThat(reader.next()).isEqualTo(expected);
      pair.running.turns(3);
      assertThat(reader.messages).isEmpty();
    }
  }

  @Test
  void resumingTwiceIsHarmless() throws Exception {
    var reader = read(false);
    pair.send("one\ntwo\nthree\n");
    assertThat(reader.next()).isEqualTo("one");
    pair.running.run(
        () -> {
          stream.resumeReading();
          stream.resumeReading();
        });
    assertThat(reader.next()).isEqualTo("two");
    pair.running.turns(5);
    assertThat(reader.messages).isEmpty();
  }

  @Test
  void readAheadIsBoundedAndHoldsThePeerBack() throws Exception {
    var reader = pausedReader("first");
    var sent = new AtomicLong();
    int total = 16 * 1024 * 1024;
    var sender = Thread.ofVirtual().start(() -> sendLines(total, sent));
    pair.running.until(() -> stream.input.rest().size() >= 64 * 1024);
    long before = -1;
    while (sent.get() != before) { // until it is stuck
      before = sent.get();
      pair.running.run(() -> await(sleep(Duration.ofMillis(50))));
    }
    assertThat(sent.get()).isLessThan(total / 2);
    assertThat(restOf(stream)).isBetween(64 * 1024, 128 * 1024);
    assertThat(reader.messages).isEmpty();
    var second = read(true);
    for (int lines = 0; lines < total / 1024; lines++) {
      assertThat(second.next()).hasSize(1023);
    }
    assertThat(sender.join(DEADLINE)).isTrue();
    assertThat(restOf(stream)).isZero();
  }

  private void sendLines(int total, AtomicLong sent) {
    try {
      OutputStream out = pair.peer.getOutputStream();
      var line = new byte[1024];
      Arrays.fill(line, (byte) 'x');
      line[1023] = '\n';
      for (int i = 0; i < total / 1024; i++) {
        out.write(line);
        sent.addAndGet(1024);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private int restOf(IOStream of) throws Exception {
    return pair.running.call(() -> of.input.rest().size());
  }

  @Test
  void aDisappearanceIsNoticedAgainOnceTheFullRestWasTakenWhilePaused() throws Exception {
    var reader = pausedReader("first");
    var sent =
        StreamEnds.inThread(
            () -> {
              pair.send("x".repeat(100_000) + "\n");
              return 0;
            });
    pair.running.until(() -> stream.input.rest().size() >= 64 * 1024);
    pair.running.turns(10);
    resume(); // it takes the rest with what follows, and is paused again
    assertThat(reader.next()).hasSize(100_000);
    get(sent);
    pair.reset();
    get(reader.closed);
  }

  @Test
  void aResetWhilePausedIsReportedAtOnce() throws Exception {
    var reader = pausedReader("one");
    pair.reset();
    get(reader.closed);
    assertThat(pair.running.call(stream::closed)).isTrue();
    assertThat(pair.running.call(stream::error)).isInstanceOf(IOException.class);
  }

  @Test
  void anEndOfInputWhilePausedIsReportedAtOnceIfNothingIsKept() throws Exception {
    var reader = pausedReader("one");
    pair.peer.shutdownOutput();
    get(reader.closed);
    assertThat(pair.running.call(stream::error)).isNull();
  }

  @Test
  void anEndOfInputIsReportedAfterTheRestWasTaken() throws Exception {
    var reader = read(false);
    pair.send("one\ntwo\nthree\n");
    pair.peer.shutdownOutput();
    assertThat(reader.next()).isEqualTo("one");
    pair.running.turns(20);
    assertThat(reader.closed).isNotDone();
    resume();
    assertThat(reader.next()).isEqualTo("two");
    pair.running.turns(20);
    assertThat(reader.closed).isNotDone();
    resume();
    assertThat(reader.next()).isEqualTo("three");
    get(reader.closed);
    assertThat(reader.events).containsExactly("proceed", "proceed", "proceed", "closed");
  }

  @Test
  void anIncompleteRestDoesNotKeepTheStreamOpenAfterTheEndOfInput() throws Exception {
    var reader = read(true);
    pair.send("one\nincompl");
    pair.peer.shutdownOutput();
    assertThat(reader.next()).isEqualTo("one");
    get(reader.closed);
  }

  @Test
  void moreInputADrainAndACloseMayComeWhileProceedIsParked() throws Exception {
    var resumed = new LoopFuture<Void>(pair.loop);
    var drained = new CompletableFuture<Void>();
    var entered = new CompletableFuture<Void>();
    var wentOn = new CompletableFuture<Void>();
    var reader =
        new RecordingReader(stream, false) {
          @Override
          public void proceed() {
            super.proceed();
            stream
                .write(ByteBuffer.wrap(new byte[3_000_000]))
                .thenRun(() -> drained.complete(null));
            entered.complete(null);
            await(resumed);
            events.add("goes on");
            wentOn.complete(null);
          }
        };
    pair.running.run(() -> stream.startReading(reader));
    pair.send("one\n");
    get(entered);
    pair.send("two\n");
    pair.receive(3_000_000);
    get(drained);
    pair.reset();
    get(reader.closed);
    resumed.complete(null);
    get(wentOn);
    assertThat(reader.events).containsExactly("proceed", "closed", "goes on");
    assertThat(reader.messages).containsExactly("one");
  }

  @Test
  void theReaderIsCalledInTheContextInWhichItWasGiven() throws Exception {
    var contexts = new ArrayList<Context>();
    var reader =
        new RecordingReader(stream, false) {
          @Override
          public void proceed() {
            contexts.add(stream.loop().context());
            super.proceed();
          }

          @Override
          public void closed() {
            contexts.add(stream.loop().context());
            super.closed();
          }
        };
    var given =
        pair.running.call(
            () -> {
              stream.startReading(reader);
              return pair.loop.context();
            });
    pair.send("one\ntwo\n");
    assertThat(reader.next()).isEqualTo("one");
    pair.running.run(() -> pair.loop.context().withErrorRoute(e -> {}).run(stream::resumeReading));
    assertThat(reader.next()).isEqualTo("two");
    pair.running.run(() -> pair.loop.context().withErrorRoute(e -> {}).run(stream::close));
    get(reader.closed);
    assertThat(contexts).hasSize(3).containsOnly(given);
  }

  @Test
  void aReaderThatThrowsHasTheStreamClosed() throws Exception {
    var failure = new IllegalStateException("a defect");
    var reader =
        new RecordingReader(stream, true) {
          @Override
          public boolean received(ByteBuffer in) {
            throw failure;
          }
        };
    try (var log = LogCapture.application()) {
      pair.running.run(() -> stream.startReading(reader));
      pair.send("x");
      get(reader.closed);
      assertThat(log.thrown()).containsExactly(failure);
    }
    assertThat(pair.running.call(stream::error)).isSameAs(failure);
    assertThat(pair.peer.getInputStream().read()).isEqualTo(-1);
  }

  @Test
  void anotherReaderMayTakeOverWhilePausedAndGetsTheRest() throws Exception {
    var first = pausedReader("one\ntwo");
    var second = read(true);
    assertThat(second.next()).isEqualTo("two");
    pair.send("three\n");
    assertThat(second.next()).isEqualTo("three");
    pair.peer.close();
    get(second.closed);
    assertThat(first.events).containsExactly("proceed");
  }

  @Test
  void aReaderThatTakesOverAfterTheCloseIsToldToo() throws Exception {
    var first = pausedReader("one");
    pair.reset();
    get(first.closed);
    get(read(true).closed);
  }

  @Test
  void aReaderIsNotReplacedWhileItIsBeingFed() throws Exception {
    read(true);
    pair.running.run(
        () ->
            assertThatIllegalStateException()
                .isThrownBy(() -> stream.startReading(new RecordingReader(stream, true))));
  }
}
