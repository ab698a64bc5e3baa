// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Request line and header section, from bytes that come in any pieces. Pure.
 *
 * <p>Life: {@link #parse} until it returns a head, over and over for the requests of a connection.
 */
final class RequestHeadParser {
  private static final HTTPHeaders NONE = new HTTPHeaders(); // who is idle holds none

  private final int maxSize;
  private final LineReader lines;
  private int size;
  private boolean blankSeen;
  private @Nullable RequestStartLine startLine;
  private HTTPHeaders headers = NONE; // from the start line to the end of the head, ones of its own

  /**
   * A parser of heads.
   *
   * @param maxSize the limit of a whole head in bytes
   * @param shared see {@link LineReader}
   */
  RequestHeadParser(int maxSize, byte[] shared) {
    this.maxSize = maxSize;
    this.lines = new LineReader(shared);
  }

  /**
   * Consumes bytes up to the end of the head.
   *
   * @return null if the head is not complete yet; then all bytes have been consumed
   * @throws HTTPInputException if the head is refused; nothing can be parsed after that
   */
  @Nullable RequestHead parse(ByteBuffer in) {
    while (in.hasRemaining()) {
      if (startLine == null && !lines.begun()) {
        refuseAtOnce(in.get(in.position()));
      }
      int length = lines.read(in, maxSize - size);
      if (length == LineReader.MORE) {
        return null;
      }
      if (length == LineReader.TOO_LONG) {
        throw tooLong();
      }
      size += length + 2;
      if (startLine == null) {
        parseFirst(length);
      } else if (length > 0) {
        FieldLine.parse(lines.line(), length, headers);
      } else {
        return end(startLine);
      }
    }
    return null;
  }

  /** Whether a part of a head has been consumed. */
  boolean begun() {
    return startLine != null || lines.begun();
  }

  private void parseFirst(int length) {
    if (length > 0) {
      startLine = RequestLine.parse(lines.line(), length);
      headers = new HTTPHeaders();
    } else if (blankSeen) {
      throw new HTTPInputException("more than one blank line before a request");
    } else {
      blankSeen = true; // RFC 9112 2.2
    }
  }

  private RequestHead end(RequestStartLine first) {
    RequestHead head = RequestHead.of(first, headers);
    size = 0;
    blankSeen = false;
    startLine = null;
    headers = NONE;
    return head;
  }

  /** What cannot become a request, such as TLS, is not waited for. */
  private static void refuseAtOnce(byte first) {
    if (first != '\r' && first != '\n' && !Syntax.isTokenChar(first)) {
      throw new HTTPInputException("not an HTTP request: begins with byte " + (first & 0xff));
    }
  }

  private HTTPInputException tooLong() {
    return startLine == null
        ? new HTTPInputException(414, "request line over " + maxSize + " bytes")
        : new HTTPInputException(431, "request head over " + maxSize + " bytes");
  }
}
