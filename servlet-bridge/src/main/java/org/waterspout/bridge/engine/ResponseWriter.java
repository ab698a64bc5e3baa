// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import java.io.IOException;
import java.io.Writer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.util.Objects;

/**
 * Characters of an answer. It buffers nothing of its own but half of a surrogate pair, so that
 * resetting the answer's buffer leaves nothing behind.
 */
final class ResponseWriter extends Writer {
  private final ResponseOutput output;
  private final CharsetEncoder encoder;

  /** The first half of a pair whose second half has not been written yet; 0 if there is none. */
  private char half;

  private boolean closed;

  ResponseWriter(ResponseOutput output, Charset charset) {
    this.output = output;
    this.encoder =
        charset
            .newEncoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
  }

  @Override
  public void write(char[] source, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, source.length);
    write(CharBuffer.wrap(source, offset, length));
  }

  @Override
  public void write(String source, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, source.length());
    write(CharBuffer.wrap(source, offset, offset + length));
  }

  private void write(CharBuffer source) throws IOException {
    if (!source.hasRemaining() || closed) {
      return;
    }
    if (half != 0) {
      CharBuffer pair = CharBuffer.wrap(new char[] {half, source.get()});
      half = 0;
      output.encode(encoder, pair, false);
      keepHalf(pair);
      if (half != 0) {
        write(source);
        return;
      }
    }
    output.encode(encoder, source, false);
    keepHalf(source);
  }

  private void keepHalf(CharBuffer source) {
    if (source.remaining() == 1 && Character.isHighSurrogate(source.get(source.position()))) {
      half = source.get();
    }
  }

  @Override
  public void flush() throws IOException {
    output.flush();
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    end();
    output.close();
  }

  /** Writes what is left over; nothing can be written after it. */
  void end() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    CharBuffer rest = half == 0 ? CharBuffer.allocate(0) : CharBuffer.wrap(new char[] {half});
    output.encode(encoder, rest, true);
    output.flush(encoder);
  }
}
