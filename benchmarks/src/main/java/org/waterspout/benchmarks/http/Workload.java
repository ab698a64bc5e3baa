// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** What the clients ask for, over and over, each on its own connection. */
enum Workload {
  /** A request, as a browser's or a proxy's in length, and twelve bytes. */
  HELLO("hello", "GET /hello HTTP/1.1\r\n", 1),

  /** Sixteen requests in one piece, and so sixteen answers. */
  PIPELINED("pipelined hello, 16 deep", "GET /hello HTTP/1.1\r\n", 16),

  /** A body of 16 KiB, which comes back. */
  POST("POST of 16 KiB, echoed", "POST /echo HTTP/1.1\r\nContent-Length: 16384\r\n", 1),

  /** 1 MiB out of memory. */
  DOWNLOAD("download of 1 MiB", "GET /download HTTP/1.1\r\n", 1),

  /** A servlet that waits for ten milliseconds, as for a database, on a thousand connections. */
  SLEEP("a servlet that sleeps 10 ms, 1,000 connections", "GET /sleep HTTP/1.1\r\n", 1),

  /** A servlet whose answer is written by another thread when it has long returned. */
  ASYNC("asynchronous servlet", "GET /async HTTP/1.1\r\n", 1),

  /** A page of JSP: a table of twenty rows, by expressions. */
  JSP("JSP page of 1 KiB", "GET /page.jsp HTTP/1.1\r\n", 1),

  /** A text of 64 characters, which comes back. */
  WEBSOCKET("WebSocket, 64 bytes echoed", "", 1);

  static final byte[] HELLO_BODY = "Hello, world".getBytes(StandardCharsets.US_ASCII);
  static final int POST_SIZE = 16 * 1024;
  static final int DOWNLOAD_SIZE = 1024 * 1024;
  static final int MESSAGE_SIZE = 64;

  private static final String OTHER_FIELDS =
      """
      Host: localhost:8888\r
      Accept: text/plain,text/html;q=0.9,*/*;q=0.1\r
      User-Agent: waterspout-benchmarks\r
      \r
      """;
  private static final String HANDSHAKE =
      """
      GET /ws HTTP/1.1\r
      Connection: Upgrade\r
      Upgrade: websocket\r
      Sec-WebSocket-Version: 13\r
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
      """;

  /** As the tables call it. */
  final String label;

  private final String start;

  /** How many requests are on their way at a time, per connection. */
  final int depth;

  Workload(String label, String start, int depth) {
    this.label = label;
    this.start = start;
    this.depth = depth;
  }

  /** Whether only servlets do it. */
  boolean isForServlets() {
    return this == SLEEP || this == ASYNC || this == JSP;
  }

  /** How many clients ask at a time, if others have so many. */
  int connections(int others) {
    return this == SLEEP ? 1_000 : others;
  }

  /** What is asked for. */
  String path() {
    return start.split(" ", 3)[1];
  }

  /** One request, or one frame. */
  byte[] request() {
    return switch (this) {
      case WEBSOCKET -> maskedFrame();
      case POST -> join(head(), body(POST_SIZE));
      case HELLO, PIPELINED, DOWNLOAD, SLEEP, ASYNC, JSP -> head();
    };
  }

  /** What the answer to it carries. */
  byte[] answerBody() {
    return switch (this) {
      case HELLO, PIPELINED, SLEEP, ASYNC -> HELLO_BODY;
      case POST -> body(POST_SIZE);
      case DOWNLOAD -> body(DOWNLOAD_SIZE);
      case JSP -> page();
      case WEBSOCKET -> body(MESSAGE_SIZE);
    };
  }

  private byte[] head() {
    return (start + OTHER_FIELDS).getBytes(StandardCharsets.US_ASCII);
  }

  /** The lines that make a WebSocket of a connection. */
  static byte[] handshake() {
    return (HANDSHAKE + OTHER_FIELDS).getBytes(StandardCharsets.US_ASCII);
  }

  /** What page.jsp makes. */
  private static byte[] page() {
    var page = new StringBuilder("<!DOCTYPE html><title>Squares</title><table>");
    for (int i = 1; i <= 20; i++) {
      page.append("<tr><td>").append(i).append("</td><td>").append(i * i).append("</td></tr>");
    }
    return page.append("</table>").toString().getBytes(StandardCharsets.US_ASCII);
  }

  /** Printable, and different in each place of a line. */
  static byte[] body(int size) {
    var bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) (' ' + i % 95);
    }
    return bytes;
  }

  private static byte[] maskedFrame() {
    var head = new byte[] {(byte) 0x81, (byte) (0x80 | MESSAGE_SIZE)};
    var key = HexFormat.of().parseHex("37fa213d");
    var payload = body(MESSAGE_SIZE);
    for (int i = 0; i < payload.length; i++) {
      payload[i] ^= key[i % 4];
    }
    return join(join(head, key), payload);
  }

  private static byte[] join(byte[] first, byte[] second) {
    var joined = new byte[first.length + second.length];
    System.arraycopy(first, 0, joined, 0, first.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }
}
