// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.ioloop.RunningLoop.get;
import static org.waterspout.iostream.StreamEnds.utf8;
import static org.waterspout.iostream.StreamPair.pattern;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Reads that give a future. */
interface ReadContract extends TestedStream {
  String MESSAGE = "first line\r\n";

  /** A read of {@link #MESSAGE} that was begun; how many bytes it has taken, and what it gives. */
  record Begun(IntSupplier taken, CompletableFuture<byte[]> result) {
    static Begun of(CompletableFuture<byte[]> whole) {
      return new Begun(() -> whole.isDone() ? MESSAGE.length() : 0, whole);
    }

    static Begun into(BaseIOStream stream, ByteBuffer larger) {
      var into = larger.position(4).limit(4 + MESSAGE.length());
      return new Begun(
          () -> into.position() - 4,
          stream
              .readInto(into)
              .thenApply(
                  count -> {
                    var bytes = new byte[count];
                    into.get(4, bytes);
                    return bytes;
                  }));
    }

    static Begun streaming(BaseIOStream stream) {
      var taken = new ByteArrayOutputStream();
      return new Begun(
          taken::size,
          stream
              .readBytes(MESSAGE.length(), taken::writeBytes)
              .thenApply(x -> taken.toByteArray()));
    }
  }

  /** All kinds of reads of {@link #MESSAGE}. */
  List<Function<BaseIOStream, Begun>> KINDS =
      List.of(
          stream -> Begun.of(stream.readUntil(utf8("\r\n"))),
          stream -> Begun.of(stream.readUntil(utf8("\r\n"), MESSAGE.length())),
          stream -> Begun.of(stream.readUntilRegex(Pattern.compile("\\r\\n"))),
          stream -> Begun.of(stream.readUntilRegex(Pattern.compile(" .*\\R$"), 12)),
          stream -> Begun.of(stream.readBytes(MESSAGE.length())),
          stream -> Begun.into(stream, ByteBuffer.allocate(20)),
          stream -> Begun.into(stream, ByteBuffer.allocateDirect(20)),
          Begun::streaming);

  @Test
  default void everyReadGivesTheSameWhereverItsInputIsSplit() throws Exception {
    var whole = MESSAGE + "XY";
    for (var kind : KINDS) {
      for (int split = 0; split <= whole.length(); split++) {
        var begun = ends().with(kind);
        ends().send(whole.substring(0, split));
        awaitArrival(begun, split);
        ends().send(whole.substring(split));
        assertThat(get(begun.result())).as("split at %d", split).asString().isEqualTo(MESSAGE);
        assertThat(ends().read(s -> s.readBytes(2))).asString().isEqualTo("XY");
      }
    }
  }

  private void awaitArrival(Begun begun, int count) throws Exception {
    ends().until(() -> begun.taken().getAsInt() + ends().stream.input.rest().size() == count);
  }

  @Test
  default void everyReadGivesTheSameIfItsInputComesByteByByte() throws Exception {
    for (var kind : KINDS) {
      var begun = ends().with(kind);
      for (int i = 0; i < MESSAGE.length(); i++) {
        ends().send(MESSAGE.substring(i, i + 1));
        awaitArrival(begun, i + 1);
      }
      assertThat(get(begun.result())).asString().isEqualTo(MESSAGE);
    }
  }

  @Test
  default void everyReadFindsWhatHasArrivedBefore() throws Exception {
    for (var kind : KINDS) {
      ends().with(s -> s.readBytes(1));
      ends().send("-" + MESSAGE + MESSAGE);
      ends().awaitRest(2 * MESSAGE.length());
      var first = ends().with(kind);
      assertThat(get(first.result())).asString().isEqualTo(MESSAGE);
      var second = ends().with(kind);
      assertThat(get(second.result())).asString().isEqualTo(MESSAGE);
    }
  }

  @Test
  default void oneArrivalIsForAsManyReadsAsItIsEnoughFor() throws Exception {
    ends().send("line\r\n1234abc;;rest-of-it!tail");
    var read =
        ends()
            .running
            .start(
                () -> {
                  var stream = ends().stream;
                  var result = new ArrayList<String>();
                  result.add(text(await(stream.readUntil(utf8("\r\n")))));
                  result.add(text(await(stream.readBytes(4))));
                  result.add(text(await(stream.readUntilRegex(Pattern.compile(";+(?!;)")))));
                  var into = ByteBuffer.allocate(4);
                  result.add(await(stream.readInto(into)) + text(into.array()));
                  await(stream.readBytes(7, chunk -> result.add(text(chunk))));
                  result.add(text(await(stream.readBytes(100, true))));
                  return result;
                });
    assertThat(get(read)).containsExactly("line\r\n", "1234", "abc;;", "4rest", "-of-it!", "tail");
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Test
  default void aDelimiterIsFoundAmongItsOwnBeginnings() throws Exception {
    for (var message : List.of("\r\r\r\n", "\r\n", "a\r\nb".substring(0, 3), "\r \n\r\n")) {
      for (char c : message.toCharArray()) {
        ends().send(String.valueOf(c));
      }
      assertThat(ends().read(s -> s.readUntil(utf8("\r\n")))).asString().isEqualTo(message);
    }
    ends().send("abababac");
    assertThat(ends().read(s -> s.readUntil(utf8("abac")))).asString().isEqualTo("abababac");
  }

  @Test
  default void aMatchThatMoreBytesCouldChangeWaitsForThem() throws Exception {
    var read = ends().with(s -> s.readUntilRegex(Pattern.compile("a+")));
    ends().send("xaa");
    ends().awaitRest(3);
    assertThat(read).isNotDone();
    ends().send("ab");
    assertThat(get(read)).asString().isEqualTo("xaaa");
    assertThat(ends().read(s -> s.readBytes(1))).asString().isEqualTo("b");
  }

  @Test
  default void aMatchThatMoreBytesCouldChangeCountsAtTheEnd() throws Exception {
    var read = ends().with(s -> s.readUntilRegex(Pattern.compile("a+")));
    ends().send("xaa");
    ends().awaitRest(3);
    ends().endOutput();
    assertThat(get(read)).asString().isEqualTo("xaa");
    ends().awaitClose();
  }

  @Test
  default void anExpressionSeesBytesAsLatin1() throws Exception {
    ends().send(new byte[] {(byte) 0xff, (byte) 0x80, 'x'});
    var read = ends().with(s -> s.readUntilRegex(Pattern.compile("[\u0080]x")));
    assertThat(get(read)).containsExactly(0xff, 0x80, 'x');
  }

  @Test
  default void readsOfNothingAreDoneAtOnceAndTakeNothing() throws Exception {
    ends()
        .running
        .run(
            () -> {
              var stream = ends().stream;
              for (boolean partial : new boolean[] {false, true}) {
                assertThat(stream.readBytes(0, partial).resultNow()).isEmpty();
                assertThat(stream.readInto(ByteBuffer.allocate(0), partial).resultNow()).isZero();
              }
              assertThat(stream.readBytes(0L, chunk -> assertThat(chunk).isNull())).isDone();
              assertThat(stream.reading()).isFalse();
            });
    ends().send("x");
    assertThat(ends().read(s -> s.readBytes(1))).asString().isEqualTo("x");
  }

  @Test
  default void aPartialReadGivesWhatIsThereButAtLeastOneByte() throws Exception {
    var first = ends().with(s -> s.readBytes(1000, true));
    var into = ByteBuffer.allocate(1000);
    ends().running.turns(5);
    assertThat(first).isNotDone();
    ends().send("abc");
    assertThat(get(first)).asString().isEqualTo("abc");
    var second = ends().with(s -> s.readInto(into, true));
    ends().running.turns(5);
    assertThat(second).isNotDone();
    ends().send("defg");
    assertThat(get(second)).isEqualTo(4);
    assertThat(into.position()).isEqualTo(4);
    ends().send("hij");
    assertThat(ends().read(s -> s.readBytes(2, true))).asString().isEqualTo("hi");
    assertThat(ends().fill(into, true)).isEqualTo(1);
    assertThat(Arrays.copyOf(into.array(), 6)).asString().isEqualTo("defgj\0");
  }

  @Test
  default void readIntoTouchesNothingButThePartOfTheBufferThatIsLeft() throws Exception {
    for (var buffer : List.of(ByteBuffer.allocate(10), ByteBuffer.allocateDirect(10))) {
      var read = ends().with(s -> s.readInto(buffer.position(3).limit(7)));
      ends().send("abcdef");
      assertThat(get(read)).isEqualTo(4);
      assertThat(buffer.position()).isEqualTo(7);
      var all = new byte[10];
      buffer.clear().get(0, all);
      assertThat(all).asString().isEqualTo("\0\0\0abcd\0\0\0");
      assertThat(ends().read(s -> s.readBytes(2))).asString().isEqualTo("ef");
    }
  }

  @Test
  default void aBufferThatCannotBeWrittenIsRefusedAndTheStreamGoesOn() throws Exception {
    ends().send("abc");
    ends()
        .running
        .run(
            () ->
                assertThatIllegalArgumentException()
                    .isThrownBy(
                        () -> ends().stream.readInto(ByteBuffer.allocate(3).asReadOnlyBuffer())));
    assertThat(ends().read(s -> s.readBytes(3))).asString().isEqualTo("abc");
  }

  @Test
  default void largeReadsArriveWhole() throws Exception {
    var expected = pattern(3_000_000);
    var sent = ends().sending(expected);
    assertThat(ends().read(s -> s.readBytes(1_500_000)))
        .isEqualTo(Arrays.copyOf(expected, 1_500_000));
    var into = ByteBuffer.allocateDirect(1_500_000);
    assertThat(ends().fill(into)).isEqualTo(1_500_000);
    var second = new byte[1_500_000];
    into.flip().get(second);
    assertThat(second).isEqualTo(Arrays.copyOfRange(expected, 1_500_000, 3_000_000));
    get(sent);
  }

  @Test
  default void aSecondReadIsRefusedAndTheFirstGoesOn() throws Exception {
    var first = ends().with(s -> s.readUntil(utf8("!")));
    ends()
        .running
        .run(
            () -> {
              var stream = ends().stream;
              assertThat(stream.reading()).isTrue();
              for (var read :
                  List.<Runnable>of(
                      () -> stream.readBytes(1),
                      () -> stream.readBytes(0L, chunk -> {}),
                      () -> stream.readUntilClose(),
                      () -> stream.readUntilClose(chunk -> {}),
                      () -> stream.readInto(ByteBuffer.allocate(1)))) {
                assertThatIllegalStateException().isThrownBy(read::run);
              }
            });
    ends().send("hello!");
    assertThat(get(first)).asString().isEqualTo("hello!");
    assertThat(ends().with(BaseIOStream::reading)).isFalse();
  }

  @Test
  default void senselessArgumentsAreRefused() throws Exception {
    ends()
        .running
        .run(
            () -> {
              var stream = ends().stream;
              for (var read :
                  List.<Runnable>of(
                      () -> stream.readBytes(-1),
                      () -> stream.readBytes(-1L, chunk -> {}),
                      () -> stream.readUntil(new byte[0]))) {
                assertThatIllegalArgumentException().isThrownBy(read::run);
              }
            });
  }

  @Test
  default void callsOffTheLoopAreRefused() {
    var stream = ends().stream;
    for (var call :
        List.<Runnable>of(
            () -> stream.readBytes(1),
            () -> stream.readUntilClose(),
            () -> stream.writeFile(null, 0, 1),
            () -> stream.setCloseCallback(null),
            () -> stream.close(null))) {
      assertThatIllegalStateException().isThrownBy(call::run).withMessageContaining("addCallback");
    }
  }
}
