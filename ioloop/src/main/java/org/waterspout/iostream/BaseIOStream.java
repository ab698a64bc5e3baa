// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectionKey;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.log.Log;

/**
 * Bytes in and out without blocking, with buffers. Tornado: {@code BaseIOStream}.
 *
 * <p>Life: made; read and written; closed once, by {@link #close}, by the peer or by an error.
 * Everything is called on the stream's loop.
 *
 * <p>One read at a time: either one that gives a future, or a {@link StreamReader} that takes all
 * input. Whatever arrives while nobody reads is kept up to a bound, then the peer is held back.
 * Cancelling the future of a read frees the stream for the next one, and loses no bytes but those
 * that were delivered already; a coroutine that is cancelled while it awaits the future does not
 * cancel the read.
 *
 * <p>Writes are in order. A write's future is done when its bytes have left for the transport: to
 * await it is to go no faster than the peer. A write that fails, as the peer is gone, closes the
 * stream; if a read is under way, all that the peer has still sent is read before that, as long as
 * each read follows the last one at once.
 *
 * <p>The peer's end of output closes the stream once all it has sent was taken; so unread bytes
 * hide it. What was queued by then still leaves if a {@link StreamReader} reads: it is told of the
 * close behind it. After the close, reads are still given what has arrived, and fail with {@link
 * StreamClosedException} when that is not enough.
 */
public abstract sealed class BaseIOStream permits IOStream, PipeIOStream, HostedIOStream {
  private final IOLoop loop;
  private final StreamLimits limits;
  final Transport transport;
  final Input input;
  final Output output;
  private final Readiness readiness;
  private boolean closed;
  private @Nullable Throwable error; // what closed it, or broke it, if it was an error
  private @Nullable Runnable closeCallback; // which queues the one that was set

  BaseIOStream(
      Transport transport, StreamLimits limits, Function<BaseIOStream, Readiness> readiness) {
    this.loop = IOLoop.current();
    this.transport = transport;
    this.limits = limits;
    var buffers = LoopBuffers.OF_LOOP.get(loop);
    input = new Input(this, buffers.in);
    output = new Output(this, buffers);
    this.readiness = readiness.apply(this);
  }

  /** The loop to which this stream belongs. */
  public final IOLoop loop() {
    return loop;
  }

  /** Whether the stream is closed, or about to be while its write side is lent. */
  public final boolean closed() {
    return closed;
  }

  /** What closed the stream, or is about to, if it was an error. Tornado: {@code error}. */
  public final @Nullable Throwable error() {
    return error;
  }

  /** Whether a read is under way. */
  public final boolean reading() {
    return input.reading();
  }

  /** Whether something was written that the transport has not taken. */
  public final boolean writing() {
    return !output.isEmpty();
  }

  // ---- reads that give a future

  /** As {@link #readUntil(byte[], int)} with as many bytes as the stream keeps. */
  public final LoopFuture<byte[]> readUntil(byte[] delimiter) {
    return readUntil(delimiter, limits.maxBufferSize());
  }

  /**
   * Reads up to a delimiter.
   *
   * @param maxBytes that may come with the delimiter; more of them close the stream with {@link
   *     UnsatisfiableReadException}
   * @return the bytes, with the delimiter at their end
   * @throws IllegalStateException if a read is under way
   */
  public final LoopFuture<byte[]> readUntil(byte[] delimiter, int maxBytes) {
    if (delimiter.length == 0) {
      throw new IllegalArgumentException("an empty delimiter");
    }
    int most = Math.min(maxBytes, limits.maxBufferSize());
    return start(new WholeRead(this, new ReadTarget.Until(delimiter.clone(), most)));
  }

  /** As {@link #readUntilRegex(Pattern, int)} with as many bytes as the stream keeps. */
  public final LoopFuture<byte[]> readUntilRegex(Pattern regex) {
    return readUntilRegex(regex, limits.maxBufferSize());
  }

  /**
   * Reads up to the end of the first match of an expression that sees each byte as a character from
   * U+0000 to U+00FF. A match that more bytes could change counts only once they have come, so the
   * result does not depend on how the input was split: {@code a+} waits for what follows the last
   * {@code a}.
   *
   * @param maxBytes that may come with the match; more of them close the stream with {@link
   *     UnsatisfiableReadException}
   * @return the bytes, with the match at their end
   * @throws IllegalStateException if a read is under way
   */
  public final LoopFuture<byte[]> readUntilRegex(Pattern regex, int maxBytes) {
    Objects.requireNonNull(regex, "regex");
    int most = Math.min(maxBytes, limits.maxBufferSize());
    return start(new WholeRead(this, new ReadTarget.UntilRegex(regex, most)));
  }

  /** Reads exactly so many bytes. */
  public final LoopFuture<byte[]> readBytes(int count) {
    return readBytes(count, false);
  }

  /**
   * Reads so many bytes, or if {@code partial} as many of them as are there, but at least one. A
   * count of more than the stream keeps closes it with {@link StreamBufferFullException}; {@link
   * #readInto} and {@link #readBytes(long, Consumer)} have no such limit.
   *
   * @throws IllegalStateException if a read is under way
   */
  public final LoopFuture<byte[]> readBytes(int count, boolean partial) {
    if (count < 0) {
      throw new IllegalArgumentException("a read of " + count + " bytes");
    }
    if (count > limits.maxBufferSize() && !partial) {
      checkIdle();
      input.closeAndForget(new StreamBufferFullException("a read of " + count + " bytes"));
      return refused();
    }
    return start(new WholeRead(this, new ReadTarget.Bytes(count, partial)));
  }

  /**
   * Reads so many bytes and hands them to a callback as they come, in arrays that it may keep. The
   * callback runs on the loop and may await; nothing more is read meanwhile. What it throws closes
   * the stream.
   *
   * @return done after the last call; fails with what the callback threw
   * @throws IllegalStateException if a read is under way
   */
  public final LoopFuture<Void> readBytes(long count, Consumer<byte[]> streamingCallback) {
    Objects.requireNonNull(streamingCallback, "streamingCallback");
    if (count < 0) {
      throw new IllegalArgumentException("a read of " + count + " bytes");
    }
    if (count == 0) {
      checkIdle();
      return LoopFuture.done(loop);
    }
    return start(StreamedRead.ofBytes(this, count, streamingCallback));
  }

  /** Fills a buffer. */
  public final LoopFuture<Integer> readInto(ByteBuffer into) {
    return readInto(into, false);
  }

  /**
   * Fills a buffer, or if {@code partial} reads as many bytes as are there, but at least one. The
   * buffer belongs to the stream until the future is done; after a failure it may hold some bytes.
   *
   * @return the number of bytes read
   * @throws IllegalStateException if a read is under way
   */
  public final LoopFuture<Integer> readInto(ByteBuffer into, boolean partial) {
    if (into.isReadOnly()) {
      throw new IllegalArgumentException("a read into a buffer that cannot be written");
    }
    return start(new FillingRead(this, into, partial));
  }

  /**
   * Reads all that comes until the peer ends its output. If the stream is closed in another way,
   * the future fails: what came before could be cut.
   *
   * @throws IllegalStateException if a read is under way
   */
  public final LoopFuture<byte[]> readUntilClose() {
    return start(new WholeRead(this, new ReadTarget.UntilClose()));
  }

  /**
   * Hands all that comes to a callback until the peer ends its output; see {@link #readBytes(long,
   * Consumer)}.
   *
   * @throws IllegalStateException if a read is under way
   */
  public final LoopFuture<Void> readUntilClose(Consumer<byte[]> streamingCallback) {
    Objects.requireNonNull(streamingCallback, "streamingCallback");
    return start(StreamedRead.untilClose(this, streamingCallback));
  }

  private <T> LoopFuture<T> start(PendingRead<T> read) {
    checkIdle();
    if (!transport.hasInput()) {
      close(new IOException("the stream has no input"));
    }
    input.forgetCancelledRead();
    if (input.takeFromRest(read)) {
      updateInterest();
    } else {
      input.setReader(read);
      resumeReading();
    }
    return read.result;
  }

  private void checkIdle() {
    loop.checkOnLoop("a read of a stream");
    if (input.busy()) {
      throw new IllegalStateException("the stream is being read already");
    }
  }

  // ---- reading by a parser

  /**
   * Gives all input to a reader, from now until the close, without a copy. Replaces a reader that
   * is paused.
   *
   * @throws IllegalStateException if a read is under way
   */
  public final void startReading(StreamReader newReader) {
    Objects.requireNonNull(newReader, "newReader");
    checkIdle();
    input.forgetCancelledRead();
    input.setReader(newReader);
    resumeReading();
  }

  /**
   * Goes on after {@link StreamReader#proceed}: first with what was kept, in a step of its own,
   * then with what arrives.
   */
  public final void resumeReading() {
    loop.checkOnLoop("a read of a stream");
    input.resume();
    updateInterest();
  }

  // ---- writing

  /**
   * Writes bytes. The array belongs to the stream until the future is done; see {@link
   * #write(ByteBuffer)}.
   */
  public final LoopFuture<Void> write(byte[] bytes) {
    return write(ByteBuffer.wrap(bytes));
  }

  /**
   * Writes now what the transport takes, and the rest as soon as it can. The buffer belongs to the
   * stream until the future completes.
   *
   * @return done when all bytes have left for the transport; fails with {@link
   *     StreamClosedException}
   * @throws StreamBufferFullException if more would be queued than the stream's limit; nothing of
   *     these bytes is
   */
  public final LoopFuture<Void> write(ByteBuffer bytes) {
    loop.checkOnLoop("a write to a stream");
    return takesOutput() ? output.write(bytes, null) : refused();
  }

  /** Writes two buffers as if they were one; see {@link #write(ByteBuffer)}. */
  public final LoopFuture<Void> write(ByteBuffer first, ByteBuffer second) {
    loop.checkOnLoop("a write to a stream");
    return takesOutput() ? output.write(first, second) : refused();
  }

  /**
   * Writes a part of a file, from the file system's cache to the socket without a copy where the
   * transport allows. The file is read on the loop: it should be on a local disk. The channel stays
   * the caller's, who closes it after the future is done. If the file turns out to be shorter, the
   * stream is closed.
   *
   * @return done when all bytes have left for the transport; fails with {@link
   *     StreamClosedException}
   */
  public final LoopFuture<Void> writeFile(FileChannel file, long position, long count) {
    loop.checkOnLoop("a write to a stream");
    if (position < 0 || count < 0) {
      throw new IllegalArgumentException(count + " bytes of a file from " + position);
    }
    if (!takesOutput()) {
      return refused();
    }
    return count == 0 ? write(ByteBuffer.allocate(0)) : output.write(file, position, count);
  }

  private <T> LoopFuture<T> refused() {
    input.noteRefusal();
    return LoopFuture.failed(loop, new StreamClosedException(error));
  }

  /** Bytes that were written and that the transport has not taken yet. */
  public final long writeQueueSize() {
    return output.size();
  }

  /**
   * When the transport last took queued bytes, by the loop's clock. Meaningless while nothing is
   * queued.
   */
  public final long lastWriteProgress() {
    return output.lastProgress();
  }

  // ---- ending the output

  /**
   * Ends the output of this side, and goes on to read. A stream that is closed stays as it is. With
   * TLS 1.2 the peer is to end its own output then too (RFC 5246 section 7.2.1).
   *
   * @throws IllegalStateException if not all that was written has left, or the stream is not
   *     connected
   */
  public final void endOutput() {
    loop.checkOnLoop("BaseIOStream.endOutput");
    if (takesOutput()) {
      output.end(ready());
    }
  }

  /** Whether bytes can pass. */
  boolean ready() {
    return true;
  }

  // ---- closing

  /**
   * Calls a callback once when the stream is closed, whoever closes it, after reads that what has
   * arrived is enough for. It runs as a callback of the loop, in the caller's context. Replaces an
   * earlier one; null takes it away. On a closed stream it is called in the next turn.
   */
  public final void setCloseCallback(@Nullable Runnable callback) {
    loop.checkOnLoop("BaseIOStream.setCloseCallback");
    var context = loop.context();
    closeCallback = callback == null ? null : () -> context.execute(callback);
    if (closed) {
      queueCloseCallback();
    } else if (callback != null) {
      input.watch();
      updateInterest();
    }
  }

  /** Closes the stream. Queued output is lost. Does nothing if it is closed. */
  public final void close() {
    close(null);
  }

  /** Closes the stream because of an error, if not null. Does nothing if it is closed. */
  public final void close(@Nullable Throwable reason) {
    loop.checkOnLoop("BaseIOStream.close");
    if (closed) {
      return;
    }
    closed = true;
    error = error == null ? reason : error;
    readiness.release();
    if (output.closed(error)) {
      closeTransport();
    }
    input.closed();
    whenClosed(error);
    queueCloseCallback();
  }

  /** The connection broke. The stream closes as soon as its reader has what is left for it. */
  final void closeBehindInput(IOException reason) {
    error = reason;
    output.fail(reason);
    input.closeBehindReads();
    updateInterest();
  }

  /** Whether anything can be written: the stream is open, and not broken. */
  final boolean takesOutput() {
    return !closed && error == null;
  }

  /**
   * Closes the stream, as the peer sends no more: behind what is queued, if nobody has to be told
   * at once. The peer may have ended its output alone.
   */
  final void closeBehindOutput() {
    if (!input.leavesOpen() && (output.isEmpty() || input.awaited())) {
      close();
    }
  }

  private void queueCloseCallback() {
    if (closeCallback != null) {
      closeCallback.run();
      closeCallback = null;
    }
  }

  final void closeTransport() {
    try {
      transport.close(error == null);
    } catch (IOException e) {
      Log.GENERAL.log(Level.DEBUG, "closing a stream", e);
    }
  }

  /** For what hangs on the stream besides its reads and writes. Enters no user code. */
  void whenClosed(@Nullable Throwable reason) {}

  // ---- for its parts

  /** Whether the peer has ended its output, in order. */
  public final boolean inputEnded() {
    return input.endedInOrder();
  }

  final boolean takeFromRest(PendingRead<?> read) {
    return input.takeFromRest(read);
  }

  /** Waits for what its parts have a use for, after any change to them. */
  final void updateInterest() {
    if (!closed) {
      readiness.update();
    }
  }

  int interest() {
    int ops = input.wanted() ? SelectionKey.OP_READ : 0;
    return error == null
        ? transport.interest(output.wanted() ? ops | SelectionKey.OP_WRITE : ops)
        : transport.interest(ops) & SelectionKey.OP_READ;
  }

  /** The transport may be ready for these operations. */
  final void progress(int ops) {
    try {
      if ((ops & SelectionKey.OP_CONNECT) != 0 && !closed) {
        connected();
      }
      if ((ops & SelectionKey.OP_WRITE) != 0 && takesOutput()) {
        output.writable();
      }
      if (((ops & SelectionKey.OP_READ) != 0 || transport.handshaking()) && !closed) {
        input.readable();
      }
    } catch (IOException e) {
      close(e);
    }
    updateInterest();
  }

  /** The channel has a connection, or none can be had. */
  void connected() throws IOException {}

  final StreamLimits limits() {
    return limits;
  }

  /** Closes this stream, but not its connection, for which another one cares from now on. */
  final void giveUpConnectionFor(BaseIOStream heir) {
    closed = true;
    readiness.release();
    if (closeCallback != null) {
      heir.input.watch();
    }
    heir.closeCallback = closeCallback;
    closeCallback = null;
    input.rest().clear();
    input.closed();
  }
}
