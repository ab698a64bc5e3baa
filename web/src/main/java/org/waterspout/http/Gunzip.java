// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Takes the coding gzip off a body, RFC 1952. Pure. Tornado: {@code GzipDecompressor}.
 *
 * <p>{@link #feed} gives it a piece, {@link #next} takes pieces out until there are no more, and so
 * on; then {@link #complete} tells whether it may end there. A body consists of any number of
 * members, one behind the other, and of nothing else. Their sums and lengths are checked. What is
 * held outside of the heap is given back by {@link #close}.
 */
final class Gunzip implements AutoCloseable {
  private static final byte[] NOTHING = {};

  /** So much is inflated at once at least, however little has arrived. */
  private static final int LEAST = 1024;

  private static final int TRAILER = 8;

  private final long maxSize;
  private final CRC32 crc = new CRC32();
  private GzipHeader header = new GzipHeader();
  private @Nullable Inflater inflater; // null until there is data
  private byte[] input = NOTHING;
  private int at; // in the input; within data the inflater knows
  private boolean inData;
  private boolean moreWaits; // in the inflater, even if it has no input
  private int trailerLeft; // bytes that are still to come; 0: in data or header
  private long trailer; // what has come of it, the last byte highest
  private long memberSize;
  private long size; // of all members

  /** For a body that may be so long when it is inflated. */
  Gunzip(long maxSize) {
    this.maxSize = maxSize;
  }

  /** Takes a piece of the compressed body, which is its own from now on. */
  void feed(byte[] piece) {
    input = piece;
    at = 0;
    if (inData && inflater != null) {
      inflater.setInput(input);
    }
  }

  /**
   * Inflates a piece.
   *
   * @param max how long it may be
   * @return null if there is none before more input comes
   * @throws HTTPInputException 400 if the input is malformed, 413 if it would become too much
   */
  byte @Nullable [] next(int max) {
    while (true) {
      if (inData && inflater != null) {
        byte[] piece = inflate(inflater, max);
        if (piece != null || inData) {
          return piece;
        }
      }
      if (at == input.length) {
        return null;
      }
      int next = input[at++] & 0xff;
      if (trailerLeft > 0) {
        takeTrailer(next);
      } else if (header.take(next)) {
        beginData();
      }
    }
  }

  /** Whether the body may end here. */
  boolean complete() {
    return !inData && trailerLeft == 0 && !header.begun();
  }

  @Override
  public void close() {
    if (inflater != null) {
      inflater.end();
      inflater = null;
    }
    input = NOTHING;
    at = 0;
  }

  private void beginData() {
    if (inflater == null) {
      inflater = new Inflater(true);
    } else {
      inflater.reset();
    }
    inflater.setInput(input, at, input.length - at);
    crc.reset();
    memberSize = 0;
    moreWaits = false;
    inData = true;
  }

  private byte @Nullable [] inflate(Inflater from, int max) {
    if (from.needsInput() && !moreWaits) {
      return null;
    }
    int room = (int) Math.min(max, Math.max(LEAST, 4L * from.getRemaining()));
    byte[] out = new byte[room];
    int count = inflateInto(out, from);
    moreWaits = count == room;
    crc.update(out, 0, count);
    memberSize += count;
    size += count;
    if (size > maxSize) {
      throw new HTTPInputException(413, "a compressed body is over " + maxSize + " bytes");
    }
    if (from.finished()) {
      endData(from);
    }
    if (count == 0) {
      return null;
    }
    return count == room ? out : Arrays.copyOf(out, count);
  }

  private static int inflateInto(byte[] out, Inflater from) {
    try {
      return from.inflate(out);
    } catch (DataFormatException e) {
      throw new HTTPInputException("corrupt gzip data: " + e.getMessage());
    }
  }

  private void endData(Inflater from) {
    at = input.length - from.getRemaining();
    inData = false;
    trailerLeft = TRAILER;
    trailer = 0;
  }

  /** Sum and length, of four bytes each. */
  private void takeTrailer(int next) {
    trailer |= (long) next << (8 * (TRAILER - trailerLeft));
    trailerLeft--;
    if (trailerLeft > 0) {
      return;
    }
    if (trailer != ((memberSize << 32) | crc.getValue())) {
      throw new HTTPInputException("sum or length of gzip data is wrong");
    }
    header = new GzipHeader();
  }
}
