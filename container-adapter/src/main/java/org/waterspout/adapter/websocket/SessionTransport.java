// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.websocket;

import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.SendHandler;
import jakarta.websocket.Session;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.waterspout.adapter.exchange.WebSocketUpgrade;
import org.waterspout.http.WebSocketTransport;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.ioloop.Timeout;
import org.waterspout.log.Log;

/**
 * A session of jakarta.websocket as the transport of a WebSocket. On the loop, but for what the
 * {@link SessionEndpoint} tells.
 *
 * <p>Messages are sent without blocking, one at a time. Pings and close frames are sent by calls
 * that may wait for a client that takes nothing: so by a thread of their own. A client that takes
 * nothing of a message for long is cut.
 */
final class SessionTransport implements WebSocketTransport, WebSocketUpgrade.Socket {
  private static final int ABNORMAL = CloseCodes.CLOSED_ABNORMALLY.getCode();
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
  private static final int SLOWEST = 16 * 1024; // bytes in a second are not slow enough to cut

  private final Session session;
  private final RemoteEndpoint.Async remote;
  private final WebSocketUpgrade upgrade;
  private final IOLoop loop;
  private final SessionControl control;
  private final Inbox inbox;
  private @Nullable Receiver receiver; // null before start
  private Inbox.@Nullable Closed end; // null before; the receiver was told, if there was one
  private int begun; // sends
  private int ended; // the last of them that has
  private long sendingSince; // on the loop's clock
  private long sendingSize;
  private @Nullable Timeout stallWatch; // null while none is set

  SessionTransport(Session session, WebSocketUpgrade upgrade) {
    this.session = session;
    this.remote = session.getAsyncRemote();
    this.upgrade = upgrade;
    this.loop = upgrade.exchange().loop();
    this.control = new SessionControl(session);
    this.inbox = new Inbox(control, item -> upgrade.exchange().post(() -> deliver(item)));
  }

  // ---- the container's threads

  /** May keep the thread, to hold the client back. */
  void received(Inbox.Item item) {
    inbox.put(item);
  }

  /** The container says that it is over. */
  void closed(int code, String reason) {
    if (code == ABNORMAL) {
      upgrade.exchange().post(() -> end(code, reason));
    } else {
      inbox.putLast(new Inbox.Closed(code, reason));
    }
  }

  /** The client has broken a limit. */
  void refuse(int code, String reason) {
    upgrade
        .exchange()
        .post(
            () -> {
              if (end == null) {
                Log.GENERAL.log(
                    Level.INFO,
                    "{0} closed with {1}: {2}",
                    upgrade.exchange().head().startLine().target(),
                    Integer.toString(code),
                    reason);
                close(code, reason);
                end(ABNORMAL, "");
              }
            });
  }

  // ---- what comes

  @Override
  public void start(Receiver receiver) {
    this.receiver = receiver;
    var before = end;
    if (before != null) {
      upgrade.exchange().post(() -> receiver.closed(before.code(), before.reason()));
    }
  }

  @Override
  public void receiveMore() {
    inbox.want();
  }

  private void deliver(Inbox.Item item) {
    var to = receiver;
    switch (item) {
      case Inbox.Closed(var code, var reason) -> end(code, reason);
      case Inbox.Text(var message) when to != null && end == null -> to.text(message);
      case Inbox.Binary(var message) when to != null && end == null -> to.binary(message);
      case Inbox.Pong(var data) when to != null && end == null -> to.pong(data);
      case Inbox.Item _ -> {} // it is over
    }
  }

  /** As the last act of a callback. */
  private void end(int code, String reason) {
    if (end != null) {
      return;
    }
    end = new Inbox.Closed(code, reason);
    inbox.end();
    if (stallWatch != null) {
      loop.removeTimeout(stallWatch);
    }
    upgrade.ended();
    if (receiver != null) {
      receiver.closed(code, reason);
    }
  }

  // ---- what is sent

  @Override
  public LoopFuture<Void> sendText(String message) {
    return send(message.length(), handler -> remote.sendText(message, handler));
  }

  @Override
  public LoopFuture<Void> sendBinary(byte[] message) {
    return send(message.length, handler -> remote.sendBinary(ByteBuffer.wrap(message), handler));
  }

  private LoopFuture<Void> send(int size, Consumer<SendHandler> how) {
    var sent = new LoopFuture<Void>(loop);
    int number = ++begun;
    sendingSince = loop.time();
    sendingSize = size;
    if (stallWatch == null) {
      stallWatch = loop.callLater(upgrade.stallTimeout(), this::lookWhetherStalled);
    }
    var _ = sent.whenComplete((_, _) -> ended = Math.max(ended, number)); // the next may have begun
    try {
      how.accept(
          result -> {
            if (result.isOK()) {
              sent.complete(null);
            } else {
              sent.completeExceptionally(reason(result.getException()));
            }
          });
    } catch (RuntimeException e) {
      sent.completeExceptionally(e); // the session is closed
    }
    return sent;
  }

  private static Throwable reason(@Nullable Throwable reason) {
    return reason == null ? new IOException("the container could not send") : reason;
  }

  /** How much of it was taken no container tells. */
  private void lookWhetherStalled() {
    stallWatch = null;
    if (ended == begun || end != null) {
      return;
    }
    var allowed = upgrade.stallTimeout().plusSeconds(sendingSize / SLOWEST);
    var left = allowed.minusNanos(loop.time() - sendingSince);
    if (left.isPositive()) {
      stallWatch = loop.callLater(left, this::lookWhetherStalled);
    } else {
      Log.GENERAL.log(
          Level.INFO,
          "{0} was cut: it takes nothing of a message",
          upgrade.exchange().head().startLine().target());
      cut();
    }
  }

  @Override
  public LoopFuture<Void> sendPing(byte[] data) {
    var sent = new LoopFuture<Void>(loop);
    aside(
        () -> {
          try {
            remote.sendPing(ByteBuffer.wrap(data));
            sent.complete(null);
          } catch (IOException | RuntimeException e) {
            sent.completeExceptionally(e);
          }
        });
    return sent;
  }

  // ---- the end

  @Override
  public void close(int code, String reason) {
    aside(() -> closeSession(code, reason));
    var _ = loop.callLater(CLOSE_TIMEOUT, this::closeIsLate);
  }

  /**
   * Some containers say at once that it is over, and then wait for the client as long as it likes.
   */
  private void closeIsLate() {
    if (session.isOpen()) {
      cut();
    }
  }

  @Override
  public void cut() {
    aside(control::cut);
    upgrade.exchange().post(() -> end(ABNORMAL, ""));
  }

  @Override
  public void goAway() {
    abandon();
    end(ABNORMAL, "");
  }

  @Override
  public void abandon() {
    inbox.end();
    aside(() -> closeSession(CloseCodes.GOING_AWAY.getCode(), ""));
  }

  private void closeSession(int code, String reason) {
    try {
      session.close(new CloseReason(CloseCodes.getCloseCode(code), reason));
    } catch (IOException | RuntimeException e) { // it has ended, or knows no such code
      Log.GENERAL.log(Level.DEBUG, "a WebSocket cannot be closed in order", e);
      control.cut();
    }
  }

  private static void aside(Runnable task) {
    Thread.ofVirtual()
        .name("waterspout WebSocket")
        .inheritInheritableThreadLocals(false)
        .start(task);
  }
}
