// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What has been received as the application reads it: blocking, or once it has a listener without.
 * It is read by one thread at a time.
 *
 * <p>The listener's life: {@code onDataAvailable} when there is something to read for the first
 * time, and again whenever {@code isReady} has been false; {@code onAllDataRead} once, when all has
 * been; or {@code onError}, once.
 */
final class BodyStream extends ServletInputStream {
  private static final byte[] NONE = {};

  private final Body body;
  private final StreamCallbacks callbacks;
  private byte[] piece = NONE;
  private int position;

  /** Whether the end has been read. */
  private boolean finished;

  /** Null while reading blocks. */
  private volatile @Nullable ReadListener listener;

  /** Whether the listener is to be told of what can be read. */
  private volatile boolean wanted;

  /** Whether the listener has been told of the end. */
  private volatile boolean over;

  BodyStream(Body body, StreamCallbacks callbacks) {
    this.body = body;
    this.callbacks = callbacks;
  }

  @Override
  public int read() throws IOException {
    return fill() ? piece[position++] & 0xff : -1;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int count = Math.min(length, piece.length - position);
    System.arraycopy(piece, position, target, offset, count);
    position += count;
    return count;
  }

  /** A body that has come in one piece is not copied. */
  @Override
  public byte[] readAllBytes() throws IOException {
    checkBlocking("readAllBytes");
    byte[] first = fill() ? restOfPiece() : NONE;
    if (!fill()) {
      return first;
    }
    var all = new ByteArrayOutputStream(2 * first.length);
    all.writeBytes(first);
    do {
      all.writeBytes(restOfPiece());
    } while (fill());
    return all.toByteArray();
  }

  private byte[] restOfPiece() {
    byte[] rest = position == 0 ? piece : Arrays.copyOfRange(piece, position, piece.length);
    piece = NONE;
    position = 0;
    return rest;
  }

  @Override
  public byte[] readNBytes(int length) throws IOException {
    checkBlocking("readNBytes");
    return super.readNBytes(length);
  }

  @Override
  public int readNBytes(byte[] target, int offset, int length) throws IOException {
    checkBlocking("readNBytes");
    return super.readNBytes(target, offset, length);
  }

  @Override
  public int readLine(byte[] target, int offset, int length) throws IOException {
    checkBlocking("readLine");
    return super.readLine(target, offset, length);
  }

  private void checkBlocking(String call) {
    if (listener != null) {
      throw new IllegalStateException(call + ": the stream has a listener");
    }
  }

  @Override
  public int available() {
    return piece.length - position + body.available();
  }

  @Override
  public boolean isFinished() {
    return finished || (position == piece.length && body.drained());
  }

  /**
   * A blocking stream is always ready. Else: whether a read returns something, the end included,
   * which is read once, or throws.
   */
  @Override
  public boolean isReady() {
    if (listener == null) {
      return true;
    }
    if (finished) {
      return false;
    }
    if (readable()) {
      return true;
    }
    wanted = true;
    tellIfWanted();
    return false;
  }

  private boolean readable() {
    return position < piece.length || body.readable() || body.failed();
  }

  @Override
  public void setReadListener(ReadListener listener) {
    Objects.requireNonNull(listener, "listener");
    callbacks.checkListening("setReadListener");
    checkBlocking("setReadListener");
    this.listener = listener;
    wanted = true;
    body.watch(this::tellIfWanted);
    tellIfWanted();
  }

  private void tellIfWanted() {
    if (isDue()) {
      callbacks.due();
    }
  }

  private boolean fill() throws IOException {
    if (position < piece.length) {
      return true;
    }
    if (finished) {
      return false;
    }
    if (listener != null && !readable()) {
      throw new IllegalStateException("read: the stream is not ready");
    }
    byte[] next = body.take();
    if (next == null) {
      finished = true;
      return false;
    }
    piece = next;
    position = 0;
    return true;
  }

  // ---- what calls the listener

  /** Whether the listener is to be told something. From any thread. */
  boolean isDue() {
    return listener != null && !over && ((wanted && hasArrived()) || isFinished());
  }

  private boolean hasArrived() {
    return position < piece.length || body.readable();
  }

  /** Tells the listener what is due. */
  void tell() throws IOException {
    ReadListener told = Objects.requireNonNull(listener, "listener");
    wanted = false;
    if (isFinished()) {
      over = true;
      told.onAllDataRead();
    } else {
      told.onDataAvailable();
    }
  }

  /** Tells the listener, if there is one and it waits, that the rest never comes. */
  void fail(Throwable reason) {
    if (!over) {
      failed(reason);
    }
  }

  /** Tells the listener, if there is one, what went wrong when it was told something. */
  void failed(Throwable reason) {
    ReadListener told = listener;
    over = true;
    if (told != null) {
      told.onError(reason);
    }
  }
}
