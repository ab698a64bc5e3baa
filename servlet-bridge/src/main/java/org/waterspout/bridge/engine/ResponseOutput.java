// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer: gathered in a buffer, sent when that is full, at a flush, and at the end.
 * What is written after the end is dropped, as the specification says.
 */
final class ResponseOutput extends ServletOutputStream {
  /** What a buffer that is not the pool's begins with: clearing one of full size costs more. */
  private static final int FIRST = 1024;

  private final Response response;
  private final BufferPool pool;
  private final WriteSide side;
  private int size;

  /** The thread of the request, before it is asynchronous. */
  private final Thread owner = Thread.currentThread();

  /** Null until something is written, and after the end. See {@link #held}. */
  private volatile @Nullable ByteBuffer buffer;

  /** How much was written, buffered or sent. */
  private long written;

  private boolean closed;

  /** Whether the buffer is one of the pool's that nobody else can still hold. */
  private volatile boolean pooled = true;

  ResponseOutput(Response response, BufferPool pool, WriteSide side) {
    this.response = response;
    this.pool = pool;
    this.side = side;
    this.size = pool.bufferSize();
  }

  @Override
  public void write(int b) throws IOException {
    if (side.unblocked()) {
      give(ByteBuffer.wrap(new byte[] {(byte) b}));
      return;
    }
    if (closed || missing() == 0) {
      return;
    }
    room().put((byte) b);
    written++;
    closeIfComplete();
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, source.length);
    if (side.unblocked()) {
      give(ByteBuffer.wrap(source, offset, length));
      return;
    }
    int position = offset;
    int end = offset + (int) Math.min(length, missing());
    while (position < end && !closed) {
      ByteBuffer into = room();
      int count = Math.min(into.remaining(), end - position);
      into.put(source, position, count);
      position += count;
      written += count;
    }
    closeIfComplete();
  }

  @Override
  public void write(ByteBuffer source) throws IOException {
    if (side.unblocked()) {
      give(source.duplicate());
      source.position(source.limit());
    }
    while (source.hasRemaining() && !closed && missing() > 0) {
      ByteBuffer into = room();
      int count = (int) Math.min(Math.min(into.remaining(), source.remaining()), missing());
      into.put(source.duplicate().limit(source.position() + count));
      source.position(source.position() + count);
      written += count;
      closeIfComplete();
    }
    source.position(source.limit());
  }

  /** In one write: behind the first of two the stream may not be ready. */
  @Override
  public void println(String text) throws IOException {
    print(text + "\r\n");
  }

  /**
   * Writes without waiting. What is too much for the buffer is not copied: until it has left it
   * belongs to this stream, which is not ready so long.
   */
  private void give(ByteBuffer source) throws IOException {
    if (closed) {
      return;
    }
    side.checkReady("write");
    source.limit(source.position() + (int) Math.min(source.remaining(), missing()));
    written += source.remaining();
    ByteBuffer held = held();
    int used = held == null ? 0 : held.position();
    if (source.remaining() <= size - used) {
      buffer = withRoom(held, source.remaining()).put(source);
    } else {
      buffer = null;
      if (held != null && used > 0) {
        response.send(held.flip());
      }
      response.send(source);
    }
    closeIfComplete();
  }

  /**
   * Encodes characters straight into the buffer; what the encoder leaves over stays in the source.
   */
  void encode(CharsetEncoder encoder, CharBuffer source, boolean endOfInput) throws IOException {
    boolean overflow = true;
    while (overflow && !closed) {
      ByteBuffer into = room();
      int before = into.position();
      overflow = encoder.encode(source, into, endOfInput).isOverflow();
      count(into, before);
      if (overflow && into.position() == before) {
        makeRoom();
      }
    }
  }

  /** Writes what a stateful charset needs at its end. */
  void flush(CharsetEncoder encoder) throws IOException {
    boolean overflow = true;
    while (overflow && !closed) {
      ByteBuffer into = room();
      int before = into.position();
      overflow = encoder.flush(into).isOverflow();
      count(into, before);
      if (overflow) {
        makeRoom();
      }
    }
  }

  private void count(ByteBuffer into, int before) throws IOException {
    int count = (int) Math.min(into.position() - before, missing());
    into.position(before + count);
    written += count;
    closeIfComplete();
  }

  @Override
  public void flush() throws IOException {
    if (!closed) {
      side.checkReady("flush");
      drain();
    }
  }

  /** Ends the answer: what is buffered goes out, behind what is under way. */
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    response.checkMayBlock();
    closed = true;
    side.end();
    ByteBuffer rest = held();
    buffer = null;
    response.finish(rest == null ? null : filled(rest));
    if (rest != null && pooled) {
      pool.giveBack(rest);
    }
  }

  /**
   * Other threads may write. One that does not know the end may still hold the buffer then: no
   * other answer gets it.
   */
  void share() {
    pooled = false;
  }

  /** Drops everything that is still written, and what is buffered. */
  void suspend() {
    resetBuffer();
    closed = true;
  }

  /** Takes up an answer that was suspended. */
  void resume() {
    resetBuffer();
    closed = false;
  }

  /** Drops what is buffered. Only before anything was sent. */
  void resetBuffer() {
    written = 0;
    ByteBuffer held = held();
    if (held != null) {
      held.clear();
    }
  }

  int size() {
    return size;
  }

  void setSize(int size) {
    if (written > 0) {
      throw new IllegalStateException("setBufferSize: something has been written");
    }
    this.size = Math.max(size, pool.bufferSize());
    buffer = null;
  }

  long written() {
    return written;
  }

  /** A blocking stream is always ready. */
  @Override
  public boolean isReady() {
    return side.isReady();
  }

  @Override
  public void setWriteListener(WriteListener listener) {
    side.listen(listener);
  }

  /** How much may still be written. */
  private long missing() {
    long declared = response.declaredLength();
    return declared < 0 ? Long.MAX_VALUE : Math.max(0, declared - written);
  }

  /** Servlet 6.1 section 5.7: the answer is over when the declared length is reached. */
  private void closeIfComplete() throws IOException {
    if (!closed && response.declaredLength() > 0 && missing() == 0) {
      close();
    }
  }

  private ByteBuffer room() throws IOException {
    ByteBuffer held = held();
    if (held != null && !held.hasRemaining()) {
      makeRoom();
      held = held();
    }
    if (held == null) {
      held = pooled && size == pool.bufferSize() ? pool.take() : withRoom(null, 1);
      buffer = held;
    }
    return held;
  }

  /** A full buffer grows until it has its size; then it is sent. */
  private void makeRoom() throws IOException {
    ByteBuffer full = held();
    if (full != null && full.capacity() < size) {
      buffer = withRoom(full, full.remaining() + 1);
    } else {
      drain();
    }
  }

  /** A buffer that is not the pool's, with room for so many bytes more, which the size allows. */
  private ByteBuffer withRoom(@Nullable ByteBuffer held, int count) {
    if (held == null) {
      long first = response.declaredLength() < 0 ? FIRST : missing();
      return ByteBuffer.allocate((int) Math.min(size, Math.max(first, count)));
    }
    return held.remaining() >= count ? held : ByteBuffer.allocate(size).put(held.flip());
  }

  /**
   * The buffer. A thread that is not the request's may still write into it when the answer ends,
   * however wrong that is: it must not be another's by then. Who reads it here before it is taken
   * away has said so before that.
   */
  private @Nullable ByteBuffer held() {
    if (!owner.equals(Thread.currentThread())) {
      pooled = false;
    }
    return buffer;
  }

  /** What was written into a buffer, with limits that nobody else moves while it is sent. */
  private static ByteBuffer filled(ByteBuffer buffer) {
    return buffer.duplicate().flip();
  }

  private void drain() throws IOException {
    response.checkMayBlock();
    ByteBuffer full = held();
    if (full == null || full.position() == 0) {
      response.send(null);
      return;
    }
    ByteBuffer sent = filled(full);
    if (side.unblocked()) {
      buffer = null;
      response.send(sent);
      return;
    }
    try {
      response.send(sent);
    } catch (IOException | RuntimeException | Error e) {
      // The connection may still hold the buffer: it is not used again.
      buffer = null;
      throw e;
    }
    full.clear();
  }
}
