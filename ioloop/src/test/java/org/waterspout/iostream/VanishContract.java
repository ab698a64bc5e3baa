// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.ioloop.RunningLoop.get;
import static org.waterspout.iostream.StreamEnds.failure;
import static org.waterspout.iostream.StreamEnds.utf8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.waterspout.ioloop.LoopFuture;

/**
 * A peer that is gone without a word, in each state of a stream. Whatever waits fails with the
 * reason; where there are no resets it fails as at an end.
 */
interface VanishContract extends TestedStream {
  int LARGE = 3_000_000;

  List<Function<BaseIOStream, LoopFuture<?>>> READS =
      List.of(
          s -> s.readBytes(100),
          s -> s.readBytes(100, true),
          s -> s.readBytes(100L, chunk -> {}),
          s -> s.readInto(ByteBuffer.allocate(100)),
          s -> s.readInto(ByteBuffer.allocate(100), true),
          s -> s.readUntil(utf8("\n")),
          s -> s.readUntilRegex(Pattern.compile("\n")));

  List<Function<BaseIOStream, LoopFuture<?>>> READS_UNTIL_CLOSE =
      List.of(s -> s.readUntilClose(), s -> s.readUntilClose(chunk -> {}));

  private static void fails(CompletableFuture<?> future, StreamEnds pair) throws Exception {
    assertThat(failure(future)).isInstanceOf(StreamClosedException.class);
    assertThat(failure(future).getCause()).isSameAs(pair.with(BaseIOStream::error));
  }

  private static void isClosedWithTheReason(StreamEnds pair) throws Exception {
    pair.awaitClose();
    if (pair.resets()) {
      assertThat(pair.with(BaseIOStream::error)).isInstanceOf(IOException.class);
    }
    assertThat(pair.with(BaseIOStream::writing)).isFalse();
  }

  @Test
  default void everyReadThatIsUnderWayFails() throws Exception {
    for (var read : READS) {
      var pair = open(StreamLimits.DEFAULT);
      var future = pair.with(read);
      pair.running.turns(2);
      pair.vanish();
      fails(future, pair);
      isClosedWithTheReason(pair);
    }
  }

  @Test
  default void aReadUntilTheCloseFailsUnlessItLooksLikeTheEnd() throws Exception {
    for (var read : READS_UNTIL_CLOSE) {
      var pair = open(StreamLimits.DEFAULT);
      var future = pair.with(read);
      pair.running.turns(2);
      pair.vanish();
      if (pair.resets()) {
        fails(future, pair);
      } else {
        get(future);
      }
      isClosedWithTheReason(pair);
    }
  }

  @Test
  default void whoOnlyHasACloseCallbackIsTold() throws Exception {
    var told = new CompletableFuture<Void>();
    ends().running.run(() -> ends().stream.setCloseCallback(() -> told.complete(null)));
    ends().vanish();
    get(told);
    isClosedWithTheReason(ends());
  }

  @Test
  default void whatIsBegunAfterwardsOnAnIdleStreamFails() throws Exception {
    ends().vanish();
    ends().running.turns(2);
    fails(ends().with(s -> s.readBytes(1)), ends());
    isClosedWithTheReason(ends());
    fails(ends().with(s -> s.write(utf8("x"))), ends());
    if (ends().resets()) {
      fails(ends().with(s -> s.readUntilClose(chunk -> {})), ends());
    }
  }

  @Test
  default void allThatIsUnderWayAtOnceFailsWithOneReason() throws Exception {
    Path path = Files.write(Files.createTempFile("stream", ".bin"), new byte[LARGE]);
    var calls = new AtomicInteger();
    try (var file = FileChannel.open(path)) {
      var futures = new ArrayList<LoopFuture<?>>();
      ends()
          .running
          .run(
              () -> {
                var s = ends().stream;
                s.setCloseCallback(calls::incrementAndGet);
                futures.add(s.readBytes(100));
                futures.add(s.write(new byte[LARGE]));
                futures.add(s.writeFile(file, 0, LARGE));
                futures.add(s.write(utf8("the end")));
              });
      ends().running.turns(3);
      assertThat(futures).noneMatch(LoopFuture::isDone);
      ends().vanish();
      for (var future : futures) {
        fails(future, ends());
      }
      isClosedWithTheReason(ends());
      ends().running.turns(3);
      assertThat(calls).hasValue(1);
    } finally {
      Files.delete(path);
    }
  }

  @Test
  default void anAwaitOfAnEchoEnds() throws Exception {
    var echo =
        ends()
            .running
            .loop
            .spawn(
                () -> {
                  while (true) {
                    await(ends().stream.write(await(ends().stream.readBytes(4))));
                  }
                });
    ends().send("ping");
    assertThat(ends().receive(4)).asString().isEqualTo("ping");
    ends().vanish();
    fails(echo, ends());
    isClosedWithTheReason(ends());
  }

  @Test
  default void aParkedCallbackGoesOnAndItsReadEnds() throws Exception {
    var go = new LoopFuture<Void>(ends().running.loop);
    var callbackRuns = new AtomicBoolean();
    var chunks = new ArrayList<String>();
    var read =
        ends()
            .with(
                s ->
                    s.readUntilClose(
                        chunk -> {
                          callbackRuns.set(true);
                          await(go);
                          chunks.add(new String(chunk, StandardCharsets.UTF_8));
                        }));
    ends().send("some");
    ends().until(callbackRuns::get);
    ends().vanish();
    isClosedWithTheReason(ends());
    go.complete(null);
    if (ends().resets()) {
      fails(read, ends());
    } else {
      get(read);
    }
    ends().until(() -> chunks.size() == 1);
    assertThat(chunks).containsExactly("some");
  }

  /** Whichever the loop sees first. */
  @Test
  default void aCloseOfOursAtTheSameTimeEndsEverythingToo() throws Exception {
    for (boolean writing : new boolean[] {true, false}) {
      var pair = open(StreamLimits.DEFAULT);
      var futures = new ArrayList<LoopFuture<?>>();
      pair.running.run(
          () -> {
            futures.add(pair.stream.readBytes(1));
            if (writing) {
              futures.add(pair.stream.write(new byte[LARGE]));
            }
          });
      pair.running.turns(2);
      pair.running.run(
          () -> {
            pair.vanish();
            pair.stream.close();
          });
      for (var future : futures) {
        fails(future, pair);
      }
      assertThat(pair.with(BaseIOStream::closed)).isTrue();
    }
  }
}
