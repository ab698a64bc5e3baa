// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

/** The peer broke the protocol or a limit; the close code says how. */
final class ProtocolException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int closeCode;

  ProtocolException(int closeCode, String message) {
    super(message, null, false, false); // what a peer does is no bug of ours: no stack
    this.closeCode = closeCode;
  }

  int closeCode() {
    return closeCode;
  }
}
