// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;

/** What a client of {@link IdleServer} says, and awaits, before it falls silent. */
enum Talk {
  /** One request. */
  KEEP_ALIVE("idle keep-alive", "/hello", ""),

  /** A handshake with what it must have, and one message, echoed. */
  WEBSOCKET("idle WebSocket", "/echo", Talk.HANDSHAKE),

  /** The same with all that a browser says of itself. */
  BROWSER("idle WebSocket of a browser", "/echo", Talk.HANDSHAKE + Talk.BROWSER_HEADERS),

  /** The same as the first with compression, which keeps nothing between messages. */
  DEFLATE(
      "idle WebSocket, deflate without contexts",
      "/deflate",
      Talk.HANDSHAKE
          + "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover;"
          + " client_no_context_takeover\r\n"),

  /** The same with compression as it is by default: both contexts are kept. */
  CONTEXTS(
      "idle WebSocket, deflate with contexts",
      "/deflate",
      Talk.HANDSHAKE + "Sec-WebSocket-Extensions: permessage-deflate\r\n");

  private static final String HANDSHAKE =
      """
      Upgrade: websocket\r
      Connection: Upgrade\r
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
      Sec-WebSocket-Version: 13\r
      """;

  private static final String BROWSER_HEADERS =
      """
      Pragma: no-cache\r
      Cache-Control: no-cache\r
      User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) \
      Chrome/140.0.0.0 Safari/537.36\r
      Origin: http://localhost:8888\r
      Accept-Encoding: gzip, deflate, br, zstd\r
      Accept-Language: en-GB,en-US;q=0.9,en;q=0.8\r
      Cookie: session=8a6e0804-2bd0-4672-b79d-d97027f9071a\r
      """;

  private static final byte[] MESSAGE = "a message".getBytes(StandardCharsets.US_ASCII);

  private final String label;
  private final String path;
  private final String headers;

  Talk(String label, String path, String headers) {
    this.label = label;
    this.path = path;
    this.headers = headers;
  }

  /** As the tables call a connection that has fallen silent. */
  String label() {
    return label;
  }

  /** The part of some clients, each of which has a connection. */
  void speakOver(List<SocketChannel> channels) throws IOException {
    var request = "GET " + path + " HTTP/1.1\r\nHost: localhost:8888\r\n" + headers + "\r\n";
    for (var channel : channels) {
      channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
    }
    if (this == KEEP_ALIVE) {
      for (var channel : channels) {
        awaitEnd(channel, "\r\n\r\nhello");
      }
      return;
    }
    for (var channel : channels) {
      awaitEnd(channel, "\r\n\r\n");
      channel.write(ByteBuffer.wrap(frame()));
    }
    for (var channel : channels) {
      var head = readFully(channel, 2);
      readFully(channel, head[1]);
    }
  }

  private static void awaitEnd(SocketChannel channel, String end) throws IOException {
    var answer = new StringBuilder();
    while (!answer.toString().endsWith(end)) {
      answer.append((char) readFully(channel, 1)[0]);
    }
  }

  private static byte[] readFully(SocketChannel channel, int count) throws IOException {
    var bytes = ByteBuffer.allocate(count);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes) < 0) {
        throw new EOFException("the server has closed a connection");
      }
    }
    return bytes.array();
  }

  /** The message as a text, masked with zeros, which change nothing. */
  private byte[] frame() {
    boolean deflated = this == DEFLATE || this == CONTEXTS;
    var payload = deflated ? deflated(MESSAGE) : MESSAGE;
    var frame = new ByteArrayOutputStream();
    frame.write(deflated ? 0xc1 : 0x81);
    frame.write(0x80 | payload.length);
    frame.writeBytes(new byte[4]);
    frame.writeBytes(payload);
    return frame.toByteArray();
  }

  /** RFC 7692 section 7.2.1: without the last four bytes. */
  private static byte[] deflated(byte[] message) {
    var deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    deflater.setInput(message);
    var out = new byte[100];
    int size = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
    deflater.end();
    return Arrays.copyOf(out, size - 4);
  }
}
