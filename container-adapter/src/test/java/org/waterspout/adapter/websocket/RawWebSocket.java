// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.websocket;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/** A client that sends exactly the bytes of the test, and shows the frames that it gets. */
final class RawWebSocket implements AutoCloseable {
  static final int FIN = 0x80;
  static final int TEXT = 1;
  static final int BINARY = 2;
  static final int CLOSE = 8;
  static final int PING = 9;
  static final int PONG = 10;
  private static final byte[] MASK = {0x37, (byte) 0xfa, 0x21, 0x3d};

  final Socket socket = new Socket();
  private final InputStream in;

  RawWebSocket(int port) throws IOException {
    this(port, 0);
  }

  /** With a receive buffer of this size, or the default. */
  RawWebSocket(int port, int receiveBuffer) throws IOException {
    if (receiveBuffer > 0) {
      socket.setReceiveBufferSize(receiveBuffer);
    }
    socket.connect(new InetSocketAddress("127.0.0.1", port), 20_000);
    socket.setSoTimeout(20_000);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
  }

  static String handshake(String target, String... headers) {
    var lines = new StringBuilder("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n");
    lines.append("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n");
    lines.append("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
    for (String header : headers) {
      lines.append(header).append("\r\n");
    }
    return lines.append("\r\n").toString();
  }

  /** Opens the WebSocket; the head of the answer. */
  String open(String target, String... headers) throws IOException {
    send(handshake(target, headers).getBytes(ISO_8859_1));
    String head = head();
    if (!head.startsWith("HTTP/1.1 101 ")) {
      throw new IOException(head);
    }
    return head;
  }

  RawWebSocket opened(String target) throws IOException {
    open(target);
    return this;
  }

  /** The head of an answer, with its empty line. */
  String head() throws IOException {
    var head = new ByteArrayOutputStream();
    while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
      int b = in.read();
      if (b < 0) {
        throw new EOFException("cut: " + head.toString(ISO_8859_1));
      }
      head.write(b);
    }
    return head.toString(ISO_8859_1);
  }

  /** The body of an answer with this head. */
  String body(String head) throws IOException {
    var length = head.replaceAll("(?is).*content-length: (\\d+).*", "$1");
    return new String(in.readNBytes(Integer.parseInt(length)), UTF_8);
  }

  RawWebSocket send(byte[]... parts) throws IOException {
    var all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    socket.getOutputStream().write(all.toByteArray());
    return this;
  }

  RawWebSocket text(String text) throws IOException {
    return send(frame(FIN | TEXT, text.getBytes(UTF_8)));
  }

  static byte[] frame(int flags, byte[] payload) {
    var frame = ByteBuffer.allocate(payload.length + 14).put((byte) flags);
    if (payload.length <= 125) {
      frame.put((byte) (0x80 | payload.length));
    } else if (payload.length <= 0xffff) {
      frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
    } else {
      frame.put((byte) (0x80 | 127)).putLong(payload.length);
    }
    frame.put(MASK);
    for (int i = 0; i < payload.length; i++) {
      frame.put((byte) (payload[i] ^ MASK[i % 4]));
    }
    byte[] bytes = new byte[frame.flip().remaining()];
    frame.get(bytes);
    return bytes;
  }

  static byte[] close(int code, String reason) {
    byte[] text = reason.getBytes(UTF_8);
    var payload = ByteBuffer.allocate(2 + text.length).putShort((short) code).put(text);
    return frame(FIN | CLOSE, payload.array());
  }

  /** The next message or control frame, as text; "end" if the connection is over, in any way. */
  String frame() throws IOException {
    int flags = readOrEnd();
    try {
      return flags < 0 ? "end" : message(flags);
    } catch (EOFException e) {
      return "end"; // in the middle of it
    }
  }

  private String message(int first) throws IOException {
    var message = new ByteArrayOutputStream();
    message.writeBytes(payload());
    int flags = first;
    while ((flags & FIN) == 0) {
      flags = in.read();
      if ((flags & 0xf) != 0) {
        throw new IOException("between fragments: " + Integer.toHexString(flags));
      }
      message.writeBytes(payload());
    }
    return shown(first | FIN, message.toByteArray());
  }

  private byte[] payload() throws IOException {
    int length = in.read();
    if (length == 126) {
      length = ByteBuffer.wrap(in.readNBytes(2)).getShort() & 0xffff;
    } else if (length == 127) {
      length = (int) ByteBuffer.wrap(in.readNBytes(8)).getLong();
    }
    byte[] payload = in.readNBytes(length);
    if (payload.length < length) {
      throw new EOFException("cut in a frame");
    }
    return payload;
  }

  private int readOrEnd() throws IOException {
    try {
      return in.read();
    } catch (java.net.SocketTimeoutException e) {
      throw e;
    } catch (IOException e) {
      return -1;
    }
  }

  private static String shown(int flags, byte[] payload) {
    return switch (flags) {
      case FIN | TEXT -> "text " + new String(payload, UTF_8);
      case FIN | BINARY -> "binary " + HexFormat.of().formatHex(payload);
      case FIN | PING -> ("ping " + HexFormat.of().formatHex(payload)).strip();
      case FIN | PONG -> "pong " + HexFormat.of().formatHex(payload);
      case FIN | CLOSE ->
          payload.length == 0
              ? "close"
              : ("close "
                      + (ByteBuffer.wrap(payload).getShort() & 0xffff)
                      + " "
                      + new String(payload, 2, payload.length - 2, UTF_8))
                  .strip();
      default -> Integer.toHexString(flags) + " " + HexFormat.of().formatHex(payload);
    };
  }

  /** The frames up to the close frame or the end, that one included. */
  String lastFrame() throws IOException {
    String frame = frame();
    while (!frame.startsWith("close") && !frame.equals("end")) {
      frame = frame();
    }
    return frame;
  }

  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
