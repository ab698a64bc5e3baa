// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors
package org.waterspout.http;

/**
 * What native mode offers and some deployment may lose.
 *
 * <p>Every {@link HTTPConnection} says which it has. API that depends on one carries {@link Needs}.
 */
public enum Capability {
  /** {@link HTTPConnection#detach}. */
  DETACH("take over the socket and leave HTTP"),
  /** {@code onConnectionClose} while nothing is being read or written. */
  CLOSE_DETECTION("learn at once that the client of a waiting answer has gone"),
  /** Body pieces are delivered as they arrive and hold the sender back. */
  STREAMING_REQUEST_BODY("receive a body piece by piece, with back-pressure"),
  /** {@code flush} reaches the client before the answer is finished, with back-pressure. */
  STREAMING_RESPONSE("send an answer piece by piece, with back-pressure"),
  /** A waiting answer costs no thread. */
  LONG_POLLING("keep answers waiting without a thread for each"),
  /** The reason phrase of {@code setStatus} is sent. */
  CUSTOM_REASON_PHRASE("send a reason phrase of one's own"),
  /** Every request target that is valid HTTP reaches the routes as it was sent. */
  RAW_REQUEST_TARGET("see request targets exactly as sent"),
  /** {@link HTTPConnection#setMaxBodySize} and {@link HTTPConnection#setBodyTimeout}. */
  PER_REQUEST_LIMITS("change size and time limits for one request"),
  /** {@link HTTPConnection#abort} is seen by the client as a broken answer. */
  ABORT("cut an answer so that the client notices"),
  /** A handler can be a {@code WebSocketHandler}. */
  WEBSOCKET("talk to the client by WebSocket"),
  /** {@code WebSocketHandler.compressionOptions} has an effect. */
  WEBSOCKET_COMPRESSION("compress WebSocket messages, by options of one's own"),
  /** {@code WebSocketHandler} sends pings when it likes and sees the pongs. */
  WEBSOCKET_PING_CONTROL("send WebSocket pings, and see the pongs"),
  /** {@code WebSocketHandler.onPing}; answered they are in any case. */
  WEBSOCKET_PING_NOTICE("see the pings of a WebSocket client"),
  /** {@link HTTPConnection#writeInformational}. */
  INFORMATIONAL_ANSWERS("send early hints and the like before the answer"),
  /** {@link HTTPServerRequest#trailers}. */
  REQUEST_TRAILERS("read headers behind the body of a request"),
  /** {@link HTTPConnection#finish(HTTPHeaders)}. */
  RESPONSE_TRAILERS("send headers behind the body of an answer"),
  /** {@link HTTPConnection#lendWriteSide}: internal to servlet mounts, they work without it. */
  WRITE_LOAN("let a servlet's thread write to the socket directly");

  private final String meaning;

  Capability(String meaning) {
    this.meaning = meaning;
  }

  /** What a user can do with it, in a few words: "take over the socket and leave HTTP". */
  public String meaning() {
    return meaning;
  }
}
