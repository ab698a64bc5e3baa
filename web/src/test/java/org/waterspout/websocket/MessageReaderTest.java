// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.websocket.Wire.FIN;
import static org.waterspout.websocket.Wire.frame;
import static org.waterspout.websocket.Wire.head;
import static org.waterspout.websocket.Wire.hex;
import static org.waterspout.websocket.Wire.join;
import static org.waterspout.websocket.Wire.text;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.http.Soak;

/** Bytes to messages, without compression. */
class MessageReaderTest {
  private static final int LIMIT = 100_000;

  private static MessageReader reader() {
    return new MessageReader(Role.CLIENT, LIMIT, null);
  }

  private static List<String> read(byte[]... frames) {
    return Wire.read(reader(), join(frames));
  }

  /** However the bytes are split, the result must not change. */
  private static List<String> readInEveryWay(byte[] bytes) {
    var expected = Wire.read(reader(), bytes);
    assertThat(Wire.readPieces(reader(), Wire.singly(bytes))).isEqualTo(expected);
    for (int i = 0; i <= bytes.length; i++) {
      var first = Arrays.copyOf(bytes, i);
      var second = Arrays.copyOfRange(bytes, i, bytes.length);
      assertThat(Wire.readPieces(reader(), first, second)).as("split at " + i).isEqualTo(expected);
    }
    return expected;
  }

  @Test
  void readsTheExamplesOfTheRFC() {
    var client = new MessageReader(Role.SERVER, LIMIT, null);

    assertThat(Wire.read(client, hex("810548656c6c6f"))).containsExactly("text Hello");
    assertThat(read(hex("818537fa213d7f9f4d5158"))).containsExactly("text Hello");
    assertThat(Wire.read(new MessageReader(Role.SERVER, LIMIT, null), hex("010348656c80026c6f")))
        .containsExactly("text Hello");
    assertThat(Wire.read(new MessageReader(Role.SERVER, LIMIT, null), hex("890548656c6c6f")))
        .containsExactly("ping 48656c6c6f");
  }

  @Test
  void readsWhateverPiecesComeIn() {
    var all =
        join(
            text("grüße, 世界 🌪"),
            frame(Opcode.TEXT, "fragm"),
            frame(FIN | Opcode.PING, "in between"),
            frame(Opcode.CONTINUATION, ""),
            frame(FIN | Opcode.CONTINUATION, "ents"),
            frame(FIN | Opcode.BINARY, new byte[] {0, -1, 127, -128, 5, 6, 7, 8, 9}),
            frame(FIN | Opcode.PONG, ""),
            frame(FIN | Opcode.TEXT, "x".repeat(126)),
            frame(FIN | Opcode.CLOSE, join(new byte[] {3, -24}, Wire.utf8("späta"))));

    assertThat(readInEveryWay(all))
        .containsExactly(
            "text grüße, 世界 🌪",
            "ping 696e206265747765656e",
            "text fragments",
            "binary 00ff7f800506070809",
            "pong ",
            "text " + "x".repeat(126),
            "close 1000 späta");
  }

  @Test
  void readsACharacterThatIsSplitBetweenFragments() {
    var euro = Wire.utf8("€");

    assertThat(
            readInEveryWay(
                join(
                    frame(Opcode.TEXT, Arrays.copyOf(euro, 1)),
                    frame(FIN | Opcode.CONTINUATION, Arrays.copyOfRange(euro, 1, 3)))))
        .containsExactly("text €");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 125, 126, 127, 0xffff, 0x10000, 99_999, LIMIT})
  void readsMessagesOfEveryLengthEncoding(int length) {
    var payload = new byte[length];
    new java.util.Random(length).nextBytes(payload);

    assertThat(read(frame(FIN | Opcode.BINARY, payload))).containsExactly("binary " + hex(payload));
  }

  @Test
  void findsOneMessageAtATime() {
    var reader = reader();
    var in = ByteBuffer.wrap(join(text("a"), text("b")));

    assertThat(reader.read(in)).isEqualTo(new Message.Text("a"));
    assertThat(in.remaining()).isEqualTo(7);
    assertThat(reader.idle()).isTrue();
    assertThat(reader.read(in)).isEqualTo(new Message.Text("b"));
    assertThat(reader.read(in)).isNull();
  }

  @Test
  void knowsWhetherItIsInTheMiddleOfSomething() {
    var reader = reader();
    for (byte b : join(frame(Opcode.TEXT, "a"), frame(FIN | Opcode.PING, "b"))) {
      reader.read(ByteBuffer.wrap(new byte[] {b}));
      assertThat(reader.idle()).isFalse();
    }
    reader.read(ByteBuffer.wrap(frame(FIN, "")));
    assertThat(reader.idle()).isTrue();
  }

  @Test
  void readsFromDirectBuffers() {
    var bytes = text("direct");
    var in = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();

    assertThat(reader().read(in)).isEqualTo(new Message.Text("direct"));
  }

  // ---- what is refused

  @ParameterizedTest
  @ValueSource(
      strings = {
        "c180",
        "a180",
        "9180", // RSV1, RSV2, RSV3
        "f180",
        "c080",
        "c880", // all of them; RSV1 where it can never be
        "8380",
        "8480",
        "8580",
        "8680",
        "8780", // unknown data frames
        "8b80",
        "8c80",
        "8d80",
        "8e80",
        "8f80", // unknown control frames
        "0880",
        "0980",
        "0a80", // control frames in fragments
        "8100",
        "8900",
        "817e", // not masked
        "89fe",
        "88fe",
        "8aff", // control frames that are too long
        "81fe007d",
        "81fe0000", // lengths in more bytes than they need
        "81ff000000000000ffff",
        "81ff0000000000000001",
        "81ff8000000000000000",
        "81ffffffffffffffffff", // the highest bit of a length
        "808000000000",
        "008000000000", // continuations of nothing
        "88810000000000", // half a close code
      })
  void refusesFramesThatCannotBe(String digits) {
    assertThat(readInEveryWay(hex(digits))).containsExactly("refused 1002");
  }

  @Test
  void refusesAFrameAtTheFirstByteThatIsWrong() {
    assertThat(read(hex("83"))).containsExactly("refused 1002");
    assertThat(read(hex("8105"))).containsExactly("refused 1002");
    assertThat(read(hex("81ff80"))).containsExactly("refused 1002");
  }

  @Test
  void refusesMaskedFramesOfServers() {
    assertThat(Wire.read(new MessageReader(Role.SERVER, LIMIT, null), text("a")))
        .containsExactly("refused 1002");
  }

  @Test
  void refusesAMessageInsideOfAnother() {
    assertThat(readInEveryWay(join(frame(Opcode.TEXT, "a"), text("b"))))
        .containsExactly("refused 1002");
  }

  @Test
  void refusesAContinuationBehindTheLastFragment() {
    assertThat(readInEveryWay(join(text("a"), frame(FIN | Opcode.CONTINUATION, "b"))))
        .containsExactly("text a", "refused 1002");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "80", "bf", "c0af", "c1bf", "c328c3", "e08080", "e09fbf", "eda080", "edbfbf", "f08080",
        "f08fbfbf", "f4908080", "f58080", "f888808080", "fe", "ff", "e28241", "c3", "e282", "f09f"
      })
  void refusesTextThatIsNotUTF8(String digits) {
    assertThat(readInEveryWay(join(frame(Opcode.TEXT, "ok "), frame(FIN, hex(digits)))))
        .containsExactly("refused 1007");
    assertThat(readInEveryWay(frame(FIN | Opcode.TEXT, join(Wire.utf8("12345678"), hex(digits)))))
        .containsExactly("refused 1007");
  }

  @Test
  void refusesTextAtItsFirstBadByteAndNotAtItsEnd() {
    var bad = join(head(FIN | Opcode.TEXT, 1000, true), hex("7f6f")); // "H" and 0x95

    assertThat(read(bad)).containsExactly("refused 1007");
  }

  @Test
  void letsAnythingStandInBinaryMessages() {
    assertThat(read(frame(FIN | Opcode.BINARY, hex("ff80")))).containsExactly("binary ff80");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535})
  void refusesCloseCodesThatNobodyMaySend(int code) {
    assertThat(read(Wire.close(code))).containsExactly("refused 1002");
  }

  @ParameterizedTest
  @ValueSource(
      ints = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 4999})
  void readsCloseCodes(int code) {
    assertThat(read(Wire.close(code))).containsExactly("close " + code + " ");
  }

  @Test
  void readsACloseWithoutACode() {
    assertThat(read(frame(FIN | Opcode.CLOSE, ""))).containsExactly("close 1005 ");
  }

  @Test
  void refusesACloseReasonThatIsNotUTF8() {
    assertThat(read(frame(FIN | Opcode.CLOSE, hex("03e8c3")))).containsExactly("refused 1007");
    assertThat(read(frame(FIN | Opcode.CLOSE, hex("03e8ff41")))).containsExactly("refused 1007");
  }

  // ---- limits

  @Test
  void refusesALongMessageByItsHeadAlone() {
    assertThat(read(head(FIN | Opcode.BINARY, LIMIT + 1, true))).containsExactly("refused 1009");
    assertThat(read(head(FIN | Opcode.TEXT, Long.MAX_VALUE, true))).containsExactly("refused 1009");
  }

  @Test
  void refusesALongMessageByTheHeadOfTheFragmentThatMakesItSo() {
    var most = frame(Opcode.BINARY, new byte[LIMIT - 1]);

    assertThat(read(most, head(FIN, 2, true))).containsExactly("refused 1009");
    assertThat(read(most, frame(FIN, new byte[1]))).hasSize(1).first().isNotEqualTo("refused 1009");
  }

  @Test
  void letsControlFramesPassWhateverTheLimit() {
    var reader = new MessageReader(Role.CLIENT, 0, null);

    assertThat(
            Wire.read(reader, join(frame(FIN | Opcode.PING, "x".repeat(125)), text(""), text("a"))))
        .containsExactly("ping " + "78".repeat(125), "text ", "refused 1009");
  }

  /** Nothing but refusals comes of noise, and no buffer larger than the limit. */
  @Test
  void survivesMutatedFrames() {
    var good =
        join(
            text("one"),
            frame(Opcode.BINARY, new byte[300]),
            frame(FIN | Opcode.PING, "p"),
            frame(FIN | Opcode.CONTINUATION, "end"),
            Wire.close(1000));
    Soak.run(
        20,
        20_000,
        (random, round) -> {
          var bytes = good.clone();
          for (int i = random.nextInt(1, 4); i > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
          }
          var whole = Wire.read(reader(), bytes);
          int cut = random.nextInt(bytes.length);
          assertThat(
                  Wire.readPieces(
                      reader(),
                      Arrays.copyOf(bytes, cut),
                      Arrays.copyOfRange(bytes, cut, bytes.length)))
              .as(hex(bytes))
              .isEqualTo(whole);
        });
  }
}
