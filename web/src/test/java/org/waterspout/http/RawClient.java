// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A blocking client that sends exactly the bytes of the test, with a deadline on each read. */
final class RawClient implements AutoCloseable {
  /** An answer; the body without chunks. */
  record Response(String statusLine, Map<String, String> headers, byte[] body) {
    int status() {
      return Integer.parseInt(statusLine.substring(9, 12));
    }

    String text() {
      return new String(body, StandardCharsets.ISO_8859_1);
    }
  }

  private final Socket socket;
  private final InputStream in;

  RawClient(int port) throws IOException {
    this(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  /** Over a socket that is connected. */
  RawClient(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(20_000);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
  }

  RawClient send(String wire) throws IOException {
    return send(wire.getBytes(StandardCharsets.ISO_8859_1));
  }

  RawClient send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return this;
  }

  /** Sends; no matter if the server has closed the connection. */
  void sendIfOpen(byte... bytes) {
    try {
      send(bytes);
    } catch (IOException e) {
      // it has
    }
  }

  Response get(String target) throws IOException {
    return send("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n").read();
  }

  /** The next answer to anything but HEAD. */
  Response read() throws IOException {
    return read(true);
  }

  Response read(boolean hasBody) throws IOException {
    String statusLine = line();
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      String old = headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
      assertThat(old).as("two fields of " + line).isNull();
    }
    int status = Integer.parseInt(statusLine.substring(9, 12));
    boolean body = hasBody && status >= 200 && status != 204 && status != 304;
    return new Response(statusLine, headers, body ? body(headers) : new byte[0]);
  }

  private byte[] body(Map<String, String> headers) throws IOException {
    String length = headers.get("Content-Length");
    if (length != null) {
      return exactly(Integer.parseInt(length));
    }
    if (!headers.getOrDefault("Transfer-Encoding", "").equals("chunked")) {
      return in.readAllBytes();
    }
    return chunks().getBytes(StandardCharsets.ISO_8859_1);
  }

  /** A body in chunks, to its end. */
  String chunks() throws IOException {
    var body = new ByteArrayOutputStream();
    for (int size = chunkSize(); size > 0; size = chunkSize()) {
      body.writeBytes(exactly(size));
      assertThat(line()).isEmpty();
    }
    assertThat(line()).isEmpty();
    return body.toString(StandardCharsets.ISO_8859_1);
  }

  private int chunkSize() throws IOException {
    return Integer.parseInt(line().toLowerCase(Locale.ROOT), 16);
  }

  byte[] exactly(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("only " + bytes.length + " of " + length + " bytes");
    }
    return bytes;
  }

  String line() throws IOException {
    var line = new StringBuilder();
    while (line.length() < 2 || line.charAt(line.length() - 1) != '\n') {
      int c = in.read();
      if (c < 0) {
        throw new EOFException("after: " + line);
      }
      line.append((char) c);
    }
    assertThat(line.charAt(line.length() - 2)).isEqualTo('\r');
    return line.substring(0, line.length() - 2);
  }

  /** What comes up to a blank line, with it. */
  String head() throws IOException {
    var head = new StringBuilder();
    for (String line = line(); !line.isEmpty(); line = line()) {
      head.append(line).append("\r\n");
    }
    return head.append("\r\n").toString();
  }

  /** What else comes, up to the orderly end of the connection. */
  String rest() throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  /** Whether something has come that was not read. */
  boolean hasAnswer() throws IOException {
    return in.available() > 0;
  }

  /** What else comes, up to an end that may be a reset. */
  String restBeforeCut() {
    var rest = new ByteArrayOutputStream();
    try {
      for (int c = in.read(); c >= 0; c = in.read()) {
        rest.write(c);
      }
    } catch (IOException e) {
      assertThat(e).as(rest.toString(StandardCharsets.ISO_8859_1)).hasMessageContaining("reset");
    }
    return rest.toString(StandardCharsets.ISO_8859_1);
  }

  /** Whether the server has cut the connection: nothing but its end or a reset comes. */
  void expectCut() {
    try {
      assertThat(in.read()).isEqualTo(-1);
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("reset");
    }
  }

  /** Nothing that is HTTP comes, and then the end. */
  void expectNoAnswer() {
    try {
      assertThat(rest()).doesNotContain("HTTP/");
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("reset");
    }
  }

  void expectReset() {
    try {
      assertThat(in.readAllBytes()).as("a reset").isNull();
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("reset");
    }
  }

  /** No more from this side; the other still can send. */
  void endOutput() throws IOException {
    socket.shutdownOutput();
  }

  /** As {@link #endOutput}; no matter if the server has closed the connection. */
  void endOutputIfOpen() {
    try {
      endOutput();
    } catch (IOException e) {
      // it has
    }
  }

  /** Leaves with a reset. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
