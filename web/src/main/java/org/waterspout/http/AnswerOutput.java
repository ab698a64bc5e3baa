// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.iostream.IOStream;

/**
 * What a connection to a server writes, on its way to the stream.
 *
 * <p>Answers to requests that came in one read leave in one write: while more input waits behind a
 * request that is whole, what its answer consists of is held back, up to a bound. It leaves with
 * what is written next and not held back; or in a step that is queued when something is held, and
 * again when the next request begins, if by then the answer to that request is not complete.
 * Confined to the loop.
 */
final class AnswerOutput {
  /** Beyond this a call of its own is cheaper than to copy. */
  private static final int MAX_HELD = 64 * 1024;

  private final HTTP1ServerConnection connection;
  private final IOStream stream;
  private final LoopBuffers buffers;
  private final Tally tally;
  private boolean pipelined; // something is behind the input that was taken
  private @Nullable OutBytes held; // null: nothing is
  private long sent;

  AnswerOutput(HTTP1ServerConnection connection, LoopBuffers buffers, Tally tally) {
    this.connection = connection;
    this.stream = connection.stream();
    this.buffers = buffers;
    this.tally = tally;
  }

  /** Empty, for what is written next. */
  OutBytes out() {
    return buffers.out();
  }

  /** Bytes of answers so far. */
  long sent() {
    return sent;
  }

  /** Bytes of an answer are on their way. */
  void count(long bytes) {
    sent += bytes;
    tally.sent(bytes);
  }

  /** Input was taken, and more of it is there or not. */
  void inputWaits(boolean more) {
    pipelined = more;
  }

  /**
   * Writes a part of the answer of the exchange that is under way, or holds it back.
   *
   * @return as {@link IOStream#write(ByteBuffer)}, done if it is held back
   */
  LoopFuture<Void> write(HTTP1Connection exchange, OutBytes out) {
    return holdsBack(exchange) && hold(out) ? LoopFuture.done(stream.loop()) : write(out);
  }

  /** Whether what this exchange writes may wait for what comes after it. */
  boolean holdsBack(HTTP1Connection exchange) {
    return pipelined && exchange.requestComplete() && exchange.keepAlive();
  }

  private boolean hold(OutBytes out) {
    int before = held == null ? 0 : held.length();
    if (stream.writing() || before + out.length() > MAX_HELD) {
      return false;
    }
    if (held == null) {
      held = buffers.takeSpare();
      flushLater();
    }
    held.add(out);
    count(out.length());
    return true;
  }

  /** Writes what is held back, and these bytes; see {@link IOStream#write(ByteBuffer)}. */
  LoopFuture<Void> write(OutBytes out) {
    count(out.length());
    OutBytes first = held;
    if (first != null && first.length() + out.length() <= MAX_HELD) {
      held = null;
      return writeSpare(first.add(out));
    }
    flush();
    return out.writeTo(stream);
  }

  /** The same with a piece that is not copied: it belongs to the stream until it has left. */
  LoopFuture<Void> write(OutBytes out, ByteBuffer piece) {
    count(out.length() + piece.remaining());
    flush();
    return out.writeTo(stream, piece);
  }

  /** The same with a part of a file, see {@link IOStream#writeFile}. */
  LoopFuture<Void> writeFile(FileChannel file, long position, int bytes) {
    count(bytes);
    flush();
    return stream.writeFile(file, position, bytes);
  }

  /** Writes what is held back. */
  void flush() {
    OutBytes all = held;
    if (all != null) {
      held = null;
      var _ = writeSpare(all);
    }
  }

  /** Writes what is held back; done when all that was written has left. */
  LoopFuture<Void> drain() {
    flush();
    return stream.writing() ? stream.write(ByteBuffer.allocate(0)) : LoopFuture.done(stream.loop());
  }

  private LoopFuture<Void> writeSpare(OutBytes all) {
    LoopFuture<Void> written = stream.write(all.buffer());
    if (Stages.succeeded(written)) {
      buffers.giveSpare(all);
    }
    return written;
  }

  /** What is held back does not wait for longer than the present step. */
  void flushLater() {
    if (held == null) {
      return;
    }
    HTTP1Connection current = connection.exchange();
    connection.post(
        () -> {
          if (isAt(current)) {
            flush();
          }
        });
  }

  /** Whether the connection still answers this exchange, or with null awaits a request. */
  private boolean isAt(@Nullable HTTP1Connection current) {
    return connection.exchange() == current && (current == null || !current.answered());
  }
}
