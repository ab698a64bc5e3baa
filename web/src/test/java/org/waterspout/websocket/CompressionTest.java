// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.websocket.Wire.FIN;
import static org.waterspout.websocket.Wire.frame;
import static org.waterspout.websocket.Wire.hex;
import static org.waterspout.websocket.Wire.join;

import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.http.Soak;

/** permessage-deflate: what is agreed on, and what is done. */
class CompressionTest {
  private static final int RSV1 = 0x40;
  private static final int LIMIT = 100_000;

  private static MessageReader reader(boolean keepsContext) {
    return new MessageReader(Role.CLIENT, LIMIT, new Inflation(keepsContext));
  }

  private static List<String> read(byte[]... frames) {
    return Wire.read(reader(true), join(frames));
  }

  private static byte[] compressed(String digits) {
    return frame(FIN | RSV1 | Opcode.TEXT, hex(digits));
  }

  // ---- messages

  @Test
  void keepsAContextAndNotTheMessages() throws Exception {
    var deflation = new Deflation(6, true);
    var sent = deflated(deflation);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (sent.get() != null && System.nanoTime() < deadline) {
      System.gc();
    }
    assertThat(sent.get()).isNull();
    assertThat(deflation.holdsMemory()).isTrue();
    deflation.end();
  }

  /** In a method of its own, so that no frame of the test holds the message. */
  private static WeakReference<byte[]> deflated(Deflation deflation) {
    var message = new byte[1024 * 1024];
    deflation.deflate(message);
    return new WeakReference<>(message);
  }

  @Test
  void inflatesTheExamplesOfTheRFC() {
    assertThat(read(compressed("f248cdc9c90700"))).containsExactly("text Hello");
    assertThat(read(compressed("f248cdc9c90700"), compressed("f200110000")))
        .as("the second refers to the first")
        .containsExactly("text Hello", "text Hello");
    assertThat(read(compressed("000500faff48656c6c6f00")))
        .as("not compressed")
        .containsExactly("text Hello");
    assertThat(read(compressed("f348cdc9c9070000")))
        .as("a last block")
        .containsExactly("text Hello");
    assertThat(read(compressed("f248050000 00ffffcac9c90700")))
        .as("two blocks")
        .containsExactly("text Hello");
    assertThat(read(frame(RSV1 | Opcode.TEXT, hex("f248cd")), frame(FIN, hex("c9c90700"))))
        .as("two fragments")
        .containsExactly("text Hello");
  }

  @Test
  void takesACompressedMessageWithoutABlockForAnEmptyOne() {
    assertThat(read(compressed(""), compressed("00"), compressed("f248cdc9c90700")))
        .containsExactly("text ", "text ", "text Hello");
  }

  @Test
  void goesOnBehindALastBlock() {
    assertThat(read(compressed("f348cdc9c9070000"), compressed("f248cdc9c90700")))
        .containsExactly("text Hello", "text Hello");
  }

  @Test
  void readsPlainMessagesBesideCompressedOnes() {
    assertThat(read(Wire.text("plain"), compressed("f248cdc9c90700"), Wire.text("plain")))
        .containsExactly("text plain", "text Hello", "text plain");
  }

  @Test
  void inflatesWhateverPiecesComeIn() {
    var deflation = new Deflation(6, true);
    var random = new byte[3000];
    new Random(3).nextBytes(random);
    var frames =
        join(
            frame(FIN | RSV1 | Opcode.BINARY, bytes(deflation.deflate(random))),
            frame(FIN | RSV1 | Opcode.BINARY, bytes(deflation.deflate(random))),
            frame(FIN | RSV1 | Opcode.TEXT, bytes(deflation.deflate(Wire.utf8("€".repeat(999))))));
    deflation.end();
    var expected =
        List.of("binary " + hex(random), "binary " + hex(random), "text " + "€".repeat(999));

    assertThat(Wire.readPieces(reader(true), Wire.singly(frames))).isEqualTo(expected);
    for (int i = 0; i < frames.length; i += 13) {
      var pieces =
          new byte[][] {Arrays.copyOf(frames, i), Arrays.copyOfRange(frames, i, frames.length)};
      assertThat(Wire.readPieces(reader(true), pieces)).as("split at " + i).isEqualTo(expected);
    }
  }

  @Test
  void deflatesForItsReader() {
    var random = new Random(5);
    for (boolean keeps : new boolean[] {true, false}) {
      var writer = FrameWriter.ofServer(new Deflation(6, keeps));
      var inflation = new Inflation(keeps);
      var reader = new MessageReader(Role.SERVER, 1_000_000, inflation);
      for (int length : new int[] {1, 2, 60, 61, 62, 63, 64, 65, 66, 67, 1000, 65536, 1_000_000}) {
        var payload = new byte[length];
        random.nextBytes(payload);
        var frame = writer.message(Opcode.BINARY, payload);
        var bytes = ByteBuffer.allocate(frame.size()).put(frame.head()).put(frame.payload()).flip();

        assertThat(((Message.Binary) reader.read(bytes)).bytes()).isEqualTo(payload);
      }
      writer.end();
      inflation.end();
    }
  }

  @Test
  void refersToEarlierMessagesIfThatWasAgreedOn() {
    var message = new byte[1000];
    new Random(1).nextBytes(message);
    var keeping = new Deflation(6, true);
    var forgetting = new Deflation(6, false);
    keeping.deflate(message);
    forgetting.deflate(message);

    assertThat(keeping.deflate(message).remaining()).isLessThan(50);
    assertThat(forgetting.deflate(message).remaining()).isGreaterThan(999);
    assertThat(keeping.holdsMemory()).isTrue();
    assertThat(forgetting.holdsMemory()).isFalse();
    keeping.end();
    assertThat(keeping.holdsMemory()).isFalse();
  }

  @Test
  void holdsNoMemoryBeforeTheFirstMessageNorAfterTheLast() {
    var inflation = new Inflation(false);
    var reader = new MessageReader(Role.CLIENT, LIMIT, inflation);
    assertThat(inflation.holdsMemory()).isFalse();

    reader.read(ByteBuffer.wrap(frame(RSV1 | Opcode.TEXT, hex("f248cd"))));
    assertThat(inflation.holdsMemory()).isTrue();
    reader.read(ByteBuffer.wrap(frame(FIN, hex("c9c90700"))));
    assertThat(inflation.holdsMemory()).isFalse();
  }

  @Test
  void freesTheMemoryOfAMessageThatNeverEnds() {
    var inflation = new Inflation(true);
    var reader = new MessageReader(Role.CLIENT, LIMIT, inflation);
    reader.read(ByteBuffer.wrap(frame(RSV1 | Opcode.TEXT, hex("f248cd"))));

    inflation.end();

    assertThat(inflation.holdsMemory()).isFalse();
  }

  @Test
  void refusesAMessageThatInflatesBeyondTheLimit() {
    var deflation = new Deflation(9, false);
    var fits = bytes(deflation.deflate(new byte[LIMIT]));
    var bomb = bytes(deflation.deflate(new byte[LIMIT + 1]));

    assertThat(read(frame(FIN | RSV1 | Opcode.BINARY, fits)))
        .containsExactly("binary " + "00".repeat(LIMIT));
    assertThat(read(frame(FIN | RSV1 | Opcode.BINARY, bomb))).containsExactly("refused 1009");
    assertThat(read(frame(RSV1 | Opcode.BINARY, bomb))).containsExactly("refused 1009");
  }

  @Test
  void refusesWhatIsNotDeflated() {
    assertThat(read(compressed("ffffffff"))).containsExactly("refused 1007");
  }

  @Test
  void refusesTextThatInflatesToSomethingElse() {
    var deflation = new Deflation(6, false);
    var bad = bytes(deflation.deflate(hex("c328")));

    assertThat(read(frame(FIN | RSV1 | Opcode.TEXT, bad))).containsExactly("refused 1007");
  }

  @Test
  void refusesTheCompressionBitBehindTheFirstFragment() {
    assertThat(read(frame(RSV1 | Opcode.TEXT, hex("f248cd")), frame(FIN | RSV1, hex("c9c90700"))))
        .containsExactly("refused 1002");
  }

  @Test
  void survivesMutatedMessages() {
    var deflation = new Deflation(6, false);
    var text = new byte[500];
    new Random(9).nextBytes(text);
    Arrays.fill(text, 100, 400, (byte) 'a');
    var good = bytes(deflation.deflate(text));
    Soak.run(
        9,
        3000,
        (random, round) -> {
          var bytes = good.clone();
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
          var frames = frame(FIN | RSV1 | Opcode.BINARY, bytes);
          assertThat(readAndEnd(Wire.singly(frames))).isEqualTo(readAndEnd(frames));
        });
  }

  private static List<String> readAndEnd(byte[]... pieces) {
    var inflation = new Inflation(false);
    try {
      return Wire.readPieces(new MessageReader(Role.CLIENT, LIMIT, inflation), pieces);
    } finally {
      inflation.end();
    }
  }

  private static byte[] bytes(ByteBuffer buffer) {
    var bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  // ---- what is agreed on

  private static String answer(CompressionOptions options, String... fields) {
    var agreed = PerMessageDeflate.accept(ExtensionOffer.parse(List.of(fields)), options);
    return agreed == null ? "declined" : agreed.answer();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "permessage-deflate | permessage-deflate",
        "permessage-deflate; client_max_window_bits | permessage-deflate",
        "permessage-deflate; client_max_window_bits=8 | permessage-deflate",
        "permessage-deflate; client_max_window_bits=\"15\" | permessage-deflate",
        "permessage-deflate;server_max_window_bits=15 | permessage-deflate;"
            + " server_max_window_bits=15",
        "permessage-deflate ; server_no_context_takeover | permessage-deflate;"
            + " server_no_context_takeover",
        "permessage-deflate; client_no_context_takeover | permessage-deflate;"
            + " client_no_context_takeover",
        "x-webkit-deflate-frame, permessage-deflate | permessage-deflate",
        "permessage-deflate; server_max_window_bits=10, permessage-deflate | permessage-deflate",
        "permessage-deflate; a, , permessage-deflate; client_max_window_bits | permessage-deflate",
      })
  void acceptsOffers(String offers, String answer) {
    assertThat(answer(CompressionOptions.DEFAULT, offers)).isEqualTo(answer);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "permessage-bzip2",
        "permessage-deflate; unknown",
        "permessage-deflate; server_max_window_bits", // needs a value
        "permessage-deflate; server_max_window_bits=14", // the JDK cannot
        "permessage-deflate; server_max_window_bits=16",
        "permessage-deflate; server_max_window_bits=\"10\"",
        "permessage-deflate; client_max_window_bits=7",
        "permessage-deflate; client_max_window_bits=16",
        "permessage-deflate; client_max_window_bits=08",
        "permessage-deflate; client_max_window_bits=x",
        "permessage-deflate; server_no_context_takeover=1",
        "permessage-deflate; client_no_context_takeover=true",
        "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
        "permessage-deflate; client_max_window_bits; client_max_window_bits=10",
      })
  void declinesOffersThatCannotBeKept(String offers) {
    assertThat(answer(CompressionOptions.DEFAULT, offers)).isEqualTo("declined");
  }

  @Test
  void acceptsTheFirstOfSeveralFields() {
    assertThat(
            answer(
                CompressionOptions.DEFAULT,
                "foo",
                "permessage-deflate; server_no_context_takeover",
                "permessage-deflate"))
        .isEqualTo("permessage-deflate; server_no_context_takeover");
  }

  @Test
  void asksForNoContextsIfTheServerWantsNone() {
    assertThat(answer(CompressionOptions.DEFAULT.withoutContextTakeover(), "permessage-deflate"))
        .isEqualTo("permessage-deflate; server_no_context_takeover; client_no_context_takeover");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "permessage-deflate;",
        "permessage-deflate; =1",
        "permessage-deflate; a=",
        "permessage-deflate; a=\"",
        "permessage-deflate; a=\"\"",
        "permessage-deflate; a=\"b c\"",
        "permessage-deflate; a=\"b\\",
        "permessage deflate",
        "a/b",
        "; a",
        "a \u00e9",
      })
  void refusesMalformedOffers(String field) {
    assertThatThrownBy(() -> ExtensionOffer.parse(List.of(field)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void readsQuotedValues() {
    assertThat(ExtensionOffer.parse(List.of("a; b=\"c\\d\" ;e = f,g")))
        .containsExactly(
            new ExtensionOffer(
                "a",
                List.of(
                    new ExtensionOffer.Parameter("b", "cd"),
                    new ExtensionOffer.Parameter("e", "f"))),
            new ExtensionOffer("g", List.of()));
  }

  @Test
  void refusesLevelsThatZlibDoesNotKnow() {
    assertThatThrownBy(() -> CompressionOptions.DEFAULT.withLevel(10))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
