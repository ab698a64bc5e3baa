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
  default void allComesInOrderAndNeverEmpty() throws Exception {
    var expected = pattern(1_000_000);
    var got = new ByteArrayOutputStream();
    var read =
        ends()
            .with(
                s ->
                    s.readUntilClose(
                        chunk -> {
                          assertThat(chunk).isNotEmpty();
                          got.writeBytes(chunk);
                        }));
    var sent = ends().sending(expected);
    get(sent);
    ends().endOutput();
    get(read);
    assertThat(got.toByteArray()).isEqualTo(expected);
    ends().awaitClose();
    assertThat(ends().with(BaseIOStream::error)).isNull();
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
  default void nothingIsDeliveredWhileTheCallbackIsParked() throws Exception {
    var callback = new Parking(ends());
    var read = ends().with(s -> s.readBytes(6L, callback));
    ends().send("ab");
    ends().until(() -> callback.events.size() == 1);
    ends().send("cd");
    ends().send("ef");
    ends().awaitRest(4);
    assertThat(callback.events).containsExactly("ab");
    assertThat(ends().with(BaseIOStream::reading)).isTrue();
    callback.letGo();
    get(read);
    assertThat(callback.events).containsExactly("ab", "after ab", "cdef", "after cdef");
  }

  @Test
  default void anEndThatComesWhileTheCallbackIsParkedIsSeenAfterAllWasDelivered() throws Exception {
    var callback = new Parking(ends());
    var read = ends().with(s -> s.readUntilClose(callback));
    ends().send("ab");
    ends().until(() -> callback.events.size() == 1);
    ends().send("cd");
    ends().awaitRest(2);
    ends().endOutput();
    ends().until(ends().stream::inputEnded);
    assertThat(read).isNotDone();
    callback.letGo();
    get(read);
    assertThat(callback.events).containsExactly("ab", "after ab", "cd", "after cd");
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
  default void aCloseDoesNotFailAReadWhoseLastBytesAreBeingDelivered() throws Exception {
    for (boolean ours : new boolean[] {true, false}) {
      var pair = open(StreamLimits.DEFAULT);
      var callback = new Parking(pair);
      var read = pair.with(s -> s.readBytes(2L, callback));
      pair.send("ab");
      pair.until(() -> callback.events.size() == 1);
      if (ours) {
        pair.running.run(pair.stream::close);
      } else {
        pair.endOutput();
      }
      pair.awaitClose();
      pair.running.turns(2);
      assertThat(read).isNotDone();
      callback.letGo();
      get(read);
    }
  }

  @Test
  default void aCloseOfOursFailsTheReadWhileTheCallbackIsParked() throws Exception {
    var callback = new Parking(ends());
    var read = ends().with(s -> s.readUntilClose(callback));
    ends().send("ab");
    ends().until(() -> callback.events.size() == 1);
    var reason = new IllegalStateException("enough");
    ends().running.run(() -> ends().stream.close(reason));
    assertThat(failure(read)).isInstanceOf(StreamClosedException.class).hasCause(reason);
    callback.letGo();
    ends().running.turns(3);
    assertThat(callback.events).containsExactly("ab", "after ab");
  }

  @Test
  default void aCallbackThatIsParkedHoldsThePeerBack() throws Exception {
    var go = new LoopFuture<Void>(ends().running.loop);
    var got = new ByteArrayOutputStream();
    var expected = pattern(12_000_000); // Linux may take 4 MiB to send
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

  @Test
  default void aReadThatBeginsAfterTheCloseIsGivenWhatHasArrived() throws Exception {
    get(ends().with(s -> s.readBytes(0)));
    var first = ends().with(s -> s.readBytes(1));
    ends().send("xabcdef");
    get(first);
    ends().awaitRest(6);
    ends().running.run(ends().stream::close);
    var got = new ArrayList<String>();
    get(
        ends()
            .with(
                s -> s.readBytes(4L, chunk -> got.add(new String(chunk, StandardCharsets.UTF_8)))));
    assertThat(got).containsExactly("abcd");
    var toTheEnd =
        ends()
            .with(
                s -> s.readUntilClose(chunk -> got.add(new String(chunk, StandardCharsets.UTF_8))));
    assertThat(failure(toTheEnd)).isInstanceOf(StreamClosedException.class);
    assertThat(got).containsExactly("abcd", "ef");
  }

  @Test
  default void readUntilCloseOfAStreamThatHasEndedIsDone() throws Exception {
    var first = ends().with(s -> s.readUntilClose());
    ends().send("abc");
    ends().endOutput();
    assertThat(get(first)).asString().isEqualTo("abc");
    ends().awaitClose();
    assertThat(ends().read(s -> s.readUntilClose())).isEmpty();
    get(ends().with(s -> s.readUntilClose(chunk -> assertThat(chunk).isNull())));
  }
}
