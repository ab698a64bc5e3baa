// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages to bytes. */
class FrameWriterTest {
  private final FrameWriter server = FrameWriter.ofServer(null);
  private final FrameWriter client = new FrameWriter(Role.CLIENT, () -> Wire.MASK, null);

  private static byte[] bytes(FrameWriter.Frame frame) {
    var all = ByteBuffer.allocate(frame.size()).put(frame.head()).put(frame.payload());
    return all.array();
  }

  @Test
  void writesTheExamplesOfTheRFC() {
    var hello = Wire.utf8("Hello");

    assertThat(Wire.hex(bytes(server.message(Opcode.TEXT, hello)))).isEqualTo("810548656c6c6f");
    assertThat(Wire.hex(bytes(client.message(Opcode.TEXT, hello))))
        .isEqualTo("818537fa213d7f9f4d5158");
    assertThat(Wire.hex(bytes(server.control(Opcode.PING, hello)))).isEqualTo("890548656c6c6f");
  }

  @Test
  void leavesTheSendersArrayAsItIs() {
    var hello = Wire.utf8("Hello");

    client.message(Opcode.TEXT, hello);

    assertThat(hello).isEqualTo(Wire.utf8("Hello"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 125, 126, 127, 0xffff, 0x10000, 1_000_000})
  void writesWhatItsReaderUnderstands(int length) {
    var payload = new byte[length];
    new java.util.Random(length).nextBytes(payload);
    var expected = "binary " + Wire.hex(payload);

    assertThat(
            Wire.read(
                new MessageReader(Role.SERVER, length, null),
                bytes(server.message(Opcode.BINARY, payload))))
        .containsExactly(expected);
    assertThat(
            Wire.read(
                new MessageReader(Role.CLIENT, length, null),
                bytes(client.message(Opcode.BINARY, payload))))
        .containsExactly(expected);
  }

  @Test
  void encodesLengthsInAsFewBytesAsTheyNeed() {
    assertThat(server.message(Opcode.BINARY, new byte[125]).head().remaining()).isEqualTo(2);
    assertThat(server.message(Opcode.BINARY, new byte[126]).head().remaining()).isEqualTo(4);
    assertThat(server.message(Opcode.BINARY, new byte[65535]).head().remaining()).isEqualTo(4);
    assertThat(server.message(Opcode.BINARY, new byte[65536]).head().remaining()).isEqualTo(10);
  }

  @Test
  void writesCloseFrames() {
    assertThat(Wire.hex(bytes(server.close(CloseCode.NONE, "")))).isEqualTo("8800");
    assertThat(Wire.hex(bytes(server.close(1000, "")))).isEqualTo("880203e8");
    assertThat(Wire.hex(bytes(server.close(4999, "ä")))).isEqualTo("88041387c3a4");
  }

  @Test
  void refusesWhatAControlFrameCannotHold() {
    assertThatThrownBy(() -> FrameWriter.checkControl(new byte[126]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> FrameWriter.checkClose(Role.SERVER, 1000, "ä".repeat(62)))
        .isInstanceOf(IllegalArgumentException.class);
    FrameWriter.checkControl(new byte[125]);
    FrameWriter.checkClose(Role.SERVER, 1000, "a" + "ä".repeat(61));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 999, 1004, 1005, 1006, 1010, 1015, 1016, 2999, 5000, 66536})
  void refusesCodesThatAServerMustNotSend(int code) {
    assertThatThrownBy(() -> FrameWriter.checkClose(Role.SERVER, code, ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(String.valueOf(code));
  }

  @Test
  void letsAClientSayThatItMissesAnExtension() {
    FrameWriter.checkClose(Role.CLIENT, 1010, "");
  }
}
