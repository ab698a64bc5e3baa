// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

/**
 * A message that a client has received. Who expects one kind asks for it, others switch:
 *
 * <pre>{@code
 * switch (message) {
 *   case WebSocketMessage.Text(var text) -> ...
 *   case WebSocketMessage.Binary(var bytes) -> ...
 * }
 * }</pre>
 */
@SuppressWarnings("ArrayRecordComponent") // it is taken apart, never compared
public sealed interface WebSocketMessage {
  /** The text. Throws IllegalStateException if the message is binary. */
  default String text() {
    throw new IllegalStateException("the message is binary");
  }

  /** The bytes. Throws IllegalStateException if the message is a text. */
  default byte[] bytes() {
    throw new IllegalStateException("the message is a text");
  }

  /** A text. */
  record Text(String text) implements WebSocketMessage {}

  /** A binary message; the array is the receiver's own. */
  record Binary(byte[] bytes) implements WebSocketMessage {}
}
