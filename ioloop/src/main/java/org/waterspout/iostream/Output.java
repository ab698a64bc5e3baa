// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.LoopFuture;

/**
 * The output of a stream, on its way to the transport: at once if it can be, else through a queue.
 * While the write side is lent, all waits in the queue.
 */
final class Output {
  private final BaseIOStream stream;
  private final LoopBuffers shared; // by all streams of the loop
  private @Nullable WriteBuffer queue; // null while it is empty
  private @Nullable StreamLoan loan; // while the write side is lent
  private boolean loanWaits; // for room in the transport
  private boolean held; // nothing can be written yet
  private long lastProgress;

  Output(BaseIOStream stream, LoopBuffers shared) {
    this.stream = stream;
    this.shared = shared;
  }

  boolean isEmpty() {
    return queue == null;
  }

  long size() {
    return queue == null ? 0 : queue.size();
  }

  long lastProgress() {
    return lastProgress;
  }

  /** Whether room in the transport is of use. */
  boolean wanted() {
    return !held && (loan == null ? queue != null : loanWaits);
  }

  /** Queues everything until {@link #release}: there is no connection yet. */
  void hold() {
    held = true;
  }

  void release() throws IOException {
    held = false;
    lastProgress = stream.loop().time();
    writeQueue();
  }

  // ---- writing

  LoopFuture<Void> write(ByteBuffer first, @Nullable ByteBuffer second) {
    long length = first.remaining() + (second == null ? 0L : second.remaining());
    refuseIfFull(length);
    if (loan == null && !held && queue == null && length <= shared.out.capacity()) {
      return writeNow(first, second);
    }
    var written = new LoopFuture<Void>(stream.loop());
    var pieces = startQueue();
    pieces.add(first, second == null ? written : null);
    if (second != null) {
      pieces.add(second, written);
    }
    return begin(written);
  }

  LoopFuture<Void> write(FileChannel file, long position, long count) {
    refuseIfFull(0); // what is in a file takes no room
    var written = new LoopFuture<Void>(stream.loop());
    startQueue().add(file, position, count, written);
    return begin(written);
  }

  private void refuseIfFull(long more) {
    long maxSize = stream.limits().maxWriteBufferSize();
    if (more > maxSize - (queue == null ? 0 : queue.sizeInMemory())) {
      throw new StreamBufferFullException("more than " + maxSize + " bytes wait to be written");
    }
  }

  /** The common case: nothing is queued, all fits the loop's buffer and the transport takes it. */
  private LoopFuture<Void> writeNow(ByteBuffer first, @Nullable ByteBuffer second) {
    var out = shared.out.clear();
    out.put(first);
    if (second != null) {
      out.put(second);
    }
    out.flip();
    try {
      stream.transport.write(out);
      if (!out.hasRemaining() && stream.transport.flush()) {
        return shared.done;
      }
    } catch (IOException e) {
      broke(e);
      return LoopFuture.failed(stream.loop(), new StreamClosedException(e));
    }
    var left = ByteBuffer.allocate(out.remaining()).put(out).flip();
    var written = new LoopFuture<Void>(stream.loop());
    startQueue().add(left, written);
    stream.updateInterest();
    return written;
  }

  private LoopFuture<Void> begin(LoopFuture<Void> written) {
    if (loan != null || held) {
      return written;
    }
    try {
      writeQueue();
    } catch (IOException e) {
      broke(e);
      return LoopFuture.failed(stream.loop(), new StreamClosedException(e));
    }
    stream.updateInterest();
    return written;
  }

  /** The queue; if it is a new one, the transport is expected to take some from now on. */
  private WriteBuffer startQueue() {
    if (queue == null) {
      queue = new WriteBuffer();
      lastProgress = stream.loop().time();
    }
    return queue;
  }

  private void writeQueue() throws IOException {
    if (queue == null) {
      stream.transport.flush(); // it may have something of its own to send
      return;
    }
    var before = queue.size();
    var unsent = stream.transport.unsent();
    queue.writeTo(stream.transport, shared.out);
    if (queue.size() < before || stream.transport.unsent() < unsent) {
      lastProgress = stream.loop().time();
    }
    if (queue.isEmpty()) {
      queue = null;
      allHasLeft();
    }
  }

  private void allHasLeft() {
    var loop = stream.loop();
    if (stream.input.done()) {
      loop.addCallback(() -> loop.addCallback(stream::closeBehindOutput)); // who waits for it first
    }
  }

  /** The transport has room. */
  void writable() {
    if (held) {
      return;
    }
    if (loan != null) {
      wakeLoan();
      return;
    }
    try {
      writeQueue();
    } catch (IOException e) {
      broke(e);
    }
  }

  private void wakeLoan() {
    if (loan != null && loanWaits) {
      loanWaits = false;
      loan.wake();
    }
  }

  // ---- the end

  /**
   * Nothing can be written any more. Mostly the peer is gone, and often it has said why before it
   * went: so whoever reads is given what there is.
   */
  private void broke(IOException reason) {
    boolean ofPeer = !(reason instanceof SSLException) && (queue == null || !queue.isAtFile());
    if (ofPeer && stream.input.outlivesOutput() && !stream.transport.handshaking()) {
      stream.closeBehindInput(reason);
    } else {
      stream.close(reason);
    }
  }

  /**
   * Nothing more is to come, and the peer is told so.
   *
   * @param ready whether bytes can pass
   */
  void end(boolean ready) {
    if (queue != null || lent() || !ready) {
      throw new IllegalStateException("output ends once all that was written has left");
    }
    try {
      stream.transport.endOutput();
    } catch (IOException e) {
      stream.close(e);
    }
    stream.updateInterest();
  }

  /** Fails what is queued. */
  void fail(@Nullable Throwable reason) {
    if (queue != null) {
      queue.fail(new StreamClosedException(reason));
      queue = null;
    }
  }

  /** The stream was closed. True if the channel can be closed too. */
  boolean closed(@Nullable Throwable reason) {
    fail(reason);
    if (loan != null) {
      loan.streamClosed(reason);
    }
    return loan == null;
  }

  // ---- lending

  boolean lent() {
    return loan != null;
  }

  void lendTo(StreamLoan borrower) {
    loan = borrower;
  }

  /** The borrower waits until the channel takes more. */
  void waitForRoomOf(StreamLoan borrower) {
    if (isLentTo(borrower) && !stream.closed()) {
      loanWaits = true;
      stream.updateInterest();
    } else {
      borrower.wake();
    }
  }

  @SuppressWarnings("ReferenceEquality") // the same object is meant
  boolean isLentTo(StreamLoan borrower) {
    return loan == borrower;
  }

  /** The borrower is done. */
  void takeBack() {
    loan = null;
    loanWaits = false;
    lastProgress = stream.loop().time(); // it was not asked before
  }
}
