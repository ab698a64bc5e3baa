// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A raw socket that reads answers by their framing and notices when they are cut. */
final class Client implements AutoCloseable {
  private static final int DEADLINE_MILLIS = 20_000;

  final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private List<String> trailers = List.of();
  private boolean chunkOpen; // the CRLF behind a chunk is still to be read

  record Answer(int status, List<String> head, byte[] body) {
    /** All values of a field. */
    List<String> header(String name) {
      String prefix = name.toLowerCase(Locale.ROOT) + ":";
      return head.stream()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
          .map(line -> line.substring(prefix.length()).strip())
          .toList();
    }

    String text() {
      return new String(body, UTF_8);
    }
  }

  Client(int port) throws IOException {
    this(port, 0);
  }

  /** With a receive buffer of this size, or the default. */
  Client(int port, int receiveBuffer) throws IOException {
    this(connected(port, receiveBuffer));
  }

  private static Socket connected(int port, int receiveBuffer) throws IOException {
    var socket = new Socket();
    if (receiveBuffer > 0) {
      socket.setReceiveBufferSize(receiveBuffer);
    }
    socket.connect(new InetSocketAddress("127.0.0.1", port), DEADLINE_MILLIS);
    return socket;
  }

  /** Over a connected socket, which it owns. */
  Client(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(DEADLINE_MILLIS);
    in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
    out = socket.getOutputStream();
  }

  Client send(String text) throws IOException {
    return send(text.getBytes(UTF_8));
  }

  Client send(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
    return this;
  }

  Answer get(String target) throws IOException {
    send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    return answer();
  }

  Answer post(String target, byte[] body) throws IOException {
    String head = "POST " + target + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: ";
    var message = new ByteArrayOutputStream();
    message.writeBytes((head + body.length + "\r\n\r\n").getBytes(UTF_8));
    message.writeBytes(body);
    return send(message.toByteArray()).answer(); // in one write: small ones arrive as a whole
  }

  /** A whole answer; EOFException if it is cut. */
  Answer answer() throws IOException {
    return answer(false);
  }

  Answer answer(boolean toHead) throws IOException {
    var head = head();
    int status = Integer.parseInt(head.getFirst().split(" ")[1]);
    return new Answer(status, head, toHead ? new byte[0] : body(status, head));
  }

  List<String> head() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      lines.add(line);
    }
    return lines;
  }

  /**
   * One chunk of a chunked body; empty at its end. Jetty sends a chunk's last CRLF with the next.
   */
  byte[] chunk() throws IOException {
    if (chunkOpen) {
      line();
    }
    byte[] bytes = exactly(Integer.parseInt(line().strip(), 16));
    chunkOpen = bytes.length > 0;
    if (!chunkOpen) {
      trailers = head();
    }
    return bytes;
  }

  /** The fields behind the last body that ended. */
  List<String> trailers() {
    return trailers;
  }

  byte[] exactly(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("cut after " + bytes.length + " of " + length + " bytes");
    }
    return bytes;
  }

  /** All until the end, or the reset, of the connection. */
  String rest() {
    var all = new ByteArrayOutputStream();
    try {
      in.transferTo(all);
    } catch (IOException e) {
      // what came before counts
    }
    return all.toString(UTF_8);
  }

  /** Whether the server has closed the connection, after whatever it still sent. */
  boolean closed() {
    try {
      while (in.read() >= 0) {
        // to the end
      }
      return true;
    } catch (IOException e) {
      return !(e instanceof java.net.SocketTimeoutException);
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

  private byte[] body(int status, List<String> head) throws IOException {
    if (status == 204 || status == 304) {
      return new byte[0];
    }
    var answer = new Answer(status, head, new byte[0]);
    if (answer.header("Transfer-Encoding").equals(List.of("chunked"))) {
      var body = new ByteArrayOutputStream();
      for (byte[] chunk = chunk(); chunk.length > 0; chunk = chunk()) {
        body.write(chunk);
      }
      return body.toByteArray();
    }
    var length = answer.header("Content-Length");
    return length.isEmpty() ? in.readAllBytes() : exactly(Integer.parseInt(length.getFirst()));
  }

  String line() throws IOException {
    var line = new ByteArrayOutputStream();
    int b;
    while ((b = in.read()) != '\n') {
      if (b < 0) {
        throw new EOFException("cut in a line: " + line.toString(ISO_8859_1));
      }
      line.write(b);
    }
    String text = line.toString(ISO_8859_1);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }
}
