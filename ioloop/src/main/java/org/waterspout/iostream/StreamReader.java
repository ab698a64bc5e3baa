// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import java.nio.ByteBuffer;

/**
 * Takes bytes as they arrive on an {@link IOStream}, straight from the buffer into which the loop
 * reads for all its streams.
 */
public interface StreamReader {
  /**
   * Takes what it can use of {@code in}, which is valid only during the call. What it leaves the
   * stream keeps and offers again with more. It must not enter user code.
   *
   * @return true if there is something to deliver: the stream pauses and calls {@link #proceed}
   */
  boolean received(ByteBuffer in);

  /**
   * Called from the loop's base level after {@link #received} returned true. It may enter user
   * code, which may await. Reading goes on after {@link IOStream#resumeReading}.
   */
  void proceed();

  /**
   * Whether {@link #closed} is to wait, when the connection breaks, until all that has arrived was
   * taken. If not, what is not taken by then is lost, and who is paused is told at once. It must
   * not enter user code.
   */
  default boolean takesAll() {
    return false;
  }

  /**
   * The peer has ended its output in order, and all it has sent was taken. It must not enter user
   * code. May be called again, as when the reader resumes.
   *
   * @return whether the stream stays open for output; if not it is closed once what is queued has
   *     left
   */
  default boolean inputEnded() {
    return false;
  }

  /**
   * Nothing more will arrive: the peer has closed, the connection broke ({@link IOStream#error}
   * says so), or our side closed it. Called once, from the loop's base level; it may come while
   * {@link #proceed} is parked, but a peer's orderly close only after all received bytes were
   * taken.
   */
  void closed();
}
