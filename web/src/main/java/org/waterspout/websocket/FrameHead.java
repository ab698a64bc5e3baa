// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import java.nio.ByteBuffer;

/**
 * Reads the heads of frames, byte by byte if they come so: RFC 6455 section 5.2. Whatever a single
 * head shows to be wrong is refused as soon as its byte is there. Pure; reused for each frame.
 */
final class FrameHead {
  static final int MAX_CONTROL_LENGTH = 125;

  private enum Part {
    FLAGS,
    SHORT_LENGTH,
    LENGTH,
    MASK
  }

  private final boolean masked;
  private final boolean compression;
  private Part part = Part.FLAGS;
  private int bytesLeft; // of this part
  private boolean fin;
  private boolean compressed;
  private int opcode;
  private int lengthSize; // bytes of the length behind the short one
  private long length;
  private int mask;

  /**
   * For frames from one end.
   *
   * @param compression whether permessage-deflate was agreed on, so that RSV1 has a meaning
   */
  FrameHead(Role sender, boolean compression) {
    this.masked = sender.masks();
    this.compression = compression;
  }

  boolean fin() {
    return fin;
  }

  /** Whether a message begins that is compressed. */
  boolean compressed() {
    return compressed;
  }

  int opcode() {
    return opcode;
  }

  boolean isControl() {
    return Opcode.isControl(opcode);
  }

  /** How long the payload is. */
  long length() {
    return length;
  }

  /** What the payload is masked with; zero if it is not. */
  int mask() {
    return mask;
  }

  /** Whether some of a head has been read, but not all. */
  boolean begun() {
    return part != Part.FLAGS;
  }

  /**
   * Reads on.
   *
   * @return true once the head is complete; the next call begins the next one
   * @throws ProtocolException if there can be no such frame
   */
  boolean read(ByteBuffer in) {
    while (in.hasRemaining()) {
      int b = in.get() & 0xff;
      boolean complete =
          switch (part) {
            case FLAGS -> flags(b);
            case SHORT_LENGTH -> shortLength(b);
            case LENGTH -> lengthByte(b);
            case MASK -> maskByte(b);
          };
      if (complete) {
        part = Part.FLAGS;
        return true;
      }
    }
    return false;
  }

  private boolean flags(int b) {
    fin = (b & 0x80) != 0;
    compressed = (b & 0x40) != 0;
    opcode = b & 0x0f;
    if ((b & 0x30) != 0) {
      throw error("RSV2 or RSV3 is set");
    }
    if (!Opcode.isKnown(opcode)) {
      throw error("unknown opcode " + opcode);
    }
    if (isControl() && !fin) {
      throw error("a control frame in fragments");
    }
    // RFC 7692 section 6: RSV1 stands in the first frame of a message
    boolean mayBeCompressed = opcode == Opcode.TEXT || opcode == Opcode.BINARY;
    if (compressed && !(compression && mayBeCompressed)) {
      throw error("RSV1 is set");
    }
    part = Part.SHORT_LENGTH;
    return false;
  }

  private boolean shortLength(int b) {
    if (((b & 0x80) != 0) != masked) {
      throw error(masked ? "a frame of a client is not masked" : "a frame of a server is masked");
    }
    int value = b & 0x7f;
    if (isControl() && value > MAX_CONTROL_LENGTH) {
      throw error("a control frame of more than 125 bytes");
    }
    mask = 0;
    lengthSize = value <= 125 ? 0 : value == 126 ? 2 : 8;
    length = lengthSize == 0 ? value : 0;
    if (lengthSize == 0) {
      return beginMask();
    }
    part = Part.LENGTH;
    bytesLeft = lengthSize;
    return false;
  }

  private boolean lengthByte(int b) {
    if (bytesLeft == 8 && b > 0x7f) {
      throw error("a negative length");
    }
    length = length << 8 | b;
    bytesLeft--;
    if (bytesLeft > 0) {
      return false;
    }
    if (length <= (lengthSize == 2 ? 125 : 0xffff)) {
      throw error("a length in more bytes than it needs");
    }
    return beginMask();
  }

  private boolean beginMask() {
    part = Part.MASK;
    bytesLeft = Integer.BYTES;
    return !masked;
  }

  private boolean maskByte(int b) {
    mask = mask << 8 | b;
    bytesLeft--;
    return bytesLeft == 0;
  }

  private static ProtocolException error(String what) {
    return new ProtocolException(CloseCode.PROTOCOL_ERROR, what);
  }
}
