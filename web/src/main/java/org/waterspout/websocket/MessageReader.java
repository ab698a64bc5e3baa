// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Turns bytes into messages, RFC 6455 sections 5 and 6, for either end. Pure: it is fed any pieces
 * of the input, and gives one message at a time. Frames are read as follows:
 *
 * <pre>
 *   head      refused at the first byte that is wrong, or if the message becomes too long by it
 *   payload   unmasked, inflated, checked to be UTF-8 as it comes
 *   end       of a control frame or of a message's last frame: that is delivered
 * </pre>
 *
 * <p>No buffer is larger than what has arrived, up to a factor of two, however long a frame says it
 * is. After an exception the reader is of no more use.
 */
final class MessageReader {
  private final int maxMessageSize;
  private final FrameHead head;
  private final @Nullable Inflation inflation; // null: no compression was agreed on
  private boolean inPayload;
  private long left; // of the frame's payload
  private byte @Nullable [] control; // while in the payload of a control frame
  private @Nullable Assembly message; // between its first frame and its last byte

  /**
   * A reader of what the other end sends.
   *
   * @param sender the other end
   * @param maxMessageSize in bytes, after inflating
   * @param inflation null if no compression was agreed on; it stays the caller's, to be ended
   */
  MessageReader(Role sender, int maxMessageSize, @Nullable Inflation inflation) {
    this.maxMessageSize = maxMessageSize;
    this.head = new FrameHead(sender, inflation != null);
    this.inflation = inflation;
  }

  /** Whether nothing has been read of the next message: another reader could go on as well. */
  boolean idle() {
    return message == null && !inPayload && !head.begun();
  }

  /**
   * Reads on, up to the end of one message or of all bytes.
   *
   * @return null if more bytes are needed
   * @throws ProtocolException if the input is refused
   */
  @Nullable Message read(ByteBuffer in) {
    while (true) {
      if (!inPayload) {
        if (!head.read(in)) {
          return null;
        }
        beginPayload();
      }
      takePayload(in);
      if (left > 0) {
        return null;
      }
      inPayload = false;
      Message found = head.isControl() ? controlMessage() : endOfFrame();
      if (found != null) {
        return found;
      }
    }
  }

  // ---- the payload

  private void beginPayload() {
    inPayload = true;
    left = head.length();
    if (head.isControl()) {
      control = new byte[(int) left];
      return;
    }
    var current = message;
    if (head.opcode() == Opcode.CONTINUATION) {
      if (current == null) {
        throw error(CloseCode.PROTOCOL_ERROR, "a continuation of no message");
      }
    } else {
      if (current != null) {
        throw error(CloseCode.PROTOCOL_ERROR, "a message inside of another one");
      }
      current = new Assembly(head.opcode() == Opcode.TEXT, head.compressed());
      message = current;
    }
    if (!current.compressed && left > maxMessageSize - current.size) {
      throw tooBig();
    }
  }

  private void takePayload(ByteBuffer in) {
    int count = (int) Math.min(left, in.remaining());
    if (count == 0) {
      return;
    }
    long offset = head.length() - left;
    var current = message;
    if (control != null) {
      int start = (int) offset;
      in.get(control, start, count);
      Masking.apply(control, start, start + count, head.mask(), offset);
    } else if (current != null && current.compressed) {
      var piece = new byte[count];
      in.get(piece);
      Masking.apply(piece, 0, count, head.mask(), offset);
      current.inflate(piece);
    } else if (current != null) {
      current.makeRoom(count, head.fin() ? left : Integer.MAX_VALUE);
      int start = current.size;
      in.get(current.bytes, start, count);
      Masking.apply(current.bytes, start, start + count, head.mask(), offset);
      current.added(count);
    }
    left -= count;
  }

  // ---- the end of a frame

  private Message controlMessage() {
    byte[] data = control == null ? new byte[0] : control;
    control = null;
    return switch (head.opcode()) {
      case Opcode.PING -> new Message.Ping(data);
      case Opcode.PONG -> new Message.Pong(data);
      default -> close(data);
    };
  }

  /** RFC 6455 section 5.5.1: nothing, or a code and a reason. */
  private static Message close(byte[] data) {
    if (data.length == 0) {
      return new Message.Close(CloseCode.NONE, "");
    }
    if (data.length == 1) {
      throw error(CloseCode.PROTOCOL_ERROR, "half a close code");
    }
    int code = (data[0] & 0xff) << 8 | (data[1] & 0xff);
    if (!CloseCode.mayBeReceived(code)) {
      throw error(CloseCode.PROTOCOL_ERROR, "close code " + code);
    }
    var check = new UTF8Check();
    if (!check.accept(data, 2, data.length) || !check.complete()) {
      throw error(CloseCode.INVALID, "a close reason that is not UTF-8");
    }
    return new Message.Close(code, new String(data, 2, data.length - 2, StandardCharsets.UTF_8));
  }

  private @Nullable Message endOfFrame() {
    var complete = message;
    if (!head.fin() || complete == null) {
      return null;
    }
    message = null;
    return complete.finish();
  }

  private static ProtocolException error(int closeCode, String what) {
    return new ProtocolException(closeCode, what);
  }

  private ProtocolException tooBig() {
    return error(CloseCode.TOO_BIG, "a message of more than " + maxMessageSize + " bytes");
  }

  /** A message of which some has arrived. */
  private final class Assembly {
    private static final int FIRST_PIECE = 512; // of a message that comes inflated

    private final boolean compressed;
    private final @Nullable UTF8Check text; // null: it is binary
    private byte[] bytes = new byte[0];
    private int size;
    private boolean begun; // to be inflated

    Assembly(boolean isText, boolean compressed) {
      this.text = isText ? new UTF8Check() : null;
      this.compressed = compressed;
    }

    /** Room for some more bytes, and not for more than can come. */
    void makeRoom(int count, long most) {
      int needed = size + count;
      if (needed > bytes.length) {
        long larger = Math.min(2L * bytes.length, Math.min(size + most, maxMessageSize));
        bytes = Arrays.copyOf(bytes, (int) Math.max(needed, larger));
      }
    }

    void added(int count) {
      if (text != null && !text.accept(bytes, size, size + count)) {
        throw notUTF8();
      }
      size += count;
    }

    void inflate(byte[] piece) {
      begun = true;
      var inflating = inflation();
      inflating.setInput(piece);
      while (true) {
        if (size == bytes.length) {
          long larger = Math.max(FIRST_PIECE, 2L * size);
          bytes = Arrays.copyOf(bytes, (int) Math.min(larger, maxMessageSize + 1L));
        }
        int count = inflating.inflate(bytes, size, bytes.length - size);
        if (count == 0) {
          return;
        }
        if (size + count > maxMessageSize) {
          throw tooBig();
        }
        added(count);
      }
    }

    Message finish() {
      if (begun) { // else there is no block that the tail could belong to
        inflate(Inflation.TAIL);
        inflation().endOfMessage();
      }
      if (text == null) {
        return new Message.Binary(bytes.length == size ? bytes : Arrays.copyOf(bytes, size));
      }
      if (!text.complete()) {
        throw notUTF8();
      }
      return new Message.Text(new String(bytes, 0, size, StandardCharsets.UTF_8));
    }

    private Inflation inflation() {
      if (inflation == null) {
        throw new IllegalStateException("RSV1 was let through without compression");
      }
      return inflation;
    }

    private ProtocolException notUTF8() {
      return error(CloseCode.INVALID, "a text that is not UTF-8");
    }
  }
}
