// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.util.zip.CRC32;

/** The header of one member of gzip data, RFC 1952 section 2.3. Nothing in it counts. Pure. */
final class GzipHeader {
  private static final int HEADER_CRC = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int RESERVED = 0xe0;

  private enum Part {
    FIXED,
    EXTRA_LENGTH,
    EXTRA,
    TEXT, // name or comment
    CRC,
    NOTHING
  }

  private final CRC32 crc = new CRC32();
  private Part part = Part.FIXED;
  private int flags; // for what is still to come
  private int count; // of the bytes of this part
  private int number; // that these bytes are, the first one lowest

  /** Whether a part of it was taken. */
  boolean begun() {
    return part != Part.FIXED || count > 0;
  }

  /**
   * Takes its next byte.
   *
   * @return whether that was the last one
   * @throws HTTPInputException if it is no such header
   */
  boolean take(int next) {
    count++;
    switch (part) {
      case FIXED -> takeFixed(next);
      case EXTRA_LENGTH -> {
        crc.update(next);
        number |= next << (8 * (count - 1));
        if (count == 2) {
          enter(number == 0 ? next() : Part.EXTRA);
        }
      }
      case EXTRA -> {
        crc.update(next);
        if (count == number) {
          enter(next());
        }
      }
      case TEXT -> {
        crc.update(next);
        if (next == 0) {
          enter(next());
        }
      }
      case CRC -> takeCRC(next);
      case NOTHING -> throw new IllegalStateException("the header is complete");
    }
    return part == Part.NOTHING;
  }

  private void takeFixed(int next) {
    boolean valid =
        switch (count) {
          case 1 -> next == 0x1f;
          case 2 -> next == 0x8b;
          case 3 -> next == 8; // deflate
          case 4 -> (next & RESERVED) == 0;
          default -> true; // when and where it was compressed, and how hard
        };
    if (!valid) {
      throw new HTTPInputException("no gzip data where it should be");
    }
    crc.update(next);
    if (count == 4) {
      flags = next;
    } else if (count == 10) {
      enter(next());
    }
  }

  /** The first sixteen bits of a sum over all that comes before. */
  private void takeCRC(int next) {
    int expected = (int) (crc.getValue() >> (8 * (count - 1))) & 0xff;
    if (next != expected) {
      throw new HTTPInputException("the sum over a gzip header is wrong");
    }
    if (count == 2) {
      enter(Part.NOTHING);
    }
  }

  private Part next() {
    if (announced(EXTRA)) {
      return Part.EXTRA_LENGTH;
    }
    if (announced(NAME) || announced(COMMENT)) {
      return Part.TEXT;
    }
    return announced(HEADER_CRC) ? Part.CRC : Part.NOTHING;
  }

  private boolean announced(int flag) {
    boolean there = (flags & flag) != 0;
    flags &= ~flag;
    return there;
  }

  private void enter(Part next) {
    part = next;
    count = 0;
    if (next != Part.EXTRA) {
      number = 0;
    }
  }
}
