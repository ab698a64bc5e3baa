// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.ioloop.RunningLoop.get;
import static org.waterspout.iostream.StreamEnds.failure;
import static org.waterspout.iostream.StreamEnds.utf8;
import static org.waterspout.iostream.StreamPair.pattern;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.waterspout.ioloop.LoopFuture;

/** What happens where a read's or a stream's limit is. */
interface LimitContract extends TestedStream {
  @Test
  default void aDelimiterMayEndWithTheLastByteThatIsAllowed() throws Exception {
    ends().send("12345678\r\n12345678\r\n");
    assertThat(ends().read(s -> s.readUntil(utf8("\r\n"), 10))).hasSize(10);
    assertThat(ends().read(s -> s.readUntilRegex(Pattern.compile("\r\n"), 10))).hasSize(10);
  }

  @Test
  default void aDelimiterOneByteTooFarClosesTheStream() throws Exception {
    for (var read :
        List.<Function<BaseIOStream, LoopFuture<byte[]>>>of(
            s -> s.readUntil(utf8("\r\n"), 9),
            s -> s.readUntilRegex(Pattern.compile("\r\n"), 9),
            s -> s.readUntil(utf8("\r\n"), -1))) {
      for (int split : new int[] {0, 9, 10}) {
        refusesTooFarADelimiter(read, split);
      }
    }
  }

  private void refusesTooFarADelimiter(Function<BaseIOStream, LoopFuture<byte[]>> read, int split)
      throws Exception {
    try (var pair = open(StreamLimits.DEFAULT)) {
      pair.send("12345678\r\n".substring(0, split));
      var future = pair.with(read);
      pair.running.turns(1);
      try {
        pair.send("12345678\r\n".substring(split));
      } catch (IOException closed) {
        // the stream was faster; its future is told in a later turn
      }
      assertThat(failure(future))
          .isInstanceOf(StreamClosedException.class)
          .hasCauseInstanceOf(UnsatisfiableReadException.class);
      assertThat(pair.with(BaseIOStream::error)).isInstanceOf(UnsatisfiableReadException.class);
      assertThat(pair.seesAnEnd()).isTrue();
    }
  }

  @Test
  default void nothingCanBeReadAfterAReadThatCouldNotBeSatisfied() throws Exception {
    ends().send("ab\ncdefghi");
    assertThat(ends().read(s -> s.readBytes(1))).hasSize(1);
    ends().awaitRest(9);
    assertThat(ends().read(s -> s.readUntil(utf8("\n")))).hasSize(2);
    assertThat(failure(ends().with(s -> s.readUntil(utf8("\n"), 5))))
        .hasCauseInstanceOf(UnsatisfiableReadException.class);
    for (var read :
        List.<Function<BaseIOStream, LoopFuture<?>>>of(
            s -> s.readBytes(1),
            s -> s.readBytes(1, true),
            s -> s.readUntilClose(),
            s -> s.readInto(ByteBuffer.allocate(1)))) {
      assertThat(failure(ends().with(read::apply)))
          .isInstanceOf(StreamClosedException.class)
          .hasCauseInstanceOf(UnsatisfiableReadException.class);
    }
    assertThat(ends().read(s -> s.readBytes(0))).isEmpty();
  }

  @Test
  default void aReadThatNeedsMoreThanTheStreamKeepsClosesIt() throws Exception {
    for (var read :
        List.<Function<BaseIOStream, LoopFuture<byte[]>>>of(
            s -> s.readUntilClose(), s -> s.readBytes(1001))) {
      try (var pair = open(StreamLimits.DEFAULT.withMaxBufferSize(1000))) {
        var future = pair.with(read);
        var sent = pair.sending(new byte[1001]);
        assertThat(failure(future))
            .isInstanceOf(StreamClosedException.class)
            .hasCauseInstanceOf(StreamBufferFullException.class);
        var _ = sent.handle((value, failure) -> 0).get();
        assertThat(pair.with(BaseIOStream::error)).isInstanceOf(StreamBufferFullException.class);
      }
    }
  }

  @Test
  default void aDelimiterOutsideOfWhatTheStreamKeepsIsTooFar() throws Exception {
    for (int zeros : new int[] {1000, 1001}) {
      for (var read :
          List.<Function<BaseIOStream, LoopFuture<byte[]>>>of(
              s -> s.readUntil(utf8("!")),
              s -> s.readUntil(utf8("!"), 2000),
              s -> s.readUntilRegex(Pattern.compile("!"), 2000))) {
        try (var pair = open(StreamLimits.DEFAULT.withMaxBufferSize(1000))) {
          var future = pair.with(read);
          var message = new byte[zeros + 1];
          message[zeros] = '!';
          var sent = pair.sending(message);
          assertThat(failure(future)).hasCauseInstanceOf(UnsatisfiableReadException.class);
          var _ = sent.handle((value, failure) -> 0).get();
        }
      }
    }
  }

  @Test
  default void readsOfAsMuchAsTheStreamKeepsAreSatisfied() throws Exception {
    var pair = open(StreamLimits.DEFAULT.withMaxBufferSize(1000));
    var expected = new byte[1000];
    expected[999] = '!';
    for (var read :
        List.<Function<BaseIOStream, LoopFuture<byte[]>>>of(
            s -> s.readBytes(1000),
            s -> s.readUntil(utf8("!")),
            s -> s.readUntilRegex(Pattern.compile("!")))) {
      pair.send(expected);
      assertThat(pair.read(read)).isEqualTo(expected);
    }
    pair.send(expected);
    pair.endOutput();
    assertThat(pair.read(s -> s.readUntilClose())).isEqualTo(expected);
  }

  @Test
  default void readsThatKeepNothingMayBeLargerThanTheLimit() throws Exception {
    var pair = open(StreamLimits.DEFAULT.withMaxBufferSize(1000));
    var expected = pattern(200_000);
    var sent = pair.sending(expected);
    var into = ByteBuffer.allocate(100_000);
    get(pair.with(s -> s.readInto(into)));
    assertThat(into.array()).isEqualTo(Arrays.copyOf(expected, 100_000));
    var got = new ByteArrayOutputStream();
    get(pair.with(s -> s.readBytes(100_000L, got::writeBytes)));
    assertThat(got.toByteArray()).isEqualTo(Arrays.copyOfRange(expected, 100_000, 200_000));
    get(sent);
  }

  @Test
  default void whatNobodyReadsHoldsThePeerBackAndClosesNothing() throws Exception {
    var pair = open(StreamLimits.DEFAULT.withMaxBufferSize(1000));
    var expected = pattern(8_000_000);
    var first = pair.with(s -> s.readBytes(1));
    var sent = pair.sending(expected);
    get(first);
    pair.running.turns(50);
    assertThat(sent).isNotDone();
    assertThat(pair.with(BaseIOStream::closed)).isFalse();
    var got = new ByteArrayOutputStream();
    var read =
        pair.running.start(
            () -> {
              for (int left = expected.length - 1; left > 0; left -= 999) {
                got.writeBytes(await(pair.stream.readBytes(Math.min(left, 999))));
              }
              return 0;
            });
    get(read);
    assertThat(got.toByteArray()).isEqualTo(Arrays.copyOfRange(expected, 1, expected.length));
    get(sent);
  }

  /** The read is about to be offered what is kept when more arrives. */
  @Test
  default void anArrivalJustAfterTheReadBeganDoesNotFillTheBuffer() throws Exception {
    var pair = open(StreamLimits.DEFAULT.withMaxBufferSize(10));
    var first = pair.with(s -> s.readBytes(1));
    pair.send("-12345678");
    get(first);
    pair.awaitRest(8);
    var read = new CompletableFuture<LoopFuture<byte[]>>();
    pair.running.run(
        () -> {
          pair.send("90abcdefghij");
          var second = pair.stream.readBytes(10);
          pair.stream.progress(SelectionKey.OP_READ);
          read.complete(second);
        });
    assertThat(get(read.join())).asString().isEqualTo("1234567890");
    assertThat(pair.read(s -> s.readBytes(10))).asString().isEqualTo("abcdefghij");
  }

  @Test
  default void aWriteOverTheLimitIsRefusedAndTheStreamGoesOn() throws Exception {
    var pair = open(StreamLimits.DEFAULT.withMaxWriteBufferSize(2_000_000));
    var expected = pattern(1_500_000);
    var first = pair.with(s -> s.write(expected.clone()));
    pair.running.run(
        () -> {
          var stream = pair.stream;
          var queued = stream.writeQueueSize();
          assertThatExceptionOfType(StreamBufferFullException.class)
              .isThrownBy(() -> stream.write(new byte[1_500_000]));
          assertThatExceptionOfType(StreamBufferFullException.class)
              .isThrownBy(
                  () -> stream.write(ByteBuffer.allocate(10), ByteBuffer.allocate(1_500_000)));
          assertThat(stream.writeQueueSize()).isEqualTo(queued);
          assertThat(stream.closed()).isFalse();
        });
    var second = pair.with(s -> s.write(utf8("fits")));
    assertThat(pair.receive(1_500_000)).isEqualTo(expected);
    assertThat(pair.receive(4)).asString().isEqualTo("fits");
    get(first);
    get(second);
    var third = pair.with(s -> s.write(expected.clone()));
    assertThat(pair.receive(1_500_000)).as("there is room again").isEqualTo(expected);
    get(third);
  }

  @Test
  default void aWriteLargerThanTheLimitIsRefusedEvenIfNothingIsQueued() throws Exception {
    var pair = open(StreamLimits.DEFAULT.withMaxWriteBufferSize(10));
    pair.running.run(
        () ->
            assertThatExceptionOfType(StreamBufferFullException.class)
                .isThrownBy(() -> pair.stream.write(new byte[11])));
    get(pair.with(s -> s.write(new byte[10])));
    assertThat(pair.receive(10)).hasSize(10);
  }

  @Test
  default void aReadThatCanNeverBeOnAClosedStreamLosesNothing() throws Exception {
    var pair = open(StreamLimits.DEFAULT.withMaxBufferSize(10));
    pair.running.run(() -> pair.stream.setCloseCallback(() -> {})); // reads ahead
    pair.send("abcdef");
    pair.awaitRest(6);
    pair.running.run(pair.stream::close);
    for (var read :
        List.<Function<BaseIOStream, LoopFuture<byte[]>>>of(
            s -> s.readBytes(11),
            s -> s.readUntil(utf8("\n"), 3),
            s -> s.readUntilRegex(Pattern.compile("\n"), 3))) {
      assertThat(failure(pair.with(read))).isInstanceOf(StreamClosedException.class);
    }
    assertThat(pair.with(BaseIOStream::error)).isNull();
    assertThat(pair.read(s -> s.readBytes(6))).asString().isEqualTo("abcdef");
  }
}
