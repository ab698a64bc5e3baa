// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.Context;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.log.Log;

/**
 * A connected, non-blocking socket. Tornado: {@code IOStream}.
 *
 * <p>Life: made on a connected channel; {@link #startReading} once; closed once, by {@link #close},
 * by the peer or by an error. Everything is called on the loop.
 *
 * <pre>
 *   READING   bytes go to the reader as they arrive
 *   PAUSED    the reader has something to deliver: bytes are read ahead up to a bound,
 *             so that a peer's disappearance is noticed
 * </pre>
 */
public final class IOStream {
  private static final int READ_AHEAD = 64 * 1024; // while paused; then the peer is held back

  private final IOLoop loop;
  private final SocketChannel channel;
  private final LoopBuffers buffers;
  private final LoopFuture<Void> done;
  private final ReadBuffer rest = new ReadBuffer();
  private final WriteBuffer output = new WriteBuffer();

  private @Nullable StreamReader reader; // null until startReading
  private @Nullable Context readerContext; // where startReading was called; null until then
  private @Nullable StreamLoan loan; // while the write side is lent
  private int interest; // 0 and not registered until first needed
  private boolean registered;
  private boolean paused;
  private boolean stepQueued; // a step over the rest is on its way
  private boolean endOfInput;
  private boolean closed;
  private boolean closeReported;
  private @Nullable Throwable error; // what closed it, if it was an error
  private long lastWriteProgress;

  /** A stream of the current loop over a connected channel, which it owns from now on. */
  public IOStream(SocketChannel channel) throws IOException {
    this.loop = IOLoop.current();
    this.channel = Objects.requireNonNull(channel, "channel");
    this.buffers = LoopBuffers.OF_LOOP.get(loop);
    this.done = LoopFuture.done(loop);
    channel.configureBlocking(false);
    if (channel.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY)) {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }
  }

  /** The loop to which this stream belongs. */
  public IOLoop loop() {
    return loop;
  }

  /** The channel, for its addresses and options; reading, writing and closing are the stream's. */
  public SocketChannel channel() {
    return channel;
  }

  /** Whether the stream is closed, or about to be while its write side is lent. */
  public boolean closed() {
    return closed;
  }

  /** What closed the stream, if it was an error. */
  public @Nullable Throwable error() {
    return error;
  }

  // ---- reading

  /** Gives all input to a reader, from now until the close. Replaces a reader that is paused. */
  public void startReading(StreamReader newReader) {
    loop.checkOnLoop("IOStream.startReading");
    if (reader != null && !paused) {
      throw new IllegalStateException("the stream is being read");
    }
    reader = Objects.requireNonNull(newReader, "newReader");
    readerContext = loop.context();
    closeReported = false; // what was said to the reader before is unknown to this one
    paused = true;
    resumeReading();
  }

  /**
   * Goes on after {@link StreamReader#proceed}: first with what was kept, in a step of its own,
   * then with what arrives.
   */
  public void resumeReading() {
    loop.checkOnLoop("IOStream.resumeReading");
    if (!paused) {
      return;
    }
    paused = false;
    if (closed) {
      queueCloseReport();
    } else if (!rest.isEmpty() || endOfInput) {
      queueStep();
    } else {
      addInterest(SelectionKey.OP_READ);
    }
  }

  private void queueStep() {
    if (!stepQueued) {
      stepQueued = true;
      callReaderLater(this::stepOverRest);
    }
  }

  /** Offers the kept bytes to the reader. */
  private void stepOverRest() {
    stepQueued = false;
    if (paused || closed) {
      return;
    }
    if (!rest.isEmpty()) {
      var view = rest.view();
      offer(view);
      if (closed) {
        return;
      }
      rest.keep(view);
    }
    if (endOfInput) {
      closeAfterLastStep();
    } else if (!paused || rest.size() < READ_AHEAD) {
      addInterest(SelectionKey.OP_READ);
    }
  }

  private void closeAfterLastStep() {
    if (!paused) {
      close();
    } else if (rest.isEmpty()) {
      callReaderLater(this::close); // after proceed, which may still write
    }
  }

  private void offer(ByteBuffer bytes) {
    try {
      if (Objects.requireNonNull(reader).received(bytes)) {
        paused = true;
        callReaderLater(this::proceed);
      }
    } catch (RuntimeException | Error e) {
      close(e); // how much it had taken is unknown: what follows would be misread
      throw e;
    }
  }

  /** Whoever resumes the stream, the reader is called in the context that it was given in. */
  private void callReaderLater(Runnable callback) {
    Objects.requireNonNull(readerContext).execute(callback);
  }

  private void proceed() {
    Objects.requireNonNull(reader).proceed();
  }

  private void readable() throws IOException {
    if (paused && rest.size() >= READ_AHEAD) {
      dropInterest(SelectionKey.OP_READ);
      return;
    }
    var in = buffers.in.clear();
    int count = channel.read(in);
    if (count < 0) {
      inputEnded();
      return;
    }
    in.flip();
    if (paused || stepQueued) {
      rest.append(in);
    } else if (rest.isEmpty()) {
      offer(in);
      if (!closed) {
        rest.append(in);
      }
    } else {
      rest.append(in);
      stepOverRest();
    }
  }

  /** The peer sends no more. That closes the stream once all it has sent was taken. */
  private void inputEnded() {
    endOfInput = true;
    dropInterest(SelectionKey.OP_READ);
    if (rest.isEmpty()) {
      close();
    } else if (!paused) {
      queueStep();
    }
  }

  // ---- writing

  /**
   * Writes now what the transport takes, and the rest as soon as it can. The buffer belongs to the
   * stream until the future completes.
   *
   * @return done when all bytes have left for the transport; fails with {@link
   *     StreamClosedException}
   */
  public LoopFuture<Void> write(ByteBuffer bytes) {
    loop.checkOnLoop("IOStream.write");
    if (closed) {
      return LoopFuture.failed(loop, new StreamClosedException(error));
    }
    return loan == null && output.isEmpty() && fitsOut(bytes.remaining())
        ? writeNow(bytes, null)
        : enqueue(bytes);
  }

  /** Writes two buffers as if they were one; see {@link #write(ByteBuffer)}. */
  public LoopFuture<Void> write(ByteBuffer first, ByteBuffer second) {
    loop.checkOnLoop("IOStream.write");
    if (closed) {
      return LoopFuture.failed(loop, new StreamClosedException(error));
    }
    if (loan == null
        && output.isEmpty()
        && fitsOut((long) first.remaining() + second.remaining())) {
      return writeNow(first, second);
    }
    if (first.hasRemaining()) {
      startQueue();
      output.add(first, null);
    }
    return enqueue(second);
  }

  private boolean fitsOut(long size) {
    return size <= buffers.out.capacity();
  }

  /** The common case: nothing is queued, all fits the loop's buffer and the transport takes it. */
  private LoopFuture<Void> writeNow(ByteBuffer first, @Nullable ByteBuffer second) {
    var out = buffers.out.clear();
    out.put(first);
    if (second != null) {
      out.put(second);
    }
    out.flip();
    try {
      channel.write(out);
    } catch (IOException e) {
      close(e);
      return LoopFuture.failed(loop, new StreamClosedException(e));
    }
    if (!out.hasRemaining()) {
      return done;
    }
    var left = ByteBuffer.allocate(out.remaining()).put(out).flip();
    var written = new LoopFuture<Void>(loop);
    startQueue();
    output.add(left, written);
    addInterest(SelectionKey.OP_WRITE);
    return written;
  }

  private LoopFuture<Void> enqueue(ByteBuffer bytes) {
    var written = new LoopFuture<Void>(loop);
    startQueue();
    output.add(bytes, written);
    if (loan == null) {
      writeOutput();
    }
    return closed && !written.isDone()
        ? LoopFuture.failed(loop, new StreamClosedException(error))
        : written;
  }

  /** Before the first piece is queued: from now on the transport is expected to take some. */
  private void startQueue() {
    if (output.isEmpty()) {
      lastWriteProgress = loop.time();
    }
  }

  private void writeOutput() {
    var before = output.size();
    try {
      output.writeTo(channel, buffers.out);
    } catch (IOException e) {
      close(e);
      return;
    }
    if (output.size() < before) {
      lastWriteProgress = loop.time();
    }
    if (output.isEmpty()) {
      dropInterest(SelectionKey.OP_WRITE);
    } else {
      addInterest(SelectionKey.OP_WRITE);
    }
  }

  /** Whether everything written has left for the transport. */
  public boolean writeQueueEmpty() {
    return output.isEmpty();
  }

  /** Bytes that the transport has not taken yet. */
  public long writeQueueSize() {
    return output.size();
  }

  /**
   * When the transport last took queued bytes, by the loop's clock. Meaningless while nothing is
   * queued.
   */
  public long lastWriteProgress() {
    return lastWriteProgress;
  }

  // ---- lending the write side

  /**
   * Lends the write side to one other thread, until it {@link StreamLoan#giveBack gives it back}.
   * Meanwhile the loop writes nothing: what is written to the stream waits, and a close waits too.
   *
   * @return null if output is queued, the stream is closed, or it is lent already
   */
  public @Nullable StreamLoan lendWriteSide() {
    loop.checkOnLoop("IOStream.lendWriteSide");
    if (closed || loan != null || !output.isEmpty()) {
      return null;
    }
    loan = new StreamLoan(this, channel);
    return loan;
  }

  /** The borrower waits until the channel takes more. On the loop. */
  void waitForRoomOf(StreamLoan borrower) {
    if (loan == borrower && !closed) {
      addInterest(SelectionKey.OP_WRITE);
    } else {
      borrower.wake();
    }
  }

  /** The borrower is done. On the loop. */
  void takeBack(StreamLoan borrower, @Nullable IOException failure) {
    if (loan != borrower) {
      return;
    }
    loan = null;
    if (closed) {
      closeChannel();
    } else if (failure != null) {
      close(failure);
    } else if (!output.isEmpty()) {
      lastWriteProgress = loop.time(); // it was not asked before
      writeOutput();
    }
  }

  // ---- closing

  /** Closes the stream. Queued output is lost. Does nothing if it is closed. */
  public void close() {
    close(null);
  }

  /** Closes the stream because of an error. */
  public void close(@Nullable Throwable reason) {
    loop.checkOnLoop("IOStream.close");
    if (closed) {
      return;
    }
    closed = true;
    error = reason;
    if (loan == null) {
      closeChannel();
    } else {
      unregister();
      loan.streamClosed(reason);
    }
    rest.clear();
    output.fail(new StreamClosedException(reason));
    queueCloseReport();
  }

  private void queueCloseReport() {
    if (reader != null && !closeReported) {
      closeReported = true;
      callReaderLater(reader::closed);
    }
  }

  private void closeChannel() {
    unregister();
    try {
      channel.close();
    } catch (IOException e) {
      Log.GENERAL.log(Level.DEBUG, "closing a socket", e);
    }
  }

  // ---- events

  private void handleEvents(SelectableChannel ignored, int ops) {
    try {
      if ((ops & SelectionKey.OP_WRITE) != 0) {
        writable();
      }
      if ((ops & SelectionKey.OP_READ) != 0 && !closed) {
        readable();
      }
    } catch (IOException e) {
      close(e);
    }
  }

  private void writable() {
    if (loan != null) {
      dropInterest(SelectionKey.OP_WRITE);
      loan.wake();
    } else {
      writeOutput();
    }
  }

  private void addInterest(int op) {
    if ((interest & op) == 0) {
      setInterest(interest | op);
    }
  }

  private void dropInterest(int op) {
    if ((interest & op) != 0) {
      setInterest(interest & ~op);
    }
  }

  private void setInterest(int ops) {
    interest = ops;
    if (closed) {
      return;
    }
    try {
      if (registered) {
        loop.updateHandler(channel, ops);
      } else {
        registered = true;
        loop.addHandler(channel, ops, this::handleEvents);
      }
    } catch (IOException e) {
      close(e);
    }
  }

  private void unregister() {
    if (registered) {
      registered = false;
      loop.removeHandler(channel);
    }
  }
}
