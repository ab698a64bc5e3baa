// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.iostream.StreamPair.bytes;
import static org.waterspout.iostream.StreamPair.pattern;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.ioloop.RunningLoop;

class StreamWriteTest {
  private static final int LARGE = 3_000_000;

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

  private LoopFuture<Void> write(ByteBuffer bytes) throws Exception {
    return pair.running.call(() -> stream.write(bytes));
  }

  private static void get(CompletableFuture<?> future) throws Exception {
    RunningLoop.get(future.handle((value, failure) -> 0));
  }

  @Test
  void twoBuffersLeaveAsOne() throws Exception {
    pair.running.run(() -> assertThat(stream.write(bytes("head "), bytes("body"))).isDone());
    pair.running.run(() -> assertThat(stream.write(bytes(" and"), bytes(""))).isDone());
    pair.running.run(() -> assertThat(stream.write(bytes(""), bytes(" tail"))).isDone());
    assertThat(pair.receive(18)).asString().isEqualTo("head body and tail");
  }

  @Test
  void aLargeBodyFollowsItsHead() throws Exception {
    for (int headSize : new int[] {0, 10, 100_000}) {
      var body = pattern(LARGE);
      var head = pattern(headSize);
      var written =
          pair.running.call(() -> stream.write(ByteBuffer.wrap(head), ByteBuffer.wrap(body)));
      assertThat(pair.receive(headSize)).isEqualTo(head);
      assertThat(pair.receive(LARGE)).isEqualTo(body);
      get(written);
    }
  }

  @Test
  void directBuffersAreTakenToo() throws Exception {
    var expected = pattern(LARGE);
    var direct = ByteBuffer.allocateDirect(LARGE).put(expected).flip();
    var written = write(direct);
    assertThat(pair.receive(LARGE)).isEqualTo(expected);
    get(written);
  }

  @Test
  void progressIsWhatTheTransportTookNotWhatWasQueued() throws Exception {
    write(ByteBuffer.wrap(pattern(LARGE)));
    int more = 0;
    while (!takesNothing()) {
      more++;
    }
    long before = pair.running.call(stream::lastWriteProgress);
    pair.receive(LARGE + 4 * (more + 1));
    while (pair.running.call(stream::writing)) {
      pair.running.turns(1);
    }
    assertThat(pair.running.call(stream::lastWriteProgress)).isGreaterThan(before);
  }

  /** Writes four bytes more; whether neither they nor any others left. */
  private boolean takesNothing() throws Exception {
    return pair.running.call(
        () -> {
          long size = stream.writeQueueSize();
          long progress = stream.lastWriteProgress();
          stream.write(bytes("more"));
          boolean nothing = stream.writeQueueSize() == size + 4;
          assertThat(stream.lastWriteProgress() == progress).isEqualTo(nothing);
          return nothing;
        });
  }

  @Test
  void anOrderlyCloseLetsThePeerReadWhatHadLeft() throws Exception {
    pair.running.run(
        () -> {
          stream.write(bytes("bye"));
          stream.close();
          assertThatExceptionOfType(StreamClosedException.class)
              .isThrownBy(() -> await(stream.write(bytes("late"))))
              .withNoCause();
        });
    assertThat(pair.peer.getInputStream().readAllBytes()).asString().isEqualTo("bye");
  }

  @Test
  void callsOffTheLoopAreRefused() {
    for (var call :
        List.<Runnable>of(
            () -> stream.write(bytes("x")),
            () -> stream.write(bytes("x"), bytes("y")),
            stream::close,
            stream::resumeReading,
            stream::lendWriteSide)) {
      assertThatIllegalStateException().isThrownBy(call::run).withMessageContaining("addCallback");
    }
  }
}
