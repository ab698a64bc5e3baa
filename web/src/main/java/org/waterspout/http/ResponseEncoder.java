// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import org.jspecify.annotations.Nullable;

/**
 * Turns one answer into bytes: status line, headers, framing of the body, RFC 9112 sections 4 and
 * 6. Pure, and used by one thread at a time: the loop's, or the one that borrowed the write side.
 *
 * <p>Framing is decided here alone. A length that was announced is held; without one the body is
 * chunked, or for HTTP/1.0 ends with the connection. Answers that have no body (to HEAD, 1xx, 204,
 * 304) get none; a success of CONNECT (RFC 9110 section 9.3.6) has one that ends with the
 * connection. Connection and Transfer-Encoding are ours: what the application says about them only
 * counts where it asks for the end of the connection or names another option.
 */
final class ResponseEncoder extends MessageEncoder {
  /** In the place of one that is not needed any more. Never used. */
  static final ResponseEncoder SPENT = new ResponseEncoder(null, false);

  private final boolean head;
  private final boolean connect;
  private final boolean http10;
  private boolean keepAlive;
  private int status; // 0 until the head is encoded

  /**
   * The encoder for the answer to one request, null if not even its first line could be read.
   *
   * @param keepAlive whether the connection may go on after the answer
   */
  ResponseEncoder(@Nullable RequestHead request, boolean keepAlive) {
    this.head = request != null && request.startLine().method().equals("HEAD");
    this.connect = request != null && request.startLine().method().equals("CONNECT");
    this.http10 = request != null && request.http10();
    this.keepAlive = keepAlive;
  }

  @Override
  String name() {
    return "answer";
  }

  /** The status of the answer, 0 until its head is encoded. */
  int status() {
    return status;
  }

  /** Whether the connection may go on after this answer; final once the head is encoded. */
  boolean keepAlive() {
    return keepAlive;
  }

  /** Says before the head is encoded that the connection will not go on. */
  void refuseKeepAlive() {
    keepAlive = false;
  }

  /**
   * Adds status line and headers.
   *
   * @param first how many bytes of the body will follow at once; throws here if they may not
   * @param date the value of Date if the headers have none
   */
  void head(
      ResponseStartLine startLine, HTTPHeaders headers, int first, byte[] date, OutBytes out) {
    checkNotStarted();
    status = startLine.status();
    boolean bodiless = status < 200 || status == 204 || status == 304;
    boolean tunnel = connect && status >= 200 && status < 300;
    chooseFraming(headers, bodiless, tunnel);
    checkRoom(first);
    keepAlive =
        keepAlive
            && framing() != Framing.UNTIL_CLOSE
            && status >= 200
            && !HeaderList.contains(headers, "Connection", "close");
    out.add("HTTP/1.1 ").decimal(status).add(" ").add(startLine.reason()).crlf();
    boolean noLength = status < 200 || status == 204 || tunnel; // RFC 9110 8.6
    for (int i = 0; i < headers.size(); i++) {
      String name = headers.nameAt(i);
      if (!isOurs(name, headers.valueAt(i), noLength)) {
        out.add(name).add(": ").add(headers.valueAt(i)).crlf();
      }
    }
    if (headers.find("Date") < 0) {
      out.add("Date: ").add(date).crlf();
    }
    if (framing() == Framing.CHUNKED) {
      out.add("Transfer-Encoding: chunked\r\n");
    }
    if (!keepAlive) {
      out.add("Connection: close\r\n");
    } else if (http10) {
      out.add("Connection: keep-alive\r\n");
    }
    out.crlf();
    headEncoded();
  }

  /** Adds an answer before the answer; nothing for clients that do not know such. */
  void informational(ResponseStartLine startLine, HTTPHeaders headers, OutBytes out) {
    checkNotStarted();
    int status = startLine.status();
    if (status < 102 || status > 199) {
      throw new IllegalArgumentException(status + " is not sent before an answer");
    }
    if (http10) {
      return;
    }
    out.add("HTTP/1.1 ").decimal(status).add(" ").add(startLine.reason()).crlf();
    for (int i = 0; i < headers.size(); i++) {
      if (!isOurs(headers.nameAt(i), headers.valueAt(i), true)) {
        out.add(headers.nameAt(i)).add(": ").add(headers.valueAt(i)).crlf();
      }
    }
    out.crlf();
  }

  private void chooseFraming(HTTPHeaders headers, boolean bodiless, boolean tunnel) {
    if (tunnel) {
      frame(Framing.UNTIL_CLOSE, 0);
      return;
    }
    long length = announcedLength(headers);
    if (bodiless) {
      frame(Framing.EMPTY, 0);
    } else if (head) {
      frame(Framing.DROPPED, 0);
    } else if (length >= 0) {
      frame(Framing.LENGTH, length);
    } else {
      frame(http10 ? Framing.UNTIL_CLOSE : Framing.CHUNKED, 0);
    }
  }

  private static boolean isOurs(String name, String value, boolean noLength) {
    return switch (name.length()) {
      case 10 ->
          name.equalsIgnoreCase("Connection")
              && (value.equalsIgnoreCase("close") || value.equalsIgnoreCase("keep-alive"));
      case 14 -> noLength && name.equalsIgnoreCase("Content-Length");
      case 17 -> name.equalsIgnoreCase("Transfer-Encoding");
      default -> false;
    };
  }
}
