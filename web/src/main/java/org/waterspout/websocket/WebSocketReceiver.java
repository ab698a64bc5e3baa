// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

/**
 * The one for whom a connection exists. All calls come on the loop, at its base level, may enter
 * user code and await; while one has not returned, no other comes but {@link #onClose}.
 */
interface WebSocketReceiver {
  void open() throws Exception;

  void onMessage(String message) throws Exception;

  void onMessage(byte[] message) throws Exception;

  /** A ping, which has been answered. */
  void onPing(byte[] data) throws Exception;

  void onPong(byte[] data) throws Exception;

  /** The connection is gone. The last call, and it comes whatever happens. */
  void onClose() throws Exception;

  /** One of the calls has thrown. The connection is closed with code 1011 after that. */
  void failed(Throwable reason);

  /** Who is connected, for logs; nothing in it can break a line. */
  @Override
  String toString();
}
