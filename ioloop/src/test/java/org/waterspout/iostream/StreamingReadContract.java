// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.sleep;
import static org.waterspout.ioloop.RunningLoop.get;
import static org.waterspout.iostream.StreamEnds.failure;
import static org.waterspout.iostream.StreamPair.pattern;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.waterspout.ioloop.LoopFuture;

/** Reads that hand what comes to a callback. */
interface StreamingReadContract extends TestedStream {
  /** Records what it is given, and parks in every call until it is let go. */
  final class Parking implements Consumer<byte[]> {
    final List<String> events = new ArrayList<>(); // on the loop
    private final LoopFuture<Void> go;

    Parking(StreamEnds ends) {
      go = new LoopFuture<>(ends.running.loop);
    }

    @Override
    public void accept(byte[] chunk) {
      var text = new String(chunk, StandardCharsets.UTF_8);
      events.add(text);
      await(go);
      events.add("after " + text);
    }

    void letGo() {
      go.complete(null);
    }
  }

  @Test
  default void whatComesAfterTheCountIsForTheNextRead() throws Exception {
    var got = new ByteArrayOutputStream();
    var read = ends().with(s -> s.readBytes(5L, got::writeBytes));
    ends().send("abcdefgh");
    get(read);
    assertThat(got).hasToString("abcde");
    assertThat(ends().read(s -> s.readBytes(3))).asString().isEqualTo("fgh");
  }

  @Test
  default void theCallbackIsCalledInALaterTurnOnly() throws Exception {
    ends().send("xabc");
    get(ends().with(s -> s.readBytes(1)));
    ends().awaitRest(3);
    var got = new ByteArrayOutputStream();
    var read =
        ends()
            .with(
                s -> {
                  var begun = s.readBytes(3L, got::writeBytes);
                  assertThat(got.size()).isZero();
                  return begun;
                });
    get(read);
    assertThat(got).hasToString("abc");
  }

  @Test
  default void anEndWithNothingLeftComesWhileTheCallbackIsParked() throws Exception {
    var callback = new Parking(ends());
    var read = ends().with(s -> s.readUntilClose(callback));
    ends().send("ab");
    ends().until(() -> callback.events.size() == 1);
    ends().endOutput();
    ends().awaitClose();
    assertThat(read).isNotDone();
    callback.letGo();
    get(read);
  }

  @Test
  default void aCallbackThatIsParkedHoldsThePeerBack() throws Exception {
    var go = new LoopFuture<Void>(ends().running.loop);
    var got = new ByteArrayOutputStream();
    var expected = pattern(4_000_000);
    var read =
        ends()
            .with(
                s ->
                    s.readBytes(
                        (long) expected.length,
                        chunk -> {
                          got.writeBytes(chunk);
                          await(go);
                        }));
    var sent = ends().sending(expected);
    ends().until(() -> ends().stream.input.rest().size() >= 64 * 1024);
    ends().running.run(() -> await(sleep(Duration.ofMillis(50)))); // more would have come by now
    assertThat(sent).isNotDone();
    assertThat(ends().rest()).isLessThan(192 * 1024);
    go.complete(null);
    get(read);
    get(sent);
    assertThat(got.toByteArray()).isEqualTo(expected);
  }

  @Test
  default void aCallbackMayAwaitInEveryCall() throws Exception {
    var expected = pattern(500_000);
    var got = new ByteArrayOutputStream();
    var sent = ends().sending(expected);
    var read =
        ends()
            .with(
                s ->
                    s.readBytes(
                        (long) expected.length,
                        chunk -> {
                          await(sleep(Duration.ofNanos(1)));
                          got.writeBytes(chunk);
                        }));
    get(read);
    get(sent);
    assertThat(got.toByteArray()).isEqualTo(expected);
  }

  @Test
  default void whatTheCallbackThrowsFailsTheReadAndClosesTheStream() throws Exception {
    var defect = new IllegalStateException("a defect");
    var read =
        ends()
            .with(
                s ->
                    s.readUntilClose(
                        chunk -> {
                          await(sleep(Duration.ofNanos(1)));
                          throw defect;
                        }));
    ends().send("ab");
    assertThat(failure(read)).isSameAs(defect);
    ends().running.turns(1);
    assertThat(ends().with(BaseIOStream::closed)).isTrue();
    assertThat(ends().with(BaseIOStream::error)).isSameAs(defect);
    assertThat(ends().seesAnEnd()).isTrue();
  }
}
