// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.exchange;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.UpgradedConnection;
import org.waterspout.ioloop.LoopFuture;

/**
 * A WebSocket that an exchange becomes, in the place of an answer. Made on the loop; what it asks
 * for may be read in any thread.
 */
public final class WebSocketUpgrade {
  /** Containers may forget about it, of a client that has gone say. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** What the carrier has opened: it outlives the request, and ends with the web application. */
  public interface Socket {
    /** The web application stops. The receiver is told, as the last act. On the loop. */
    void goAway();

    /** Ends now. On the loop. */
    void cut();

    /** The loop has ended: closes without it. From any thread. */
    void abandon();
  }

  private final Exchange exchange;
  private final OpenExchanges.Limits limits;
  private final HTTPHeaders headers;
  private final @Nullable String subprotocol;
  private final int maxMessageSize;
  private final LoopFuture<UpgradedConnection> opening;
  private volatile @Nullable Socket socket; // null until it is open
  private volatile boolean givenUp; // before it was open

  WebSocketUpgrade(
      Exchange exchange,
      OpenExchanges.Limits limits,
      HTTPHeaders headers,
      @Nullable String subprotocol,
      int maxMessageSize) {
    this.exchange = exchange;
    this.limits = limits;
    this.headers = headers;
    this.subprotocol = subprotocol;
    this.maxMessageSize = maxMessageSize;
    var loop = exchange.loop();
    this.opening = new LoopFuture<>(loop);
    var late = new IllegalStateException("the container has opened no WebSocket in " + PATIENCE);
    var timeout = loop.callLater(PATIENCE, () -> exchange.lost(late));
    var _ = opening.whenComplete((_, _) -> loop.removeTimeout(timeout));
  }

  // ---- what is asked for, from any thread

  /**
   * Of the answer; {@code Sec-WebSocket-...} are the carrier's own where it speaks the protocol.
   */
  public HTTPHeaders headers() {
    return headers;
  }

  /** One that the client offers; null for none. */
  public @Nullable String subprotocol() {
    return subprotocol;
  }

  /** In bytes, of messages that come. */
  public int maxMessageSize() {
    return maxMessageSize;
  }

  /** How long a client may take nothing of a message. */
  public Duration stallTimeout() {
    return limits.stallTimeout();
  }

  /** The exchange that becomes a WebSocket. */
  public Exchange exchange() {
    return exchange;
  }

  /** Whether nobody wants it any more. */
  public boolean givenUp() {
    return givenUp;
  }

  // ---- what the carrier tells, on the loop

  /** The client has its answer. As the last act of a callback. */
  public <S extends UpgradedConnection & Socket> void opened(S opened) {
    socket = opened;
    if (givenUp || !opening.complete(opened)) {
      opened.cut();
    }
  }

  /** The container cannot, and has answered. As the last act of a callback. */
  public void failed(Throwable reason) {
    exchange.lost(reason);
  }

  /** The WebSocket is gone, and with it the exchange. */
  public void ended() {
    var _ = exchange.endOnce();
  }

  // ---- for the exchange

  LoopFuture<UpgradedConnection> opening() {
    return opening;
  }

  /** The exchange has ended. On the loop, as the last act of a callback. */
  void end(RuntimeException cause) {
    var open = socket;
    if (open != null) {
      open.goAway();
    } else {
      givenUp = true;
      opening.completeExceptionally(cause);
    }
  }

  /** The loop has ended, see {@link Carrier#abandon}. From any thread. */
  public void abandon() {
    givenUp = true;
    var open = socket;
    if (open != null) {
      open.abandon();
    }
  }
}
