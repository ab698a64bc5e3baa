// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The write side of a stream in the hands of one thread that is not the loop's. It writes to the
 * socket itself; only when the socket is full does it ask the loop, and wait.
 */
public final class StreamLoan {
  private static final int MAX_COPY = 16 * 1024; // the JDK copies heap buffers through direct ones

  private final IOStream stream;
  private final SocketChannel channel;
  private volatile @Nullable Thread waiting; // the borrower, while the socket is full
  private volatile boolean streamClosed;
  private volatile @Nullable Throwable reason; // why, if the stream was closed by an error
  private @Nullable IOException failure; // of the borrower's own writing
  private boolean givenBack;

  StreamLoan(IOStream stream, SocketChannel channel) {
    this.stream = stream;
    this.channel = channel;
  }

  /**
   * Writes all of some buffers, one behind the other, blocking the calling thread until they have
   * left for the transport: in one call of the system if it takes them and no large one is on the
   * heap.
   *
   * @param stall how long the transport may take nothing at all
   * @throws IOException if the stream is closed, or its loop, or if it stalls
   */
  public void write(Duration stall, ByteBuffer... buffers) throws IOException {
    if (givenBack) {
      throw new IllegalStateException("the write side was given back");
    }
    try {
      int first = 0;
      while (first < buffers.length) {
        if (!buffers[first].hasRemaining()) {
          first++;
          continue;
        }
        throwIfClosed();
        if (writeSome(buffers, first) == 0) {
          waitForRoom(stall);
        }
      }
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  private long writeSome(ByteBuffer[] buffers, int first) throws IOException {
    int last = buffers.length - 1;
    for (int i = first; i <= last; i++) {
      if (first == last || (!buffers[i].isDirect() && buffers[i].remaining() > MAX_COPY)) {
        return writeSome(buffers[first]);
      }
    }
    return channel.write(buffers, first, buffers.length - first);
  }

  private int writeSome(ByteBuffer bytes) throws IOException {
    if (bytes.isDirect() || bytes.remaining() <= MAX_COPY) {
      return channel.write(bytes);
    }
    var piece = bytes.slice(bytes.position(), MAX_COPY);
    int count = channel.write(piece);
    bytes.position(bytes.position() + count);
    return count;
  }

  /**
   * Gives the write side back. A failed write has the stream closed. Does nothing the second time.
   */
  public void giveBack() {
    giveBack(() -> {});
  }

  /** The same; when the loop has it back, it runs a callback, outside of any request's context. */
  public void giveBack(Runnable then) {
    if (!givenBack) {
      givenBack = true;
      stream
          .loop()
          .rootContext()
          .execute(
              () -> {
                stream.takeBack(this, failure);
                then.run();
              });
    }
  }

  /** Gives the write side back and has the stream closed. */
  public void abort() {
    if (!givenBack && failure == null) {
      failure = new IOException("the answer was cut");
    }
    giveBack();
  }

  private void waitForRoom(Duration stall) throws IOException {
    waiting = Thread.currentThread();
    WaitingLoans.add(stream.loop(), this);
    try {
      stream.loop().addCallback(() -> stream.waitForRoomOf(this));
      awaitWake(stall);
    } finally {
      WaitingLoans.remove(stream.loop(), this);
    }
  }

  private void awaitWake(Duration stall) throws IOException {
    long deadline = System.nanoTime() + stall.toNanos();
    boolean interrupted = false;
    while (waiting != null) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        waiting = null;
        throw new SocketTimeoutException("the peer took nothing for " + stall);
      }
      LockSupport.parkNanos(this, left);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** There may be room, or the stream is closed. From the loop. */
  void wake() {
    var thread = waiting;
    waiting = null;
    LockSupport.unpark(thread);
  }

  /**
   * The stream is closed as soon as the loan ends. From the loop, or where that has ended, from the
   * thread that closes it.
   */
  void streamClosed(@Nullable Throwable closedBy) {
    reason = closedBy;
    streamClosed = true;
    wake();
  }

  private void throwIfClosed() throws IOException {
    if (streamClosed) {
      throw new IOException("the connection is closed", reason);
    }
  }
}
