// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** What a read waits for. */
sealed interface ReadTarget {
  /** The read needs more bytes than there are. */
  int NOT_YET = -1;

  /**
   * How many of the bytes, from the buffer's position on, the read takes; {@link #NOT_YET} if it
   * cannot be told. Whatever it is offered later begins with the same bytes.
   *
   * @param last whether no more bytes will come
   * @throws UnsatisfiableReadException if it can never be told
   */
  int find(ByteBuffer bytes, boolean last);

  /** So many bytes, or if partial as many of them as there are, but one at least. */
  record Bytes(int count, boolean partial) implements ReadTarget {
    @Override
    public int find(ByteBuffer bytes, boolean last) {
      int there = Math.min(count, bytes.remaining());
      return there == count || (partial && there > 0) ? there : NOT_YET;
    }
  }

  /** All bytes up to a delimiter, and the delimiter. */
  final class Until implements ReadTarget {
    private final byte[] delimiter;
    private final int maxBytes;
    private int searched; // so many bytes from the first on begin no delimiter

    Until(byte[] delimiter, int maxBytes) {
      this.delimiter = delimiter;
      this.maxBytes = maxBytes;
    }

    @Override
    public int find(ByteBuffer bytes, boolean last) {
      int start = bytes.position();
      int there = Math.min(bytes.remaining(), maxBytes);
      for (; searched + delimiter.length <= there; searched++) {
        if (delimiterIsAt(bytes, start + searched)) {
          return searched + delimiter.length;
        }
      }
      if (there == maxBytes) {
        throw new UnsatisfiableReadException("no delimiter in " + maxBytes + " bytes");
      }
      return NOT_YET;
    }

    private boolean delimiterIsAt(ByteBuffer bytes, int place) {
      for (int i = 0; i < delimiter.length; i++) {
        if (bytes.get(place + i) != delimiter[i]) {
          return false;
        }
      }
      return true;
    }
  }

  /**
   * All bytes up to a match, and the match; the bytes are the characters U+0000 to U+00FF. A match
   * that more bytes could change is none yet, so the result does not depend on how they arrive.
   */
  record UntilRegex(Pattern regex, int maxBytes) implements ReadTarget {
    @Override
    @SuppressWarnings("JdkObsolete") // it is meant for what this is: matching as input comes
    public int find(ByteBuffer bytes, boolean last) {
      int there = Math.min(bytes.remaining(), maxBytes);
      boolean all = last || there == maxBytes;
      var matcher = regex.matcher(new Latin1(bytes, bytes.position(), there));
      if (matcher.find() && (all || !matcher.hitEnd())) {
        return matcher.end();
      }
      if (there == maxBytes) {
        throw new UnsatisfiableReadException("no match in " + maxBytes + " bytes");
      }
      return NOT_YET;
    }
  }

  /** All that comes. */
  record UntilClose() implements ReadTarget {
    @Override
    public int find(ByteBuffer bytes, boolean last) {
      return last ? bytes.remaining() : NOT_YET;
    }
  }

  /** Bytes in place, as characters. */
  record Latin1(ByteBuffer bytes, int start, int length) implements CharSequence {
    @Override
    public char charAt(int index) {
      return (char) (bytes.get(start + index) & 0xff);
    }

    @Override
    public CharSequence subSequence(int from, int to) {
      return new Latin1(bytes, start + from, to - from);
    }

    @Override
    public String toString() {
      var copy = new byte[length];
      bytes.get(start, copy);
      return new String(copy, StandardCharsets.ISO_8859_1);
    }
  }
}
