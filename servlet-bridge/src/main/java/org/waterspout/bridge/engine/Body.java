// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.upload.Spool;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;

/**
 * The pipe between the loop, which never waits, and the servlet's thread, which does. It holds a
 * bound and one piece more: the loop is held back by a future until half of it is read.
 *
 * <p>Life: pieces; then {@link #end}, or {@link #fail} if the rest never comes. After {@link
 * #discard} pieces are taken and dropped.
 */
final class Body {
  private final IOLoop loop;
  private final int bound;
  private final Queue<byte[]> pieces = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private volatile boolean ended;
  private volatile boolean failed;
  private volatile boolean discarding;

  /** The thread that waits for a piece; null if none does. */
  private volatile @Nullable Thread reader;

  /** Told that something can be read; null unless a listener of the stream waits for it. */
  private volatile @Nullable Runnable watcher;

  /** All of it, if it was {@link #gather}ed; else null. */
  private volatile @Nullable GatheredBody gathered;

  /** What holds the sender back; null while there is room. Who takes it out completes it. */
  private final AtomicReference<@Nullable LoopFuture<Void>> room = new AtomicReference<>();

  Body(IOLoop loop, int bound) {
    this.loop = loop;
    this.bound = bound;
  }

  /** On the loop: takes a piece; returns what to wait for before the next, or null. */
  @Nullable LoopFuture<Void> offer(byte[] piece) {
    if (discarding || piece.length == 0) {
      return null;
    }
    pieces.add(piece);
    int now = waiting.addAndGet(piece.length);
    signal();
    if (now < bound) {
      return null;
    }
    var future = new LoopFuture<Void>(loop);
    room.set(future);
    // The reader may have emptied the pipe before it could see the future.
    makeRoom();
    return future;
  }

  /** On the loop: nothing more comes. */
  void end() {
    ended = true;
    signal();
  }

  /**
   * From any thread: the rest never comes, since the client is gone or the answer is over. What is
   * there already is still read.
   */
  void fail() {
    failed = true;
    signal();
    releaseRoom();
  }

  private void signal() {
    LockSupport.unpark(reader);
    Runnable told = watcher;
    if (told != null) {
      told.run();
    }
  }

  /** From now on, a runnable is run when something can be read, on the thread that brings it. */
  void watch(Runnable runnable) {
    watcher = runnable;
  }

  /** On the servlet's thread, at its end: drops what is there and what still comes. */
  void discard() {
    discarding = true;
    pieces.clear();
    releaseRoom();
    GatheredBody kept = gathered;
    if (kept != null) {
      kept.delete();
    }
  }

  /** Whether all of it has been received and taken. */
  boolean drained() {
    GatheredBody kept = gathered;
    return kept != null ? kept.drained() : ended && pieces.isEmpty();
  }

  /** Whether a piece or the end can be taken without waiting. */
  boolean readable() {
    return !pieces.isEmpty() || ended;
  }

  /** Whether the rest never comes. */
  boolean failed() {
    return failed;
  }

  /**
   * On the servlet's thread: waits for the next piece; null at the end.
   *
   * @throws ClientGoneException if it never comes
   */
  byte @Nullable [] take() throws IOException {
    GatheredBody kept = gathered;
    return kept != null ? kept.take() : takePiece();
  }

  /**
   * On the servlet's thread, before anything is read: waits for all of it, which is read from a
   * spool then.
   *
   * @throws ClientGoneException if the rest never comes
   */
  void gather(Spool spool) throws IOException {
    try {
      for (byte[] piece = takePiece(); piece != null; piece = takePiece()) {
        spool.write(piece);
      }
      spool.end();
      gathered = new GatheredBody(spool);
    } catch (IOException | RuntimeException | Error e) {
      GatheredBody.delete(spool);
      throw e;
    }
  }

  private byte @Nullable [] takePiece() throws IOException {
    while (true) {
      // Read before the queue: what was added before the end is then seen.
      boolean over = ended;
      boolean gone = failed;
      byte[] piece = pieces.poll();
      if (piece != null) {
        waiting.addAndGet(-piece.length);
        makeRoom();
        return piece;
      }
      if (over) {
        return null;
      }
      if (gone) {
        throw new ClientGoneException();
      }
      await();
    }
  }

  /** How many bytes can be read without waiting. */
  int available() {
    GatheredBody kept = gathered;
    return kept != null ? kept.available() : Math.max(0, waiting.get());
  }

  private void await() throws IOException {
    LoopGuard.check(loop, "a blocking read");
    reader = Thread.currentThread();
    try {
      while (pieces.isEmpty() && !ended && !failed) {
        LockSupport.park(this);
        if (Thread.interrupted()) {
          Thread.currentThread().interrupt();
          throw new InterruptedIOException("interrupted while waiting for the request's body");
        }
      }
    } finally {
      reader = null;
    }
  }

  private void makeRoom() {
    if (waiting.get() <= bound / 2 || failed || discarding) {
      releaseRoom();
    }
  }

  private void releaseRoom() {
    LoopFuture<Void> waited = room.getAndSet(null);
    if (waited != null) {
      waited.complete(null);
    }
  }
}
