// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import org.waterspout.http.HTTPHeaders;

/**
 * A server has answered a client's handshake, but not with a WebSocket: it refuses, redirects, or
 * its answer breaks RFC 6455. Tornado: {@code WebSocketError}, {@code HTTPError}.
 */
public final class WebSocketHandshakeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final transient HTTPHeaders headers;
  private final byte[] body;

  WebSocketHandshakeException(String message, int status, HTTPHeaders headers, byte[] body) {
    super(message);
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  /** The status of the answer; 101 if that was not a valid one. */
  public int status() {
    return status;
  }

  /** The headers of the answer. */
  public HTTPHeaders headers() {
    return headers;
  }

  /** The body of the answer, of which there may be more than the 64 KiB that are kept. */
  public byte[] body() {
    return body.clone();
  }
}
