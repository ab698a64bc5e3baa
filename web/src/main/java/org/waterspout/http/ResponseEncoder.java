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
final class ResponseEncoder {
  /** In the place of one that is not needed any more. Never used. */
  static final ResponseEncoder SPENT = new ResponseEncoder(null, false);

  private enum State {
    START,
    BODY,
    ENDED
  }

  private enum Framing {
    /** The body is dropped: the answer to HEAD. */
    DROPPED,
    /** There must be no body. */
    EMPTY,
    LENGTH,
    CHUNKED,
    UNTIL_CLOSE
  }

  private final boolean head;
  private final boolean connect;
  private final boolean http10;
  private State state = State.START;
  private Framing framing = Framing.EMPTY;
  private long left;
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

  /** Whether the head has been encoded. */
  boolean started() {
    return state != State.START;
  }

  /** Whether the whole answer has been encoded. */
  boolean ended() {
    return state == State.ENDED;
  }

  /** The status of the answer, 0 until its head is encoded. */
  int status() {
    return status;
  }

  /** Whether the connection may go on after this answer; final once the head is encoded. */
  boolean keepAlive() {
    return keepAlive;
  }

  /** Whether the end of the connection is the end of the answer, so that only a reset cuts it. */
  boolean endsWithConnection() {
    return framing == Framing.UNTIL_CLOSE && state == State.BODY;
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
    if (state != State.START) {
      throw new IllegalStateException("the headers of this answer were sent before");
    }
    status = startLine.status();
    boolean bodiless = status < 200 || status == 204 || status == 304;
    boolean tunnel = connect && status >= 200 && status < 300;
    framing = tunnel ? Framing.UNTIL_CLOSE : framing(headers, bodiless);
    checkRoom(first);
    keepAlive =
        keepAlive
            && framing != Framing.UNTIL_CLOSE
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
    if (framing == Framing.CHUNKED) {
      out.add("Transfer-Encoding: chunked\r\n");
    }
    if (!keepAlive) {
      out.add("Connection: close\r\n");
    } else if (http10) {
      out.add("Connection: keep-alive\r\n");
    }
    out.crlf();
    state = State.BODY;
  }

  /**
   * Adds what stands before a piece of the body.
   *
   * @return whether the piece itself is sent
   */
  boolean beforePiece(int length, OutBytes out) {
    if (state != State.BODY) {
      throw new IllegalStateException(
          state == State.START ? "the headers come before the body" : "the answer is finished");
    }
    checkRoom(length);
    if (length == 0 || framing == Framing.DROPPED) {
      return false;
    }
    if (framing == Framing.CHUNKED) {
      out.hex(length).crlf();
    } else if (framing == Framing.LENGTH) {
      left -= length;
    }
    return true;
  }

  /** Whether anything stands behind a piece that is sent. */
  boolean framesPieces() {
    return framing == Framing.CHUNKED;
  }

  /** Adds what stands behind a piece that is sent. */
  void afterPiece(OutBytes out) {
    if (framing == Framing.CHUNKED) {
      out.crlf();
    }
  }

  /** Adds an answer before the answer; nothing for clients that do not know such. */
  void informational(ResponseStartLine startLine, HTTPHeaders headers, OutBytes out) {
    if (state != State.START) {
      throw new IllegalStateException("the headers of this answer were sent before");
    }
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

  /** Adds what ends the answer. */
  void end(OutBytes out) {
    end(TrailerFields.NONE, out);
  }

  /** Adds what ends the answer, with fields behind its body where they can be sent. */
  void end(HTTPHeaders trailers, OutBytes out) {
    if (state != State.BODY) {
      throw new IllegalStateException(
          state == State.START ? "no headers were sent" : "the answer was finished before");
    }
    if (framing == Framing.LENGTH && left > 0) {
      throw new HTTPOutputException("the answer is " + left + " bytes short of Content-Length");
    }
    if (!trailers.isEmpty()) {
      checkTrailers(trailers);
    }
    if (framing == Framing.CHUNKED) {
      out.add("0\r\n");
      for (int i = 0; i < trailers.size(); i++) {
        out.add(trailers.nameAt(i)).add(": ").add(trailers.valueAt(i)).crlf();
      }
      out.crlf();
    }
    state = State.ENDED;
  }

  private void checkTrailers(HTTPHeaders trailers) {
    if (framing == Framing.LENGTH) {
      throw new HTTPOutputException("trailers behind a body with Content-Length");
    }
    for (int i = 0; i < trailers.size(); i++) {
      if (!TrailerFields.allows(trailers.nameAt(i))) {
        throw new HTTPOutputException(trailers.nameAt(i) + " must stand in front of the body");
      }
    }
  }

  private Framing framing(HTTPHeaders headers, boolean bodiless) {
    int first = headers.find("Content-Length");
    if (first >= 0) {
      left = Syntax.decimal(headers.valueAt(first));
      if (left < 0 || headers.getList("Content-Length").size() > 1) {
        throw new HTTPOutputException(
            "malformed Content-Length: " + headers.getList("Content-Length"));
      }
    }
    if (bodiless) {
      return Framing.EMPTY;
    } else if (head) {
      return Framing.DROPPED;
    } else if (first >= 0) {
      return Framing.LENGTH;
    }
    return http10 ? Framing.UNTIL_CLOSE : Framing.CHUNKED;
  }

  private void checkRoom(int length) {
    if (framing == Framing.EMPTY && length > 0) {
      throw new HTTPOutputException("a body in an answer that can have none");
    }
    if (framing == Framing.LENGTH && length > left) {
      throw new HTTPOutputException(
          "the answer is " + (length - left) + " bytes longer than Content-Length");
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
