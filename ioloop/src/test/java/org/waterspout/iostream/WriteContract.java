// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.multi;
import static org.waterspout.ioloop.RunningLoop.get;
import static org.waterspout.iostream.StreamEnds.failure;
import static org.waterspout.iostream.StreamEnds.utf8;
import static org.waterspout.iostream.StreamPair.pattern;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.waterspout.ioloop.LoopFuture;

/** Writes of what is in memory. */
interface WriteContract extends TestedStream {
  int LARGE = 3_000_000;

  @Test
  default void aSmallWriteIsDoneAtOnceAndArrives() throws Exception {
    ends()
        .running
        .run(
            () -> {
              assertThat(ends().stream.write(utf8("one "))).isDone();
              assertThat(ends().stream.write(ByteBuffer.wrap(utf8("two ")))).isDone();
              var head = ByteBuffer.allocateDirect(5).put(utf8("three")).flip();
              assertThat(ends().stream.write(head, ByteBuffer.wrap(utf8(" four")))).isDone();
              assertThat(ends().stream.writing()).isFalse();
            });
    assertThat(ends().receive(18)).asString().isEqualTo("one two three four");
  }

  @Test
  default void largeBuffersOutsideTheHeapArriveWholeBetweenOthers() throws Exception {
    var piece = pattern(LARGE);
    var direct = ByteBuffer.allocateDirect(LARGE).put(piece).flip();
    var first = ends().with(s -> s.write(ByteBuffer.wrap(utf8("head")), direct));
    var last = ends().with(s -> s.write(utf8("tail")));
    assertThat(ends().receive(4)).asString().isEqualTo("head");
    assertThat(ends().receive(LARGE)).isEqualTo(piece);
    assertThat(ends().receive(4)).asString().isEqualTo("tail");
    get(first);
    get(last);
    assertThat(direct.remaining()).isZero();
    assertThat(direct.limit()).isEqualTo(LARGE);
  }

  @Test
  default void emptyWritesAreDoneInTheirTurn() throws Exception {
    assertThat(ends().write(new byte[0])).isDone();
    var large = ends().with(s -> s.write(new byte[LARGE]));
    var empty = ends().with(s -> s.write(ByteBuffer.allocate(0), ByteBuffer.allocate(0)));
    ends().running.turns(5);
    assertThat(large).isNotDone();
    assertThat(empty).as("it is behind what came before it").isNotDone();
    ends().receive(LARGE);
    get(large);
    get(empty);
  }

  @Test
  default void writesKeepTheirOrderAndAreDoneInItWithASlowReader() throws Exception {
    var random = new Random(5);
    var expected = new ByteArrayOutputStream();
    var done = new ArrayList<Integer>();
    var last = new CompletableFuture<LoopFuture<Void>>();
    ends()
        .running
        .run(
            () -> {
              LoopFuture<Void> written = null;
              for (int i = 0; i < 500; i++) {
                int number = i;
                var piece = pattern(random.nextInt(i % 50 == 0 ? 200_000 : 500));
                expected.writeBytes(piece);
                int half = i % 3 == 0 ? piece.length / 2 : piece.length;
                written =
                    ends()
                        .stream
                        .write(
                            ByteBuffer.wrap(piece, 0, half).slice(),
                            ByteBuffer.wrap(piece, half, piece.length - half));
                var _ = written.thenRun(() -> done.add(number));
              }
              last.complete(written);
            });
    assertThat(ends().receive(expected.size())).isEqualTo(expected.toByteArray());
    get(last.join());
    ends().until(() -> done.size() == 500);
    assertThat(done).isSorted();
  }

  @Test
  default void aWriteIsDoneOnlyWhenThePeerHasTakenMostOfIt() throws Exception {
    var written = ends().with(s -> s.write(pattern(LARGE)));
    ends().running.turns(20);
    assertThat(written).isNotDone();
    assertThat(ends().with(BaseIOStream::writing)).isTrue();
    assertThat(ends().with(BaseIOStream::writeQueueSize)).isBetween(1L, (long) LARGE);
    assertThat(ends().receive(LARGE)).isEqualTo(pattern(LARGE));
    get(written);
    assertThat(ends().with(BaseIOStream::writing)).isFalse();
    assertThat(ends().with(BaseIOStream::writeQueueSize)).isZero();
  }

  @Test
  default void aCoroutineThatAwaitsItsWritesGoesNoFasterThanThePeer() throws Exception {
    var written =
        ends()
            .running
            .start(
                () -> {
                  for (int i = 0; i < 30; i++) {
                    await(ends().stream.write(new byte[100_000]));
                  }
                  return 0;
                });
    ends().running.turns(20);
    assertThat(written).isNotDone();
    assertThat(ends().with(BaseIOStream::writeQueueSize)).isLessThanOrEqualTo(100_000);
    ends().receive(3_000_000);
    get(written);
  }

  @Test
  default void muchGoesBothWaysAtOnce() throws Exception {
    var expected = pattern(5_000_000);
    var sent = ends().sending(expected);
    var received = ends().receiving(expected.length);
    var read = ends().with(s -> s.readBytes(expected.length));
    var written = ends().with(s -> s.write(expected.clone()));
    assertThat(get(read)).isEqualTo(expected);
    assertThat(get(received)).isEqualTo(expected);
    get(sent);
    get(written);
  }

  @Test
  default void anEchoInPiecesKeepsAll() throws Exception {
    var expected = pattern(2_000_000);
    var sent = ends().sending(expected);
    var echoed = ends().receiving(expected.length);
    var echo =
        ends()
            .running
            .start(
                () -> {
                  for (int left = expected.length; left > 0; ) {
                    var piece = await(ends().stream.readBytes(10_000, true));
                    await(ends().stream.write(piece));
                    left -= piece.length;
                  }
                  return 0;
                });
    get(echo);
    assertThat(get(echoed)).isEqualTo(expected);
    get(sent);
  }

  @Test
  default void aCloseFailsWhatIsQueuedAndWhatIsWrittenAfterwards() throws Exception {
    var reason = new IOException("gone");
    var queued = ends().with(s -> s.write(pattern(LARGE)));
    var behind = ends().with(s -> s.write(utf8("more")));
    ends().running.run(() -> ends().stream.close(reason));
    var late = ends().with(s -> s.write(utf8("late")));
    for (var failed : List.of(queued, behind, late)) {
      assertThat(failure(failed)).isInstanceOf(StreamClosedException.class).hasCause(reason);
    }
    assertThat(ends().with(BaseIOStream::writing)).isFalse();
  }

  @Test
  default void aPeerThatVanishesFailsWhatIsQueued() throws Exception {
    var first = ends().with(s -> s.write(pattern(LARGE)));
    var second = ends().with(s -> s.write(pattern(LARGE)));
    ends().vanish();
    assertThat(failure(first)).isInstanceOf(StreamClosedException.class);
    assertThat(failure(second))
        .isInstanceOf(StreamClosedException.class)
        .hasCauseInstanceOf(IOException.class);
    assertThat(ends().with(BaseIOStream::error)).isInstanceOf(IOException.class);
  }

  @Test
  default void severalCoroutinesMayWaitForTheirWrites() throws Exception {
    var all =
        ends()
            .running
            .start(
                () -> {
                  var loop = ends().running.loop;
                  var writers = new ArrayList<LoopFuture<Void>>();
                  for (int i = 0; i < 20; i++) {
                    writers.add(loop.spawn(() -> await(ends().stream.write(new byte[100_000]))));
                  }
                  return await(multi(writers)).size();
                });
    ends().receive(2_000_000);
    assertThat(get(all)).isEqualTo(20);
  }
}
