// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A blocking client that sends exactly the bytes of the test, with a deadline on each read. */
final class RawClient implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;

  RawClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(20_000);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** One byte for each character. */
  RawClient send(String bytes) throws IOException {
    return send(bytes.getBytes(StandardCharsets.ISO_8859_1));
  }

  RawClient send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return this;
  }

  /** For threads that only send. */
  void sendUnchecked(byte[] bytes) {
    try {
      send(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Start line and headers of an answer, without the blank line and without Date. */
  String head() throws IOException {
    var head = new StringBuilder();
    while (!head.toString().endsWith("\r\n\r\n")) {
      int c = in.read();
      if (c < 0) {
        throw new EOFException("after: " + head);
      }
      head.append((char) c);
    }
    return head.substring(0, head.length() - 2).replaceFirst("Date: [^\r]*\r\n", "");
  }

  String exactly(int length) throws IOException {
    return new String(bytes(length), StandardCharsets.ISO_8859_1);
  }

  byte[] bytes(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("only " + bytes.length + " of " + length + " bytes");
    }
    return bytes;
  }

  /** What else comes, up to the orderly end of the connection. */
  String rest() throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
