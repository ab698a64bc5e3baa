// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import java.lang.System.Logger.Level;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopClosedException;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.iostream.StreamClosedException;
import org.waterspout.log.Log;

/**
 * A connection at the level of messages, which go to its {@link WebSocketReceiver}: what is the
 * same whoever reads and writes the frames. {@link WebSocketProtocol13} does that itself, on a
 * stream; for a {@link HostedWebSocket} a container does.
 *
 * <pre>
 *   OPENING   the receiver's open() runs
 *   OPEN      messages come, one at a time
 *   CLOSING   our close frame was sent; messages may still come until the peer's close frame
 *   ENDING    nothing of what comes counts: both frames were exchanged and ours has yet to leave,
 *             or the peer broke the protocol and has yet to see why
 *   CLOSED    the stream is
 * </pre>
 *
 * <p>Confined to the loop, but for {@link #send} and {@link #close}.
 */
abstract sealed class WebSocketConnection permits WebSocketProtocol13, HostedWebSocket {
  enum Phase {
    OPENING,
    OPEN,
    CLOSING,
    ENDING,
    CLOSED
  }

  final WebSocketReceiver receiver;
  final @Nullable Pinger pinger; // null: no pings
  Phase phase = Phase.OPENING;
  private boolean opened; // the receiver was told that the connection is there
  private boolean inCall; // of the receiver
  private boolean failed; // a call of the receiver has: no more but onClose for it
  private int closeCode; // the peer's; 0 before
  private @Nullable String closeReason; // the peer's; null before

  WebSocketConnection(IOLoop loop, WebSocketReceiver receiver, ConnectionOptions options) {
    this.receiver = receiver;
    this.pinger = options.pingInterval().isZero() ? null : new Pinger(loop, options, this);
  }

  abstract IOLoop loop(); // a field for it would be one for each idle connection

  // ---- for the user

  /**
   * Sends a message, in the order of the calls of each thread. From any thread.
   *
   * @param opcode of text or binary
   * @param payload the connection's until the future is done
   * @return done when it has left for the transport; fails with {@link WebSocketClosedException}
   */
  abstract LoopFuture<Void> send(int opcode, byte[] payload);

  /** Sends a ping of at most 125 bytes; see {@link #send}. */
  abstract LoopFuture<Void> ping(byte[] data);

  /** Whether small messages leave at once. */
  abstract void setNoDelay(boolean on);

  /**
   * Says that nothing more will be sent, and closes the connection once the peer has said the same.
   * Does nothing if that was said before. From any thread.
   *
   * @param code {@link CloseCode#NONE} for none
   */
  final void close(int code, String reason) {
    if (loop().onLoop()) {
      closeNow(code, reason);
    } else {
      loop().addCallback(() -> closeNow(code, reason));
    }
  }

  /** See {@link #close(int, String)}. */
  abstract void closeNow(int code, String reason);

  /** The peer's code, {@link CloseCode#NONE} if it gave none; null if it has not closed. */
  final @Nullable Integer closeCode() {
    return closeCode == 0 ? null : Integer.valueOf(closeCode);
  }

  /** The peer's reason; null if it has not closed. */
  final @Nullable String closeReason() {
    return closeReason;
  }

  // ---- the receiver

  /** Tells that the connection is there. May enter user code, which may await. */
  final void callOpen() {
    opened = true;
    if (pinger != null && phase == Phase.OPENING) {
      pinger.start();
    }
    call(receiver::open);
    if (phase == Phase.OPENING) {
      phase = Phase.OPEN;
    }
  }

  final void deliverPong(byte[] data) {
    if (pinger != null) {
      pinger.pong();
    }
    call(() -> receiver.onPong(data));
  }

  final void call(Step step) {
    if (failed) {
      return;
    }
    inCall = true;
    try {
      step.run();
    } catch (Throwable e) {
      receiverFailed(e);
      IOLoop.rethrowIfFatal(e);
    } finally {
      inCall = false;
    }
  }

  private void receiverFailed(Throwable reason) {
    failed = true;
    if (isEndOfConnection(reason)) {
      Log.GENERAL.log(Level.DEBUG, () -> receiver + " was closed meanwhile", Log.cleaned(reason));
    } else {
      tellOfFailure(reason);
    }
    closeNow(CloseCode.INTERNAL_ERROR, "");
  }

  private void tellOfFailure(Throwable reason) {
    try {
      receiver.failed(reason);
    } catch (Throwable e) {
      Log.APPLICATION.log(Level.ERROR, "Exception in logException", Log.cleaned(e));
      Log.APPLICATION.log(Level.ERROR, "... which was to log this one", Log.cleaned(reason));
      IOLoop.rethrowIfFatal(e);
    }
  }

  /** That a connection ends while somebody uses it is nobody's mistake. */
  private boolean isEndOfConnection(Throwable reason) {
    return reason instanceof LoopClosedException
        || (reason instanceof CancellationException && gone())
        || ((reason instanceof WebSocketClosedException || reason instanceof StreamClosedException)
            && (lastWordSaid() || gone()));
  }

  /** Whether our close frame was sent. */
  abstract boolean lastWordSaid();

  /** Whether what carries the connection is closed. */
  abstract boolean gone();

  /** The peer's close frame has come. */
  final void peerCloses(int code, String reason) {
    closeCode = code;
    closeReason = reason;
  }

  /** Tells that the connection is gone. The last act of the one that ends it, once. */
  final void callOnClose() {
    if (!opened) {
      return;
    }
    try {
      receiver.onClose();
    } catch (Throwable e) {
      receiverFailed(e);
      IOLoop.rethrowIfFatal(e);
    }
  }

  // ---- for the pinger

  final void stopPinging() {
    if (pinger != null) {
      pinger.stop();
    }
  }

  abstract void beginListening();

  /** Whether the peer may well have answered, and we cannot know yet. */
  boolean pongMayWait() {
    return inCall;
  }

  /** For logs: which request this was. */
  @Override
  public final String toString() {
    return receiver.toString();
  }

  @FunctionalInterface
  interface Step {
    void run() throws Exception;
  }
}
