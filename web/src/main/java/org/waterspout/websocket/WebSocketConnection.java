// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.LoopFuture;

/**
 * A connection at the level of messages, which go to its {@link WebSocketReceiver}. Here it is
 * {@link WebSocketProtocol13}; where a container speaks the protocol itself, its own kind can stand
 * in this place.
 */
interface WebSocketConnection {
  /**
   * Sends a message, in the order of the calls of each thread. From any thread.
   *
   * @param opcode of text or binary
   * @param payload the connection's until the future is done
   * @return done when it has left for the transport; fails with {@link WebSocketClosedException}
   */
  LoopFuture<Void> send(int opcode, byte[] payload);

  /** Sends a ping of at most 125 bytes; see {@link #send}. */
  LoopFuture<Void> ping(byte[] data);

  /**
   * Says that nothing more will be sent, and closes the connection once the peer has said the same.
   * Does nothing if that was said before. From any thread.
   *
   * @param code {@link CloseCode#NONE} for none
   */
  void close(int code, String reason);

  /** The peer's code, {@link CloseCode#NONE} if it gave none; null if it has not closed. */
  @Nullable Integer closeCode();

  /** The peer's reason; null if it has not closed. */
  @Nullable String closeReason();

  /** Whether small messages leave at once. */
  void setNoDelay(boolean on);
}
