// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.sleep;
import static org.waterspout.ioloop.RunningLoop.get;
import static org.waterspout.iostream.StreamEnds.utf8;
import static org.waterspout.iostream.StreamPair.pattern;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.waterspout.ioloop.LoopFuture;

/** Reads whose future is cancelled. */
interface CancelContract extends TestedStream {
  @Test
  default void aCancelledReadLosesNothing() throws Exception {
    var read = ends().with(s -> s.readBytes(10));
    ends().send("abcd");
    ends().awaitRest(4);
    ends().running.run(() -> read.cancel(false));
    assertThat(ends().with(BaseIOStream::reading)).isFalse();
    var next = ends().with(s -> s.readUntil(utf8("c")));
    assertThat(get(next)).asString().isEqualTo("abc");
    var third = ends().with(s -> s.readUntil(utf8("!")));
    ends().running.turns(3);
    ends().running.run(() -> third.cancel(false));
    ends().send("e!");
    assertThat(ends().read(s -> s.readBytes(3))).asString().isEqualTo("de!");
  }

  @Test
  default void whatArrivesAfterTheCancelIsForTheNextRead() throws Exception {
    var read = ends().with(s -> s.readUntilClose());
    ends().running.run(() -> read.cancel(false));
    ends().send("abc");
    ends().awaitRest(3);
    assertThat(ends().read(s -> s.readBytes(3))).asString().isEqualTo("abc");
  }

  /** The bytes have left the stream then, but the future is not done yet. */
  @Test
  default void aReadThatIsCancelledJustBeforeItIsDoneLosesNothing() throws Exception {
    for (int kind = 0; kind < 3; kind++) {
      var cancelled = beginAndCancelWithTheArrival(kind);
      assertThat(cancelled).isCancelled();
      ends().send("def");
      assertThat(ends().read(s -> s.readBytes(6))).asString().isEqualTo("abcdef");
    }
  }

  /** Cancels in the turn in which the bytes arrive, after the stream has seen them. */
  private LoopFuture<?> beginAndCancelWithTheArrival(int kind) throws Exception {
    var stream = ends().stream;
    return ends()
        .running
        .call(
            () -> {
              var read =
                  switch (kind) {
                    case 0 -> stream.readBytes(3);
                    case 1 -> stream.readUntil(utf8("c"));
                    default -> stream.readBytes(3L, chunk -> assertThat(chunk).isNull());
                  };
              ends().send("abc");
              stream.progress(SelectionKey.OP_READ);
              read.cancel(false);
              return read;
            });
  }

  @Test
  default void aCancelledReadIntoABufferLosesOnlyWhatIsInTheBuffer() throws Exception {
    var into = ByteBuffer.allocate(10);
    var read = ends().with(s -> s.readInto(into));
    ends().send("abcd");
    ends().until(() -> into.position() == 4);
    ends().running.run(() -> read.cancel(false));
    ends().send("ef");
    assertThat(ends().read(s -> s.readBytes(2))).asString().isEqualTo("ef");
    assertThat(into.position()).isEqualTo(4);
  }

  @Test
  default void aCancelledStreamingReadLosesOnlyWhatWasDelivered() throws Exception {
    var chunks = new ArrayList<String>();
    var go = new LoopFuture<Void>(ends().running.loop);
    var read =
        ends()
            .with(
                s ->
                    s.readUntilClose(
                        chunk -> {
                          chunks.add(new String(chunk, StandardCharsets.UTF_8));
                          await(go);
                        }));
    ends().send("ab");
    ends().until(() -> chunks.size() == 1);
    ends().send("cd");
    ends().awaitRest(2);
    ends().running.run(() -> read.cancel(false));
    var next = ends().with(s -> s.readBytes(2));
    assertThat(get(next)).asString().isEqualTo("cd");
    var last = ends().with(s -> s.readBytes(2));
    go.complete(null);
    ends().running.turns(3);
    ends().send("ef");
    assertThat(get(last)).asString().isEqualTo("ef");
    assertThat(chunks).containsExactly("ab");
  }

  @Test
  default void aCoroutineThatIsCancelledLeavesItsReadUnderWay() throws Exception {
    var body = ends().with(s -> s.loop().spawn(() -> await(s.readBytes(3))));
    ends().until(ends().stream::reading);
    ends().running.run(() -> body.cancel(true));
    ends().running.turns(2);
    assertThat(ends().with(BaseIOStream::reading)).isTrue();
    ends().send("abcd");
    ends().until(() -> !ends().stream.reading());
    assertThat(ends().read(s -> s.readBytes(1))).asString().isEqualTo("d");
  }

  @Test
  default void aRandomMixOfReadsAndCancelsLosesNothing() throws Exception {
    var random = new Random(12);
    var expected = pattern(400_000);
    var sent =
        StreamEnds.inThread(
            () -> {
              var sizes = new Random(13);
              for (int at = 0; at < expected.length; ) {
                int size = Math.min(expected.length - at, 1 + sizes.nextInt(5000));
                ends().send(Arrays.copyOfRange(expected, at, at + size));
                at += size;
              }
              return 0;
            });
    var got = new ByteArrayOutputStream();
    var read =
        ends()
            .running
            .start(
                () -> {
                  while (got.size() < expected.length) {
                    readSome(random, expected.length - got.size(), got);
                  }
                  return 0;
                });
    get(read);
    get(sent);
    assertThat(got.toByteArray()).isEqualTo(expected);
  }

  /** One read, which may be cancelled after a few turns; appends what it took. */
  private void readSome(Random random, int left, ByteArrayOutputStream got) {
    var stream = ends().stream;
    int count = Math.min(left, random.nextInt(6000));
    var into = ByteBuffer.allocate(count);
    LoopFuture<?> read =
        switch (random.nextInt(4)) {
          case 0 -> stream.readBytes(count);
          case 1 -> stream.readBytes(count, true);
          case 2 -> stream.readBytes((long) count, got::writeBytes);
          default -> stream.readInto(into, random.nextBoolean());
        };
    if (random.nextBoolean()) {
      for (int turns = random.nextInt(4); turns > 0; turns--) {
        await(sleep(Duration.ofNanos(1)));
      }
      read.cancel(false);
    }
    try {
      if (await(read) instanceof byte[] bytes) {
        got.writeBytes(bytes);
      }
    } catch (CancellationException e) {
      assertThat(read).isCancelled();
    }
    got.write(into.array(), 0, into.position());
  }
}
