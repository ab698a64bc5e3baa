// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

/**
 * Turns the body of one message into bytes, framed as its head says, RFC 9112 section 6. Pure. What
 * was announced is held: not a byte more and not one less.
 */
abstract sealed class MessageEncoder permits RequestEncoder, ResponseEncoder {
  /** How the end of the body is told. */
  enum Framing {
    /** The body is dropped: the answer to HEAD. */
    DROPPED,
    /** There must be no body. */
    EMPTY,
    LENGTH,
    CHUNKED,
    UNTIL_CLOSE
  }

  private enum State {
    START,
    BODY,
    ENDED
  }

  private State state = State.START;
  private Framing framing = Framing.EMPTY;
  private long left; // of the announced length

  /** What is encoded, for messages: "answer" or "request". */
  abstract String name();

  /** Whether the head has been encoded. */
  final boolean started() {
    return state != State.START;
  }

  /** Whether the whole message has been encoded. */
  final boolean ended() {
    return state == State.ENDED;
  }

  /** Whether the end of the connection is the end of the message, so that only a reset cuts it. */
  final boolean endsWithConnection() {
    return framing == Framing.UNTIL_CLOSE && state == State.BODY;
  }

  final void checkNotStarted() {
    if (state != State.START) {
      throw new IllegalStateException("the headers of this " + name() + " were sent before");
    }
  }

  /** Says how the body is framed, and for LENGTH how long it is. */
  final void frame(Framing framing, long length) {
    this.framing = framing;
    this.left = length;
  }

  final Framing framing() {
    return framing;
  }

  /** The head has been encoded. */
  final void headEncoded() {
    state = State.BODY;
  }

  /** The announced length; saturated, -1 if there is none. */
  final long announcedLength(HTTPHeaders headers) {
    int first = headers.find("Content-Length");
    if (first < 0) {
      return -1;
    }
    long length = Syntax.decimal(headers.valueAt(first));
    if (length < 0 || headers.getList("Content-Length").size() > 1) {
      throw new HTTPOutputException(
          "malformed Content-Length: " + headers.getList("Content-Length"));
    }
    return length;
  }

  /**
   * Refuses a piece that there is no room for.
   *
   * @throws HTTPOutputException if there must not be so many bytes more
   */
  final void checkRoom(int length) {
    if (framing == Framing.EMPTY && length > 0) {
      throw new HTTPOutputException("a body in " + withArticle() + " that can have none");
    }
    if (framing == Framing.LENGTH && length > left) {
      throw new HTTPOutputException(
          "the " + name() + " is " + (length - left) + " bytes longer than Content-Length");
    }
  }

  /**
   * Adds what stands before a piece of the body.
   *
   * @return whether the piece itself is sent
   */
  final boolean beforePiece(int length, OutBytes out) {
    if (state != State.BODY) {
      throw new IllegalStateException(
          state == State.START
              ? "the headers come before the body"
              : "the " + name() + " is finished");
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
  final boolean framesPieces() {
    return framing == Framing.CHUNKED;
  }

  /** Adds what stands behind a piece that is sent. */
  final void afterPiece(OutBytes out) {
    if (framing == Framing.CHUNKED) {
      out.crlf();
    }
  }

  /** Adds what ends the message. */
  final void end(OutBytes out) {
    end(TrailerFields.NONE, out);
  }

  /** Adds what ends the message, with fields behind its body where they can be sent. */
  final void end(HTTPHeaders trailers, OutBytes out) {
    if (state != State.BODY) {
      throw new IllegalStateException(
          state == State.START ? "no headers were sent" : "the " + name() + " was finished before");
    }
    if (framing == Framing.LENGTH && left > 0) {
      throw new HTTPOutputException(
          "the " + name() + " is " + left + " bytes short of Content-Length");
    }
    if (!trailers.isEmpty()) {
      checkTrailers(trailers);
    }
    if (framing == Framing.CHUNKED) {
      out.add("0\r\n");
      addFields(trailers, out);
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

  /** Adds all fields, a line each. */
  static void addFields(HTTPHeaders fields, OutBytes out) {
    for (int i = 0; i < fields.size(); i++) {
      out.add(fields.nameAt(i)).add(": ").add(fields.valueAt(i)).crlf();
    }
  }

  private String withArticle() {
    return name().startsWith("a") ? "an " + name() : "a " + name();
  }
}
