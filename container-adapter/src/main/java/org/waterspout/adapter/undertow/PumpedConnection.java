// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.undertow;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.waterspout.iostream.HostedConnection;

/**
 * A connection that only one thread may use, for the loop: that thread reads and writes ahead, one
 * piece each way, and buffers are there only while they hold something.
 *
 * <pre>
 *   whenReadable   the other thread waits, then reads a piece, which read() takes
 *   write()        fills a piece, which the other thread writes and flushes; meanwhile, no other
 * </pre>
 */
final class PumpedConnection implements HostedConnection {
  private static final int WRITTEN_AT_ONCE = 64 * 1024;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final HostedConnection connection; // on the other thread
  private final Executor thread; // one, in order

  // under this object's lock
  private ByteBuffer arrived = NOTHING;
  private boolean atEnd;
  private @Nullable Exception readFailure; // null until there is one
  private boolean leaving; // a piece is at the other thread
  private @Nullable Exception writeFailure; // null until there is one
  private @Nullable Runnable writable; // null unless somebody waits

  PumpedConnection(HostedConnection connection, Executor thread) {
    this.connection = connection;
    this.thread = thread;
  }

  // ---- on the loop

  @Override
  public synchronized int read(ByteBuffer into) throws IOException {
    if (arrived.hasRemaining()) {
      return take(into);
    }
    if (readFailure != null) {
      throw new IOException(readFailure);
    }
    return atEnd ? -1 : 0;
  }

  private int take(ByteBuffer into) {
    int length = Math.min(into.remaining(), arrived.remaining());
    into.put(into.position(), arrived, arrived.position(), length);
    into.position(into.position() + length);
    arrived.position(arrived.position() + length);
    if (!arrived.hasRemaining()) {
      arrived = NOTHING;
    }
    return length;
  }

  @Override
  public void whenReadable(Runnable ready) {
    if (somethingArrived()) {
      ready.run();
      return;
    }
    try {
      thread.execute(() -> connection.whenReadable(() -> fill(ready)));
    } catch (RejectedExecutionException e) {
      readFailed(new IOException("the connection's thread has ended", e));
      ready.run();
    }
  }

  private synchronized boolean somethingArrived() {
    return arrived.hasRemaining() || atEnd || readFailure != null;
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    if (!flush()) {
      return 0;
    }
    int length = Math.min(from.remaining(), WRITTEN_AT_ONCE);
    if (length == 0) {
      return 0;
    }
    var piece = ByteBuffer.allocate(length).put(from.slice().limit(length)).flip();
    synchronized (this) {
      leaving = true;
    }
    try {
      thread.execute(() -> drain(piece));
    } catch (RejectedExecutionException e) {
      throw new IOException("the connection's thread has ended", e);
    }
    from.position(from.position() + length);
    return length;
  }

  @Override
  public synchronized boolean flush() throws IOException {
    if (writeFailure != null) {
      throw new IOException(writeFailure);
    }
    return !leaving;
  }

  @Override
  public void whenWritable(Runnable ready) {
    synchronized (this) {
      if (leaving) {
        writable = ready;
        return;
      }
    }
    ready.run();
  }

  @Override
  public void endOutput() throws IOException {
    try {
      thread.execute(this::endOutputThere);
    } catch (RejectedExecutionException e) {
      throw new IOException("the connection's thread has ended", e);
    }
  }

  /** In any thread. */
  @Override
  public void close() {
    try {
      thread.execute(connection::close);
    } catch (RejectedExecutionException e) {
      connection.close();
    }
  }

  // ---- on the other thread

  private void fill(Runnable ready) {
    var piece = ByteBuffer.allocate(HomeThread.TLS_RECORD);
    int length;
    try {
      length = connection.read(piece);
    } catch (IOException | RuntimeException e) {
      readFailed(e);
      ready.run();
      return;
    }
    if (length == 0) {
      connection.whenReadable(() -> fill(ready));
      return;
    }
    synchronized (this) {
      arrived = piece.flip();
      atEnd = length < 0;
    }
    ready.run();
  }

  private synchronized void readFailed(Exception failure) {
    readFailure = failure;
  }

  private void drain(ByteBuffer piece) {
    try {
      while (piece.hasRemaining()) {
        if (connection.write(piece) == 0) {
          connection.whenWritable(() -> drain(piece));
          return;
        }
      }
      if (!connection.flush()) {
        connection.whenWritable(() -> drain(piece));
        return;
      }
    } catch (IOException | RuntimeException e) {
      drained(e);
      return;
    }
    drained(null);
  }

  private void drained(@Nullable Exception failure) {
    Runnable ready;
    synchronized (this) {
      leaving = false;
      writeFailure = failure;
      ready = writable;
      writable = null;
    }
    if (ready != null) {
      ready.run();
    }
  }

  private void endOutputThere() {
    try {
      connection.endOutput();
    } catch (IOException | RuntimeException e) {
      drained(e);
    }
  }
}
