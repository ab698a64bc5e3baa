// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Cuts bytes into lines that end with CR LF, wherever the bytes were split on their way.
 *
 * <p>A line that arrives whole is copied once into an array shared by all parsers of a loop; only a
 * line that arrives in parts is collected in an array of its own, which it gives up when it is
 * complete.
 */
final class LineReader {
  /** What {@link #read} returns if the line is not complete yet. */
  static final int MORE = -1;

  /** What {@link #read} returns if the line cannot end within the limit. */
  static final int TOO_LONG = -2;

  private static final byte[] NONE = {};

  private final byte[] shared;
  private byte[] partial = NONE;
  private int held;
  private byte[] line = NONE;

  /**
   * The shared array holds whole lines until the next call; nobody else may write to it meanwhile.
   */
  LineReader(byte[] shared) {
    this.shared = shared;
  }

  /**
   * Consumes bytes up to the end of the line.
   *
   * @param limit how long the line may be, with its CR LF
   * @return the length of the line without CR LF, whose bytes are at the start of {@link #line};
   *     else {@link #MORE} or {@link #TOO_LONG}
   * @throws HTTPInputException if the line ends with LF alone
   */
  int read(ByteBuffer in, int limit) {
    int start = in.position();
    int stop = start + Math.min(in.remaining(), limit - held);
    for (int i = start; i < stop; i++) {
      if (in.get(i) == '\n') {
        return end(in, i + 1 - start);
      }
    }
    if (held + (stop - start) >= limit) {
      return TOO_LONG;
    }
    hold(in, stop - start);
    return MORE;
  }

  /** The line that {@link #read} found; valid until the next call. */
  byte[] line() {
    return line;
  }

  /** Whether the line has begun. */
  boolean begun() {
    return held > 0;
  }

  private int end(ByteBuffer in, int count) {
    int length = held + count;
    if (held == 0 && count <= shared.length) {
      in.get(shared, 0, count);
      line = shared;
    } else {
      hold(in, count);
      line = partial;
      partial = NONE;
      held = 0;
    }
    // RFC 9112 2.2 lets a lone LF pass as a line end; whoever reads it differently can be smuggled.
    if (length < 2 || line[length - 2] != '\r') {
      throw new HTTPInputException("a line ends with LF alone");
    }
    return length - 2;
  }

  private void hold(ByteBuffer in, int count) {
    int needed = held + count;
    if (needed > partial.length) {
      partial = Arrays.copyOf(partial, Math.max(needed, Math.max(128, partial.length * 2)));
    }
    in.get(partial, held, count);
    held = needed;
  }
}
