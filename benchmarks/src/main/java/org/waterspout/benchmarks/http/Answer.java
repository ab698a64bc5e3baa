// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;

/** What an answer to a workload looks like. */
final class Answer {
  private static final byte[] OK = "HTTP/1.1 200".getBytes(StandardCharsets.US_ASCII);
  private static final String END_OF_HEAD = "\r\n\r\n";
  private static final Pattern LENGTH =
      Pattern.compile("\r\ncontent-length: *(\\d+)\r\n", Pattern.CASE_INSENSITIVE);

  private static final Pattern DATE = Pattern.compile("\r\ndate: ", Pattern.CASE_INSENSITIVE);

  /** The bytes with which it begins. */
  final byte[] start;

  /** How many bytes it has. */
  final int length;

  private Answer(byte[] start, int length) {
    this.start = start;
    this.length = length;
  }

  /** Asks once. The channel is in blocking mode. */
  static void ask(SocketChannel channel, Workload workload) throws IOException {
    send(channel, workload.request());
  }

  /** Takes what was asked for, and checks every byte that can be known. */
  static Answer take(SocketChannel channel, Workload workload) throws IOException {
    var body = workload.answerBody();
    if (workload == Workload.WEBSOCKET) {
      byte[] start = {(byte) 0x81, (byte) body.length};
      requireEqual(readFully(channel, start.length), start);
      requireEqual(readFully(channel, body.length), body);
      return new Answer(start, start.length + body.length);
    }
    var head = readHead(channel);
    var length = LENGTH.matcher(head);
    if (!head.startsWith("HTTP/1.1 200 ") // and a reason; Tomcat gives none
        || !DATE.matcher(head).find()
        || !length.find()
        || Integer.parseInt(length.group(1)) != body.length) {
      throw new IOException("not the answer that was expected: " + head);
    }
    requireEqual(readFully(channel, body.length), body);
    return new Answer(OK, head.length() + body.length);
  }

  /** Makes a WebSocket of a connection. */
  static void shakeHands(SocketChannel channel) throws IOException {
    send(channel, Workload.handshake());
    var head = readHead(channel);
    if (!head.startsWith("HTTP/1.1 101 ")) {
      throw new IOException("no WebSocket: " + head);
    }
  }

  static void send(SocketChannel channel, byte[] bytes) throws IOException {
    var buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  private static String readHead(SocketChannel channel) throws IOException {
    var head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith(END_OF_HEAD)) {
      head.writeBytes(readFully(channel, 1));
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  static byte[] readFully(SocketChannel channel, int count) throws IOException {
    var bytes = ByteBuffer.allocate(count);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes) < 0) {
        throw new EOFException("the server has closed the connection");
      }
    }
    return bytes.array();
  }

  private static void requireEqual(byte[] actual, byte[] expected) throws IOException {
    if (!Arrays.equals(actual, expected)) {
      throw new IOException(
          "not the body that was expected: " + new String(actual, StandardCharsets.ISO_8859_1));
    }
  }
}
