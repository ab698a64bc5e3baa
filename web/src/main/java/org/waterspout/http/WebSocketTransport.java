// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import org.waterspout.ioloop.LoopFuture;

/**
 * A WebSocket of a connection that reads and writes the frames itself, as servlet containers do:
 * what {@link HTTPConnection#upgradeToWebSocket} gives there. Everything is called on the loop, in
 * both directions, and no method blocks or enters code of the user's.
 *
 * <p>Its life: {@link #start} once; then {@link #receiveMore} for each thing that is to come, one
 * at a time; at the end {@link Receiver#closed}, once, whatever happens. One message at most may be
 * on its way out: whoever sends waits for the future before the next.
 *
 * <p>Who implements it answers the peer's pings and close frames, joins fragments, refuses what
 * breaks the protocol, and closes with code 1009 what is longer than it was told.
 */
public non-sealed interface WebSocketTransport extends UpgradedConnection {
  /** The one to whom all goes that comes. Each call comes as the last act of a callback. */
  interface Receiver {
    /** A text, asked for by {@link #receiveMore}. */
    void text(String message);

    /** A binary message, asked for by {@link #receiveMore}; the array is the receiver's. */
    void binary(byte[] message);

    /** A pong, asked for by {@link #receiveMore}; the array is the receiver's. */
    void pong(byte[] data);

    /**
     * The WebSocket is gone. Comes unasked, but never before messages that came before a close
     * frame of the peer's.
     *
     * @param code the peer's; 1005 if it gave none, 1006 if it has not closed
     */
    void closed(int code, String reason);
  }

  /** Tells who receives. Nothing comes but {@link Receiver#closed} before it is asked for. */
  void start(Receiver receiver);

  /**
   * Asks for the next message or pong. Until then little is kept, so that the peer is held back.
   */
  void receiveMore();

  /** Sends a text; the future is done when the next may be sent, and fails with the connection. */
  LoopFuture<Void> sendText(String message);

  /** Sends a binary message, which must not change until then; see {@link #sendText}. */
  LoopFuture<Void> sendBinary(byte[] message);

  /** Sends a ping of at most 125 bytes, at any time; see {@link #sendText}. */
  LoopFuture<Void> sendPing(byte[] data);

  /**
   * Sends a close frame, and ends the connection when the peer has answered, or soon. Nothing may
   * be on its way out.
   */
  void close(int code, String reason);
}
