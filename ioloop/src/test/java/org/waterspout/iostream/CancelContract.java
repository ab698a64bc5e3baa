// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.ioloop.RunningLoop.get;
import static org.waterspout.iostream.StreamEnds.utf8;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

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
}
