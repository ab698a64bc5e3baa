// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.iostream.BaseIOStream;
import org.waterspout.iostream.StreamBufferFullException;
import org.waterspout.log.Log;

/**
 * Sends a connection's frames. Messages may be given to it in any thread; all else is confined to
 * the loop.
 *
 * <p>What the peer does not take waits. Who awaits the futures has one message waiting at most. For
 * who does not, there is a limit: as soon as more waits and yet another message is sent, the
 * connection is cut. Leaving messages out would be worse, and the heap is not the peer's to fill.
 */
final class Sender {
  private static final AtomicLongFieldUpdater<Sender> WAITING =
      AtomicLongFieldUpdater.newUpdater(Sender.class, "waiting");
  private static final int OVERHEAD = 256; // what a waiting message takes besides its bytes

  private final BaseIOStream stream;
  private final IOLoop loop;
  private final WebSocketReceiver receiver; // for the log
  private final FrameWriter writer;
  private final long maxQueueSize;
  private volatile long waiting; // bytes
  private boolean ended; // the close frame was sent, or the connection is gone
  private @Nullable LoopFuture<Void> lastPong; // null before the first
  private byte @Nullable [] nextPong; // while the last one has not left

  Sender(BaseIOStream stream, WebSocketReceiver receiver, FrameWriter writer, long maxQueueSize) {
    this.stream = stream;
    this.loop = stream.loop();
    this.receiver = receiver;
    this.writer = writer;
    this.maxQueueSize = maxQueueSize;
  }

  /** Sends a message. From any thread. */
  LoopFuture<Void> message(int opcode, byte[] payload) {
    return loop.onLoop() ? messageNow(opcode, payload) : post(opcode, payload);
  }

  private LoopFuture<Void> post(int opcode, byte[] payload) {
    var sent = new LoopFuture<Void>(loop);
    long size = (long) payload.length + OVERHEAD;
    if (WAITING.getAndAdd(this, size) >= maxQueueSize) {
      WAITING.addAndGet(this, -size);
      loop.addCallback(this::cut);
      sent.completeExceptionally(new WebSocketClosedException(tooMuch()));
      return sent;
    }
    loop.addCallback(
        () -> {
          WAITING.addAndGet(this, -size);
          pass(messageNow(opcode, payload), sent);
        });
    return sent;
  }

  private LoopFuture<Void> messageNow(int opcode, byte[] payload) {
    if (ended || stream.closed()) {
      return closed();
    }
    if (waiting >= maxQueueSize) {
      cut();
      return closed();
    }
    return write(writer.message(opcode, payload));
  }

  LoopFuture<Void> ping(byte[] data) {
    return ended ? closed() : write(writer.control(Opcode.PING, data));
  }

  /** RFC 6455 section 5.5.3: only the last of several pings need be answered. */
  void pong(byte[] data) {
    if (ended) {
      return;
    }
    if (lastPong != null && !lastPong.isDone()) {
      nextPong = data;
      return;
    }
    lastPong = write(writer.control(Opcode.PONG, data));
    if (!lastPong.isDone()) {
      var _ = lastPong.thenRun(this::pongAgain);
    }
  }

  private void pongAgain() {
    var data = nextPong;
    nextPong = null;
    if (data != null) {
      pong(data);
    }
  }

  /** Sends the last frame; see {@link FrameWriter#close}. */
  LoopFuture<Void> close(int code, String reason) {
    ended = true;
    return write(writer.close(code, reason));
  }

  /** Nothing more can be sent. Frees what is held outside of the heap. */
  void end() {
    ended = true;
    nextPong = null;
    writer.end();
  }

  private LoopFuture<Void> write(FrameWriter.Frame frame) {
    LoopFuture<Void> written;
    int size = frame.size();
    try {
      written = stream.write(frame.head(), frame.payload());
    } catch (StreamBufferFullException e) { // the stream may have a limit of its own
      stream.close(e);
      return closed();
    }
    if (written.isDone()) {
      return written.isCompletedExceptionally() ? closed() : written;
    }
    WAITING.addAndGet(this, size + (long) OVERHEAD);
    var sent = new LoopFuture<Void>(loop);
    var _ =
        written.whenComplete(
            (value, failure) -> {
              WAITING.addAndGet(this, -size - (long) OVERHEAD);
              pass(written, sent);
            });
    return sent;
  }

  private void pass(LoopFuture<Void> from, LoopFuture<Void> to) {
    if (!from.isDone()) {
      var _ = from.whenComplete((value, failure) -> pass(from, to));
    } else if (from.isCompletedExceptionally()) {
      to.completeExceptionally(new WebSocketClosedException(stream.error()));
    } else {
      to.complete(null);
    }
  }

  private void cut() {
    if (!stream.closed()) {
      Log.GENERAL.log(
          Level.INFO, () -> receiver + " was cut: " + waiting + " bytes wait to be taken by it");
      stream.close(tooMuch());
    }
  }

  private IOException tooMuch() {
    return new IOException("more than " + maxQueueSize + " bytes of messages wait to be sent");
  }

  private LoopFuture<Void> closed() {
    return LoopFuture.failed(loop, new WebSocketClosedException(stream.error()));
  }
}
