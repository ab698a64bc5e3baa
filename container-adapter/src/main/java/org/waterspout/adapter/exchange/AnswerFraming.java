// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.exchange;

import java.nio.ByteBuffer;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPOutputException;
import org.waterspout.http.HTTPUtil;

/** Holds an answer to the length that it has announced, and keeps bodies out of where none is. */
final class AnswerFraming {
  private final boolean toHead;
  private final boolean http10;
  private boolean begun;
  private boolean bodiless; // by its status
  private long left = AnswerHead.NO_LENGTH; // of the announced length

  AnswerFraming(RequestHead request) {
    this.toHead = request.startLine().method().equals("HEAD");
    this.http10 = request.startLine().version().equals("HTTP/1.0");
  }

  /** The head of the answer is this. */
  void begin(int status, long contentLength) {
    begun = true;
    bodiless = status == 204 || status == 304;
    left = bodiless ? 0 : toHead ? AnswerHead.NO_LENGTH : contentLength;
  }

  /** Whether it has a head. */
  boolean begun() {
    return begun;
  }

  /**
   * Is for what may only come before the head.
   *
   * @throws IllegalStateException if it has begun
   */
  void requireNoHead() {
    if (begun) {
      throw new IllegalStateException("headers were sent before");
    }
  }

  /**
   * Is for what may only come behind the head and before the end.
   *
   * @throws IllegalStateException if it has not begun, or has ended
   */
  void requireOpen(boolean ended) {
    if (!begun) {
      throw new IllegalStateException("no headers were sent");
    }
    if (ended) {
      throw new IllegalStateException("the answer is finished");
    }
  }

  /**
   * Counts a piece of the body. One that answers HEAD is dropped.
   *
   * @throws HTTPOutputException if it is longer than announced
   */
  void take(ByteBuffer piece) {
    if (toHead) {
      piece.position(piece.limit());
    } else if (left != AnswerHead.NO_LENGTH) {
      if (piece.remaining() > left) {
        throw new HTTPOutputException("more bytes written than Content-Length says");
      }
      left -= piece.remaining();
    }
  }

  /**
   * Counts the end.
   *
   * @return the trailers that are to be sent
   * @throws HTTPOutputException if something is missing, or trailers are where none can be
   */
  HTTPHeaders end(HTTPHeaders trailers) {
    if (left > 0) {
      throw new HTTPOutputException(left + " bytes fewer written than Content-Length says");
    }
    if (trailers.isEmpty()) {
      return trailers;
    }
    if (left == 0 && !bodiless) {
      throw new HTTPOutputException("trailers behind a body with Content-Length");
    }
    trailers.forEach((name, _) -> requireTrailer(name));
    return bodiless || toHead || http10 ? new HTTPHeaders() : trailers;
  }

  private static void requireTrailer(String name) {
    if (!HTTPUtil.isTrailer(name)) {
      throw new HTTPOutputException(name + " must stand in front of the body");
    }
  }
}
