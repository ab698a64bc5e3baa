// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

/** What {@link MessageReader} finds: a whole message, or a control frame. */
@SuppressWarnings("ArrayRecordComponent") // they are taken apart, never compared
sealed interface Message {
  record Text(String text) implements Message {}

  /** The array is the receiver's. */
  record Binary(byte[] bytes) implements Message {}

  /** The array is the receiver's. */
  record Ping(byte[] data) implements Message {}

  /** The array is the receiver's. */
  record Pong(byte[] data) implements Message {}

  /**
   * The peer's last frame.
   *
   * @param code {@link CloseCode#NONE} if the frame had none
   */
  record Close(int code, String reason) implements Message {}
}
