// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.WebSocketTransport;
import org.waterspout.ioloop.Context;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.ioloop.Timeout;
import org.waterspout.log.Log;

/**
 * The server's end of a WebSocket whose frames a container reads and writes.
 *
 * <p>One message is on its way out at a time, the others wait here, up to a limit: see {@link
 * Sender}, which does the same on a stream. The close frame waits behind them.
 */
final class HostedWebSocket extends WebSocketConnection implements WebSocketTransport.Receiver {
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
  private static final int OVERHEAD = 256; // what a waiting message takes besides its bytes

  @SuppressWarnings("ArrayRecordComponent") // they are taken apart, never compared
  private record Outgoing(int opcode, byte[] payload, LoopFuture<Void> sent) {
    long size() {
      return (long) payload.length + OVERHEAD;
    }
  }

  private record LastWord(int code, String reason) {}

  private final IOLoop loop;
  private final Context context; // the request's, in which all is that comes of it
  private final WebSocketTransport transport;
  private final long maxQueueSize;
  private final AtomicLong waiting = new AtomicLong(); // bytes, in the queue or about to be
  private final Queue<Outgoing> queue = new ArrayDeque<>(1); // the first one is on its way
  private boolean sending;
  private long progress; // when the container last took a message, on the loop's clock
  private @Nullable LastWord lastWord; // null until we close
  private boolean lastWordSaid;
  private boolean broken; // nothing can be sent any more: it has ended, or soon will
  private @Nullable Timeout closeTimeout; // null until we close

  HostedWebSocket(
      IOLoop loop,
      WebSocketTransport transport,
      WebSocketReceiver receiver,
      ConnectionOptions options) {
    super(loop, receiver, options);
    this.loop = loop;
    this.context = loop.context();
    this.transport = transport;
    this.maxQueueSize = options.maxQueueSize();
  }

  /** Takes charge of the transport, which may end from now on. */
  void takeCharge() {
    transport.start(this);
  }

  /** Opens the connection, unless it has ended by now. May enter user code, which may await. */
  void open() {
    if (phase != Phase.CLOSED) {
      callOpen();
      receiveMore();
    }
  }

  @Override
  IOLoop loop() {
    return loop;
  }

  // ---- what comes

  @Override
  public void text(String message) {
    context.run(() -> call(() -> receiver.onMessage(message)));
    receiveMore();
  }

  @Override
  public void binary(byte[] message) {
    context.run(() -> call(() -> receiver.onMessage(message)));
    receiveMore();
  }

  @Override
  public void pong(byte[] data) {
    context.run(() -> deliverPong(data));
    receiveMore();
  }

  private void receiveMore() {
    if (phase != Phase.CLOSED) {
      transport.receiveMore();
    }
  }

  // ---- what is sent

  @Override
  LoopFuture<Void> send(int opcode, byte[] payload) {
    var message = new Outgoing(opcode, payload, new LoopFuture<>(loop));
    if (waiting.getAndAdd(message.size()) >= maxQueueSize) {
      waiting.addAndGet(-message.size());
      fail(message.sent, tooMuch());
      runOnLoop(this::cut);
    } else {
      runOnLoop(() -> enqueue(message));
    }
    return message.sent;
  }

  private void runOnLoop(Runnable task) {
    if (loop.onLoop()) {
      task.run();
    } else {
      loop.addCallback(task);
    }
  }

  private void enqueue(Outgoing message) {
    if (lastWord != null || gone()) {
      waiting.addAndGet(-message.size());
      fail(message.sent, null);
    } else {
      queue.add(message);
      sendNext();
    }
  }

  private void sendNext() {
    if (sending || gone()) {
      return;
    }
    var next = queue.peek();
    if (next == null) {
      sayLastWord();
      return;
    }
    sending = true;
    var taken =
        next.opcode == Opcode.TEXT
            ? transport.sendText(new String(next.payload, StandardCharsets.UTF_8))
            : transport.sendBinary(next.payload);
    if (taken.isDone()) {
      loop.addCallback(() -> taken(taken)); // not now: many in a row would nest
    } else {
      var _ = taken.whenComplete((_, _) -> taken(taken));
    }
  }

  private void taken(LoopFuture<Void> taken) {
    sending = false;
    var message = queue.poll();
    if (message == null) {
      return; // the connection has ended
    }
    progress = loop.time();
    waiting.addAndGet(-message.size());
    if (taken.isCompletedExceptionally()) {
      broken = true;
      fail(message.sent, taken.exceptionNow());
      transport.cut();
    } else {
      message.sent.complete(null);
      sendNext();
    }
  }

  private static void fail(LoopFuture<Void> sent, @Nullable Throwable cause) {
    sent.completeExceptionally(new WebSocketClosedException(cause));
  }

  private IOException tooMuch() {
    return new IOException("more than " + maxQueueSize + " bytes of messages wait to be sent");
  }

  private void cut() {
    if (!gone()) {
      broken = true;
      Log.GENERAL.log(
          Level.INFO, () -> receiver + " was cut: " + waiting + " bytes wait to be taken by it");
      transport.cut();
    }
  }

  @Override
  LoopFuture<Void> ping(byte[] data) {
    loop.checkOnLoop("a ping of a WebSocket");
    var sent = new LoopFuture<Void>(loop);
    if (lastWord != null || gone()) {
      fail(sent, null);
      return sent;
    }
    var _ =
        transport
            .sendPing(data)
            .whenComplete(
                (_, failure) -> {
                  if (failure == null) {
                    sent.complete(null);
                  } else {
                    fail(sent, failure);
                  }
                });
    return sent;
  }

  /** Containers send small messages at once. */
  @Override
  void setNoDelay(boolean on) {
    loop.checkOnLoop("setNoDelay of a WebSocket");
  }

  // ---- closing

  @Override
  void closeNow(int code, String reason) {
    if (phase == Phase.OPENING || phase == Phase.OPEN) {
      phase = Phase.CLOSING;
      stopPinging();
      // A container's API has no close frame without a code.
      lastWord = new LastWord(code == CloseCode.NONE ? CloseCode.NORMAL : code, reason);
      progress = loop.time();
      closeTimeout = loop.callLater(CLOSE_TIMEOUT, this::closeIsLate);
      sendNext();
    }
  }

  private void sayLastWord() {
    if (lastWord != null && !lastWordSaid) {
      lastWordSaid = true;
      progress = loop.time();
      transport.close(lastWord.code, lastWord.reason);
    }
  }

  /** The peer has its time when all that was written is taken, and while more is. */
  private void closeIsLate() {
    long still = loop.time() - progress;
    if (still < CLOSE_TIMEOUT.toNanos()) {
      closeTimeout = loop.callLater(CLOSE_TIMEOUT.minusNanos(still), this::closeIsLate);
    } else {
      transport.cut();
    }
  }

  @Override
  boolean lastWordSaid() {
    return lastWord != null;
  }

  @Override
  boolean gone() {
    return phase == Phase.CLOSED || broken;
  }

  @Override
  public void closed(int code, String reason) {
    if (phase == Phase.CLOSED) {
      return;
    }
    phase = Phase.CLOSED;
    stopPinging();
    if (closeTimeout != null) {
      loop.removeTimeout(closeTimeout);
    }
    if (code != CloseCode.ABNORMAL) {
      peerCloses(code, reason);
    }
    for (var message = queue.poll(); message != null; message = queue.poll()) {
      waiting.addAndGet(-message.size());
      fail(message.sent, null);
    }
    context.run(this::callOnClose);
  }

  /** What comes is told late, so that no answer can be known to be on its way. */
  @Override
  void beginListening() {}
}
