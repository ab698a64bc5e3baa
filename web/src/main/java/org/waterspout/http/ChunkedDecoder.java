// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.waterspout.text.Shown;

/**
 * A body in chunks, RFC 9112 section 7.1. Pure.
 *
 * <p>Extensions are ignored; trailers are checked and kept apart from the headers. Both are
 * bounded, as is the framing that a body may cost beyond its own size.
 */
final class ChunkedDecoder implements BodyDecoder {
  /** The limit of the line with a chunk's size. */
  private static final int MAX_LINE = 1024;

  /** How many bytes of framing are accepted beyond what plain chunks of a few bytes need. */
  private static final int MAX_EXCESS = 16 * 1024;

  private enum State {
    SIZE,
    DATA,
    DATA_CR,
    DATA_LF,
    TRAILERS,
    FINISHED
  }

  private final long maxSize;
  private final LineReader lines;
  private final HTTPHeaders trailers = new HTTPHeaders();
  private State state = State.SIZE;
  private long left;
  private long size;
  private long excess;
  private int trailerRoom;

  ChunkedDecoder(long maxSize, int maxTrailerSize, byte[] shared) {
    this.maxSize = maxSize;
    this.trailerRoom = maxTrailerSize;
    this.lines = new LineReader(shared);
  }

  @Override
  public byte @Nullable [] decode(ByteBuffer in, int max) {
    byte[] piece = null;
    int filled = 0;
    while (in.hasRemaining() && state != State.FINISHED) {
      switch (state) {
        case SIZE -> readSize(in);
        case DATA -> {
          if (piece == null) {
            piece = new byte[Math.min(in.remaining(), max)];
          }
          int count = (int) Math.min(left, Math.min(in.remaining(), piece.length - filled));
          if (count == 0) {
            return piece; // full
          }
          in.get(piece, filled, count);
          filled += count;
          left -= count;
          if (left == 0) {
            state = State.DATA_CR;
          }
        }
        case DATA_CR -> expect(in, '\r', State.DATA_LF);
        case DATA_LF -> expect(in, '\n', State.SIZE);
        case TRAILERS -> readTrailer(in);
        case FINISHED -> throw new AssertionError();
      }
    }
    return piece == null || filled == piece.length ? piece : Arrays.copyOf(piece, filled);
  }

  @Override
  public boolean finished() {
    return state == State.FINISHED;
  }

  @Override
  public HTTPHeaders trailers() {
    return trailers.isEmpty() ? TrailerFields.NONE : TrailerFields.allowed(trailers);
  }

  private void readSize(ByteBuffer in) {
    int length = lines.read(in, MAX_LINE);
    if (length == LineReader.MORE) {
      return;
    }
    if (length == LineReader.TOO_LONG) {
      throw new HTTPInputException("line of a chunk's size over " + MAX_LINE + " bytes");
    }
    left = parseSize(lines.line(), length);
    size += left;
    if (size > maxSize || size < 0) {
      throw new HTTPInputException(413, "chunked body is over " + maxSize + " bytes");
    }
    // A chunk of one byte in the shortest framing costs nothing; long extensions soon do.
    excess = Math.max(0, excess + length - 16 - 2 * left);
    if (excess > MAX_EXCESS) {
      throw new HTTPInputException("chunked body is mostly framing");
    }
    state = left == 0 ? State.TRAILERS : State.DATA;
  }

  private static long parseSize(byte[] line, int length) {
    long value = 0;
    int i = 0;
    for (; i < length; i++) {
      int digit = Syntax.hex(line[i]);
      if (digit < 0) {
        break;
      }
      if (value > Long.MAX_VALUE >> 8) {
        throw new HTTPInputException(413, "chunk of absurd size");
      }
      value = value << 4 | digit;
    }
    if (i == 0) {
      throw malformedSize(line, length);
    }
    checkExtensions(line, i, length);
    return value;
  }

  private static void checkExtensions(byte[] line, int start, int length) {
    int i = start;
    while (i < length && Syntax.isBlank(line[i])) {
      i++;
    }
    if (start < length && (i == length || line[i] != ';')) {
      throw malformedSize(line, length);
    }
    for (; i < length; i++) {
      if (!Syntax.isFieldChar(line[i] & 0xff)) {
        throw malformedSize(line, length);
      }
    }
  }

  private static HTTPInputException malformedSize(byte[] line, int length) {
    return new HTTPInputException(
        "malformed chunk size: " + Shown.quoted(Syntax.latin1(line, 0, Math.min(length, 100))));
  }

  private void expect(ByteBuffer in, char wanted, State next) {
    byte found = in.get();
    if (found != wanted) {
      throw new HTTPInputException("a chunk is longer than its size");
    }
    state = next;
  }

  private void readTrailer(ByteBuffer in) {
    int length = lines.read(in, trailerRoom);
    if (length == LineReader.MORE) {
      return;
    }
    if (length == LineReader.TOO_LONG) {
      throw new HTTPInputException(431, "trailers are too large");
    }
    trailerRoom -= length + 2;
    if (length == 0) {
      state = State.FINISHED;
    } else {
      FieldLine.parse(lines.line(), length, trailers);
    }
  }
}
