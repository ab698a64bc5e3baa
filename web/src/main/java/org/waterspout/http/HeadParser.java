// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Start line and header section of messages, from bytes that come in any pieces. Pure.
 *
 * <p>Life: {@link #parse} until it returns a head, over and over for the messages of a connection.
 *
 * @param <S> what the first line is
 * @param <H> what the head is
 */
abstract sealed class HeadParser<S extends StartLine, H>
    permits RequestHeadParser, ResponseHeadParser {
  private static final HTTPHeaders NONE = new HTTPHeaders(); // who is idle holds none

  private final int maxSize;
  private final LineReader lines;
  private int size;
  private boolean blankSeen;
  private @Nullable S startLine;
  private HTTPHeaders headers = NONE; // from the start line to the end of the head, ones of its own

  /**
   * A parser of heads.
   *
   * @param maxSize the limit of a whole head in bytes
   * @param shared see {@link LineReader}
   */
  HeadParser(int maxSize, byte[] shared) {
    this.maxSize = maxSize;
    this.lines = new LineReader(shared);
  }

  /**
   * Consumes bytes up to the end of the head.
   *
   * @return null if the head is not complete yet; then all bytes have been consumed
   * @throws HTTPInputException if the head is refused; nothing can be parsed after that
   */
  final @Nullable H parse(ByteBuffer in) {
    while (in.hasRemaining()) {
      if (startLine == null && !lines.begun()) {
        checkFirst(in.get(in.position()));
      }
      int length = lines.read(in, maxSize - size);
      if (length == LineReader.MORE) {
        return null;
      }
      if (length == LineReader.TOO_LONG) {
        throw tooLong(startLine == null, maxSize);
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
  final boolean begun() {
    return startLine != null || lines.begun();
  }

  private void parseFirst(int length) {
    if (length > 0) {
      startLine = startLine(lines.line(), length);
      headers = new HTTPHeaders();
    } else if (blankSeen) {
      throw new HTTPInputException("more than one blank line before a message");
    } else {
      blankSeen = true; // RFC 9112 2.2
    }
  }

  private H end(S first) {
    H head = head(first, headers);
    size = sizeBehind(head, size);
    blankSeen = false;
    startLine = null;
    headers = NONE;
    return head;
  }

  /** Refuses what cannot become a message, such as TLS, without waiting for more. */
  abstract void checkFirst(byte first);

  /** Reads the first line. */
  abstract S startLine(byte[] line, int length);

  /** Reads the headers that say how the message goes on. */
  abstract H head(S startLine, HTTPHeaders headers);

  /** How much of the limit is used up for the next head. */
  abstract int sizeBehind(H head, int size);

  abstract HTTPInputException tooLong(boolean first, int limit);
}
