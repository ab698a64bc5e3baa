// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.sleep;
import static org.waterspout.ioloop.RunningLoop.get;
import static org.waterspout.iostream.StreamEnds.failure;
import static org.waterspout.iostream.StreamEnds.utf8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.waterspout.ioloop.LoopFuture;

/** Closes by us and by the peer, and who is told. */
interface CloseContract extends TestedStream {
  /** Reads that never get enough. */
  List<Function<BaseIOStream, LoopFuture<?>>> HUNGRY =
      List.of(
          s -> s.readBytes(100),
          s -> s.readBytes(100L, chunk -> {}),
          s -> s.readInto(ByteBuffer.allocate(100)),
          s -> s.readUntil(utf8("\n")));

  @Test
  default void theEndOfInputFailsReadsThatNeedMore() throws Exception {
    for (var read : HUNGRY) {
      var pair = open(StreamLimits.DEFAULT);
      var future = pair.with(read::apply);
      pair.send("some");
      pair.endOutput();
      assertThat(failure(future)).isInstanceOf(StreamClosedException.class).hasNoCause();
      assertThat(pair.with(BaseIOStream::error)).isNull();
      assertThat(pair.seesAnEnd()).isTrue();
    }
  }

  @Test
  default void aCloseOfOursFailsTheReadWithItsReason() throws Exception {
    var reason = new IllegalStateException("no more");
    for (var read : HUNGRY) {
      var pair = open(StreamLimits.DEFAULT);
      var future = pair.with(read::apply);
      pair.running.run(() -> pair.stream.close(reason));
      assertThat(failure(future)).isInstanceOf(StreamClosedException.class).hasCause(reason);
      assertThat(pair.with(BaseIOStream::error)).isSameAs(reason);
      assertThat(pair.with(BaseIOStream::closed)).isTrue();
      assertThat(pair.seesAnEnd()).isTrue();
    }
  }

  @Test
  default void readUntilCloseGivesAllThatCame() throws Exception {
    var read = ends().with(s -> s.readUntilClose());
    ends().send("some ");
    ends().awaitRest(5);
    ends().send("more");
    ends().endOutput();
    assertThat(get(read)).asString().isEqualTo("some more");
  }

  @Test
  default void readUntilCloseGivesNothingIfNothingCame() throws Exception {
    var read = ends().with(s -> s.readUntilClose());
    ends().endOutput();
    assertThat(get(read)).isEmpty();
  }

  @Test
  default void readUntilCloseFailsIfWeClose() throws Exception {
    var whole = ends().with(s -> s.readUntilClose());
    ends().send("some");
    ends().awaitRest(4);
    ends().running.run(ends().stream::close);
    assertThat(failure(whole)).isInstanceOf(StreamClosedException.class);
    assertThat(ends().read(s -> s.readBytes(4))).asString().isEqualTo("some");
  }

  @Test
  default void whatHasArrivedCanBeReadAfterTheClose() throws Exception {
    var first = ends().with(s -> s.readBytes(1));
    ends().send("-abc\ndefghij");
    get(first);
    ends().awaitRest(11);
    ends().running.run(ends().stream::close);
    assertThat(ends().read(s -> s.readUntil(utf8("\n")))).asString().isEqualTo("abc\n");
    assertThat(ends().read(s -> s.readBytes(2))).asString().isEqualTo("de");
    assertThat(failure(ends().with(s -> s.readBytes(6)))).isInstanceOf(StreamClosedException.class);
    assertThat(failure(ends().with(s -> s.readUntil(utf8("\n")))))
        .isInstanceOf(StreamClosedException.class);
    assertThat(ends().read(s -> s.readBytes(3, true))).asString().isEqualTo("fgh");
    var into = ByteBuffer.allocate(2);
    assertThat(ends().fill(into)).isEqualTo(2);
    assertThat(into.array()).asString().isEqualTo("ij");
    assertThat(failure(ends().with(s -> s.readBytes(1, true))))
        .isInstanceOf(StreamClosedException.class);
  }

  @Test
  default void unreadInputHidesThePeersEnd() throws Exception {
    var told = new CompletableFuture<Void>();
    ends().running.run(() -> ends().stream.setCloseCallback(() -> told.complete(null)));
    ends().send("abcdef");
    ends().endOutput();
    ends().until(ends().stream::inputEnded);
    ends().running.turns(3);
    assertThat(told).isNotDone();
    assertThat(ends().read(s -> s.readBytes(4))).asString().isEqualTo("abcd");
    ends().running.turns(3);
    assertThat(told).isNotDone();
    assertThat(ends().with(BaseIOStream::closed)).isFalse();
    assertThat(ends().read(s -> s.readBytes(2))).asString().isEqualTo("ef");
    get(told);
  }

  @Test
  default void aWriteMayStillFollowThePeersEndWhileItsInputIsUnread() throws Exception {
    var first = ends().with(s -> s.readBytes(1));
    ends().send("abc");
    ends().endOutput();
    get(first);
    ends().until(ends().stream::inputEnded);
    var written = ends().with(s -> s.write(utf8("answer")));
    if (ends().endsSeparately()) {
      get(written);
      assertThat(ends().receive(6)).asString().isEqualTo("answer");
    } else {
      assertThat(failure(written)).hasCauseInstanceOf(IOException.class);
    }
    assertThat(ends().read(s -> s.readBytes(2))).asString().isEqualTo("bc");
  }

  @Test
  default void anEndIsSeenByWhoDoesNotReadOnceThereIsACloseCallback() throws Exception {
    var told = new CompletableFuture<Void>();
    ends().running.run(() -> ends().stream.setCloseCallback(() -> told.complete(null)));
    ends().endOutput();
    get(told);
    assertThat(ends().with(BaseIOStream::closed)).isTrue();
  }

  @Test
  default void theCloseCallbackComesOnceAndAfterReadsThatHaveEnough() throws Exception {
    var events = new ArrayList<String>();
    var read =
        ends()
            .with(
                s -> {
                  s.setCloseCallback(() -> events.add("closed"));
                  var until = s.readUntilClose();
                  var _ = until.thenRun(() -> events.add("read"));
                  return until;
                });
    ends().send("abc");
    ends().endOutput();
    assertThat(get(read)).hasSize(3);
    ends().running.run(ends().stream::close);
    ends().running.turns(3);
    assertThat(events).containsOnlyOnce("closed", "read");
  }

  @Test
  default void theCloseCallbackComesAfterReadsThatFail() throws Exception {
    var events = new ArrayList<String>();
    ends()
        .running
        .run(
            () -> {
              var s = ends().stream;
              s.setCloseCallback(() -> events.add("closed"));
              var read = s.readBytes(5);
              s.loop().spawn(() -> await(read.exceptionally(e -> null)));
              s.close();
              assertThat(events).as("in a later turn").isEmpty();
              assertThat(read).isNotDone();
            });
    ends().until(() -> events.size() == 1);
    ends().running.turns(3);
    assertThat(events).containsExactly("closed");
  }

  @Test
  default void aCloseCallbackMayBeReplacedTakenAwayAndSetAfterTheClose() throws Exception {
    var events = new ArrayList<String>();
    ends()
        .running
        .run(
            () -> {
              var s = ends().stream;
              s.setCloseCallback(() -> events.add("first"));
              s.setCloseCallback(() -> events.add("second"));
              s.close();
            });
    ends().running.turns(3);
    ends().running.run(() -> ends().stream.setCloseCallback(null));
    ends().running.turns(3);
    assertThat(events).containsExactly("second");
    ends().running.run(() -> ends().stream.setCloseCallback(() -> events.add("late")));
    ends().until(() -> events.size() == 2);
    assertThat(events).containsExactly("second", "late");
    var pair = open(StreamLimits.DEFAULT);
    pair.running.run(
        () -> {
          pair.stream.setCloseCallback(() -> events.add("taken away"));
          pair.stream.setCloseCallback(null);
          pair.stream.close();
        });
    pair.running.turns(3);
    assertThat(events).doesNotContain("taken away");
  }

  @Test
  default void aCloseCallbackMayAwait() throws Exception {
    var events = new ArrayList<String>();
    ends()
        .running
        .run(
            () ->
                ends()
                    .stream
                    .setCloseCallback(
                        () -> {
                          await(sleep(Duration.ofNanos(1)));
                          events.add("closed");
                        }));
    ends().endOutput();
    ends().until(() -> events.size() == 1);
  }

  @Test
  default void aPeerThatVanishesIsNoticedInEveryRead() throws Exception {
    for (var read : HUNGRY) {
      var pair = open(StreamLimits.DEFAULT);
      var future = pair.with(read::apply);
      pair.send("some");
      pair.running.turns(3);
      pair.vanish();
      assertThat(failure(future)).isInstanceOf(StreamClosedException.class);
      pair.awaitClose();
    }
  }

  @Test
  default void theFirstReasonCounts() throws Exception {
    var reason = new IllegalStateException("first");
    ends()
        .running
        .run(
            () -> {
              ends().stream.close(reason);
              ends().stream.close(new IllegalStateException("second"));
              ends().stream.close();
              assertThat(ends().stream.error()).isSameAs(reason);
            });
  }
}
