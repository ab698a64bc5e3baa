// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import static org.waterspout.gen.Gen.await;

import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;

/**
 * Holds one message between a connection and whoever reads it; with more to deliver, the connection
 * waits. Confined to the loop.
 */
final class MessageQueue {
  private final IOLoop loop;
  private @Nullable WebSocketMessage kept; // null: none
  private @Nullable LoopFuture<WebSocketMessage> reader; // null: nobody waits for a message
  private @Nullable LoopFuture<Void> room; // null: the connection does not wait for room
  private boolean closing; // nobody is held back any more
  private boolean ended; // there are no more to come

  MessageQueue(IOLoop loop) {
    this.loop = loop;
  }

  /** Hands over a message. Awaits, until the next one would have room. */
  void put(WebSocketMessage message) {
    var waiting = reader;
    reader = null;
    if (waiting != null && waiting.complete(message)) {
      return;
    }
    if (kept != null) {
      return; // behind our own close: whoever wanted it would have read
    }
    kept = message;
    if (!closing) {
      room = new LoopFuture<>(loop);
      await(room);
    }
  }

  /**
   * The next message; null behind the last one.
   *
   * @throws IllegalStateException if somebody waits for it already
   */
  LoopFuture<WebSocketMessage> take() {
    if (reader != null && !reader.isDone()) {
      throw new IllegalStateException("a message is awaited already");
    }
    var next = new LoopFuture<WebSocketMessage>(loop);
    if (kept != null || ended) {
      next.complete(kept);
      kept = null;
      makeRoom();
    } else {
      reader = next;
    }
    return next;
  }

  /** From now on what is not read in time is dropped: the peer's close frame stands behind it. */
  void close() {
    closing = true;
    makeRoom();
  }

  /** There are no more messages to come. */
  void end() {
    ended = true;
    close();
    if (reader != null) {
      reader.complete(null);
      reader = null;
    }
  }

  private void makeRoom() {
    if (room != null) {
      room.complete(null);
      room = null;
    }
  }
}
