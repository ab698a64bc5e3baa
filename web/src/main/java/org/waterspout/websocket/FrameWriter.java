// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Turns messages into frames, one each, RFC 6455 section 5.2. Pure. Masks what clients send with
 * numbers that nobody must be able to foresee (section 10.3).
 */
final class FrameWriter {
  private static final int FIN = 0x80;
  private static final int RSV1 = 0x40;
  private static final int MASKED = 0x80;
  private static final int MAX_REASON = FrameHead.MAX_CONTROL_LENGTH - 2;

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final FrameWriter PLAIN_SERVER = new FrameWriter(Role.SERVER, () -> 0, null);

  private final Role sender;
  private final IntSupplier masks;
  private final @Nullable Deflation deflation; // null: no compression was agreed on

  /** A frame in two parts, so that a long payload need not be copied. */
  record Frame(ByteBuffer head, ByteBuffer payload) {
    int size() {
      return head.remaining() + payload.remaining();
    }
  }

  /**
   * A writer for one end.
   *
   * @param masks a client's masks, from a good source of random numbers
   * @param deflation null if no compression was agreed on; ended by {@link #end}
   */
  FrameWriter(Role sender, IntSupplier masks, @Nullable Deflation deflation) {
    this.sender = sender;
    this.masks = masks;
    this.deflation = deflation;
  }

  /** A writer for a server. Without compression it has no state, and all share one. */
  static FrameWriter ofServer(@Nullable Deflation deflation) {
    return deflation == null ? PLAIN_SERVER : new FrameWriter(Role.SERVER, () -> 0, deflation);
  }

  /** A writer for a client. */
  static FrameWriter ofClient(@Nullable Deflation deflation) {
    return new FrameWriter(Role.CLIENT, RANDOM::nextInt, deflation);
  }

  /** A whole text or binary message. A server's frame may share the array. */
  Frame message(int opcode, byte[] payload) {
    if (deflation == null || payload.length == 0) {
      return frame(FIN | opcode, ByteBuffer.wrap(payload));
    }
    return frame(FIN | RSV1 | opcode, deflation.deflate(payload));
  }

  /**
   * A ping or pong.
   *
   * @throws IllegalArgumentException if the data are too long
   */
  Frame control(int opcode, byte[] data) {
    checkControl(data);
    return frame(FIN | opcode, ByteBuffer.wrap(data));
  }

  /** Refuses what does not fit into a control frame. */
  static void checkControl(byte[] data) {
    if (data.length > FrameHead.MAX_CONTROL_LENGTH) {
      throw new IllegalArgumentException(
          data.length + " bytes in a control frame, which holds 125 at most");
    }
  }

  /**
   * A close frame.
   *
   * @param code {@link CloseCode#NONE} for none, and then there is no reason either
   */
  Frame close(int code, String reason) {
    if (code == CloseCode.NONE) {
      return frame(FIN | Opcode.CLOSE, ByteBuffer.allocate(0));
    }
    var text = reason.getBytes(StandardCharsets.UTF_8);
    return frame(
        FIN | Opcode.CLOSE,
        ByteBuffer.allocate(2 + text.length).putShort((short) code).put(text).flip());
  }

  /**
   * Refuses a close frame that must not be sent.
   *
   * @throws IllegalArgumentException if the code is not one to be sent, or the reason too long
   */
  static void checkClose(Role sender, int code, String reason) {
    if (!CloseCode.mayBeSentBy(sender, code)) {
      throw new IllegalArgumentException("close code " + code + " is not one to be sent");
    }
    int length = reason.getBytes(StandardCharsets.UTF_8).length;
    if (length > MAX_REASON) {
      throw new IllegalArgumentException(
          "a close reason of " + length + " bytes, of which there is room for 123");
    }
  }

  private Frame frame(int flags, ByteBuffer payload) {
    int length = payload.remaining();
    int masked = sender.masks() ? MASKED : 0;
    var head = ByteBuffer.allocate(14);
    head.put((byte) flags);
    if (length <= 125) {
      head.put((byte) (masked | length));
    } else if (length <= 0xffff) {
      head.put((byte) (masked | 126)).putShort((short) length);
    } else {
      head.put((byte) (masked | 127)).putLong(length);
    }
    if (!sender.masks()) {
      return new Frame(head.flip(), payload);
    }
    int mask = masks.getAsInt();
    var copy = new byte[length];
    payload.get(payload.position(), copy);
    Masking.apply(copy, 0, length, mask, 0);
    return new Frame(head.putInt(mask).flip(), ByteBuffer.wrap(copy));
  }

  /** Frees what is held outside of the heap. */
  void end() {
    if (deflation != null) {
      deflation.end();
    }
  }
}
