// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.iostream.IOStream;

/** Bytes of a message on their way out; grows as needed and is used again for the next. */
final class OutBytes {
  private static final int KEPT = 16 * 1024;

  private byte[] bytes;
  private int length;
  private ByteBuffer view;

  /** Room for so many bytes at first. */
  OutBytes(int capacity) {
    bytes = new byte[capacity];
    view = ByteBuffer.wrap(bytes);
  }

  OutBytes clear() {
    if (bytes.length > KEPT) {
      bytes = new byte[KEPT];
      view = ByteBuffer.wrap(bytes);
    }
    length = 0;
    return this;
  }

  /** The bytes that were handed out are somebody else's from now on. */
  private void giveUp() {
    bytes = new byte[bytes.length];
    view = ByteBuffer.wrap(bytes);
    length = 0;
  }

  boolean isEmpty() {
    return length == 0;
  }

  int length() {
    return length;
  }

  OutBytes add(OutBytes added) {
    reserve(added.length);
    System.arraycopy(added.bytes, 0, bytes, length, added.length);
    length += added.length;
    return this;
  }

  /** Each character becomes one byte; the caller knows that none is above U+00FF. */
  @SuppressWarnings("deprecation") // the only getBytes that copies without a temporary array
  OutBytes add(String s) {
    int count = s.length();
    reserve(count);
    s.getBytes(0, count, bytes, length);
    length += count;
    return this;
  }

  OutBytes add(byte[] added) {
    reserve(added.length);
    System.arraycopy(added, 0, bytes, length, added.length);
    length += added.length;
    return this;
  }

  /** Adds what the buffer holds without changing it. */
  OutBytes add(ByteBuffer added) {
    int count = added.remaining();
    reserve(count);
    added.get(added.position(), bytes, length, count);
    length += count;
    return this;
  }

  OutBytes crlf() {
    reserve(2);
    bytes[length++] = '\r';
    bytes[length++] = '\n';
    return this;
  }

  OutBytes hex(int value) {
    reserve(8);
    for (int shift = 28 - Integer.numberOfLeadingZeros(value | 1) / 4 * 4; shift >= 0; shift -= 4) {
      bytes[length++] = (byte) Character.forDigit(value >>> shift & 15, 16);
    }
    return this;
  }

  OutBytes decimal(int value) {
    return add(Integer.toString(value));
  }

  /** A copy of the bytes. */
  byte[] toArray() {
    return Arrays.copyOf(bytes, length);
  }

  /** A view of the bytes, valid until the next change. */
  ByteBuffer buffer() {
    return view.limit(length).position(0);
  }

  /** Writes the bytes, which may be changed as soon as this returns. */
  LoopFuture<Void> writeTo(IOStream stream) {
    // what will wait has an array to its size
    return stream.writing()
        ? stream.write(ByteBuffer.wrap(toArray()))
        : kept(stream.write(buffer()));
  }

  /** The same with a piece that is not copied: it belongs to the stream until it has left. */
  LoopFuture<Void> writeTo(IOStream stream, ByteBuffer piece) {
    return isEmpty() ? stream.write(piece) : kept(stream.write(buffer(), piece));
  }

  /** What is not written yet the stream goes on to read from the array it was given. */
  private LoopFuture<Void> kept(LoopFuture<Void> written) {
    if (!Stages.succeeded(written)) {
      giveUp();
    }
    return written;
  }

  private void reserve(int count) {
    if (length + count > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(length + count, bytes.length * 2));
      view = ByteBuffer.wrap(bytes);
    }
  }
}
