// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Frames as bytes, right and wrong ones, and what a reader makes of them, as text. */
final class Wire {
  static final int FIN = 0x80;
  static final int MASK = 0x37fa213d;

  private Wire() {}

  static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits.replaceAll("\\s", ""));
  }

  static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  static String string(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  static long number(byte[] bytes) {
    return new BigInteger(1, bytes).longValueExact();
  }

  static byte[] join(byte[]... parts) {
    var all = new ByteArrayOutputStream();
    for (var part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** A frame of a client, masked. */
  static byte[] frame(int flags, byte[] payload) {
    var head = head(flags, payload.length, true);
    var masked = payload.clone();
    for (int i = 0; i < masked.length; i++) {
      masked[i] ^= (byte) (MASK >>> (24 - 8 * (i % 4)));
    }
    return join(head, masked);
  }

  static byte[] frame(int flags, String payload) {
    return frame(flags, utf8(payload));
  }

  static byte[] text(String text) {
    return frame(FIN | Opcode.TEXT, text);
  }

  static byte[] close(int code) {
    return frame(FIN | Opcode.CLOSE, new byte[] {(byte) (code >> 8), (byte) code});
  }

  /** A frame of a server, not masked. */
  static byte[] serverFrame(int flags, byte[] payload) {
    return join(head(flags, payload.length, false), payload);
  }

  static byte[] serverText(String text) {
    return serverFrame(FIN | Opcode.TEXT, utf8(text));
  }

  static byte[] serverClose(int code) {
    return serverFrame(FIN | Opcode.CLOSE, new byte[] {(byte) (code >> 8), (byte) code});
  }

  /** The head alone, with as long a payload announced as one likes. */
  static byte[] head(int flags, long length, boolean masked) {
    var head = ByteBuffer.allocate(14).put((byte) flags);
    int bit = masked ? 0x80 : 0;
    if (length <= 125) {
      head.put((byte) (bit | (int) length));
    } else if (length <= 0xffff) {
      head.put((byte) (bit | 126)).putShort((short) length);
    } else {
      head.put((byte) (bit | 127)).putLong(length);
    }
    if (masked) {
      head.putInt(MASK);
    }
    return Arrays.copyOf(head.array(), head.position());
  }

  static String describe(Message message) {
    return switch (message) {
      case Message.Text(var text) -> "text " + text;
      case Message.Binary(var bytes) -> "binary " + hex(bytes);
      case Message.Ping(var data) -> "ping " + hex(data);
      case Message.Pong(var data) -> "pong " + hex(data);
      case Message.Close(var code, var reason) -> "close " + code + " " + reason;
    };
  }

  /** All that is in the bytes; what ends them if they are refused. */
  static List<String> read(MessageReader reader, byte[] bytes) {
    return readPieces(reader, bytes);
  }

  /** As {@link #read}, of bytes that come in pieces. */
  static List<String> readPieces(MessageReader reader, byte[]... pieces) {
    var found = new ArrayList<String>();
    try {
      for (var piece : pieces) {
        var in = ByteBuffer.wrap(piece);
        for (var m = reader.read(in); m != null; m = reader.read(in)) {
          found.add(describe(m));
        }
      }
    } catch (ProtocolException e) {
      found.add("refused " + e.closeCode());
    }
    return found;
  }

  static byte[][] singly(byte[] bytes) {
    var pieces = new byte[bytes.length][];
    for (int i = 0; i < bytes.length; i++) {
      pieces[i] = new byte[] {bytes[i]};
    }
    return pieces;
  }
}
