// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** An end that sends exactly the bytes of the test and shows those that it gets. */
final class RawWebSocket implements AutoCloseable {
  static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
  static final String REQUEST =
      "GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          + "Sec-WebSocket-Key: "
          + KEY
          + "\r\nSec-WebSocket-Version: 13\r\n";

  final Socket socket;
  final InputStream in;

  RawWebSocket(int port) throws IOException {
    this(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  RawWebSocket(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(20_000);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** The handshake, with further header lines. */
  RawWebSocket upgrade(String headers) throws IOException {
    send((REQUEST + headers + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    assertThat(head()).startsWith("HTTP/1.1 101 Switching Protocols\r\n");
    return this;
  }

  /** A server's answer to a handshake that has come, with further header lines. */
  RawWebSocket accept(String headers) throws IOException {
    return send(Wire.utf8(answer(head(), headers)));
  }

  /** The answer to this handshake. */
  static String answer(String request, String headers) {
    var key = request.replaceAll("(?s).*Sec-WebSocket-Key: ([^\r]*)\r.*", "$1");
    return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Accept: "
        + Handshake.accept(key)
        + "\r\n"
        + headers
        + "\r\n";
  }

  RawWebSocket send(byte[]... parts) throws IOException {
    socket.getOutputStream().write(Wire.join(parts));
    return this;
  }

  /** The head of an answer, with its empty line. */
  String head() throws IOException {
    var head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int b = in.read();
      assertThat(b).as(head.toString(StandardCharsets.ISO_8859_1)).isNotEqualTo(-1);
      head.write(b);
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  /**
   * The next frame: flags and payload in hexadecimal, the payload of a text as text. What is masked
   * has a * in front.
   */
  String frame() throws IOException {
    int flags = in.read();
    if (flags < 0) {
      return "end";
    }
    int shortLength = in.read();
    int length = shortLength & 0x7f;
    if (length == 126) {
      length = in.read() << 8 | in.read();
    } else if (length == 127) {
      length = (int) Wire.number(in.readNBytes(8));
    }
    var mask = in.readNBytes(shortLength > 127 ? 4 : 0);
    var payload = in.readNBytes(length);
    assertThat(payload).hasSize(length);
    for (int i = 0; i < length && mask.length > 0; i++) {
      payload[i] ^= mask[i % 4];
    }
    return (mask.length > 0 ? "*" : "") + shown(flags, payload);
  }

  private static String shown(int flags, byte[] payload) {
    return switch (flags) {
      case 0x81 -> "text " + new String(payload, StandardCharsets.UTF_8);
      case 0x88 -> "close " + closing(payload);
      case 0x89 -> "ping " + Wire.hex(payload);
      case 0x8a -> "pong " + Wire.hex(payload);
      default -> Integer.toHexString(flags) + " " + Wire.hex(payload);
    };
  }

  private static String closing(byte[] payload) {
    if (payload.length == 0) {
      return "";
    }
    var reason = Arrays.copyOfRange(payload, 2, payload.length);
    return Wire.number(Arrays.copyOf(payload, 2)) + " " + Wire.string(reason);
  }

  /** Answers the server's close frame and waits for it to end the connection. */
  void finishClose(int code) throws IOException {
    send(Wire.close(code));
    assertThat(in.read()).isEqualTo(-1);
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
