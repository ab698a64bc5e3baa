// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Sends exactly these bytes and reads what comes. Every read has a deadline. */
final class RawClient implements AutoCloseable {
  private static final int DEADLINE_MILLIS = 20_000;

  private final Socket socket;
  private final InputStream in;

  RawClient(int port) throws IOException {
    this(port, DEADLINE_MILLIS);
  }

  RawClient(int port, int deadlineMillis) throws IOException {
    socket = new Socket("127.0.0.1", port);
    socket.setSoTimeout(deadlineMillis);
    in = socket.getInputStream();
  }

  void send(String text) throws IOException {
    send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /** All until the server closes. */
  String readToEnd() throws IOException {
    return new String(readBytesToEnd(), StandardCharsets.ISO_8859_1);
  }

  byte[] readBytesToEnd() throws IOException {
    return in.readAllBytes();
  }

  /** All until the given text has come. */
  String readUntil(String end) throws IOException {
    var read = new StringBuilder();
    while (read.indexOf(end) < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("closed after: " + read);
      }
      read.append((char) next);
    }
    return read.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
