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
  CLOSE_DETECTION(
      "learn at once that the client of a waiting answer has gone",
      "in a container, `onConnectionClose` comes with the next write at the latest. Handlers that"
          + " wait for long should write now and then, as `EventStream` does by itself."),
  /** Body pieces are delivered as they arrive and hold the sender back. */
  STREAMING_REQUEST_BODY("receive a body piece by piece, with back-pressure"),
  /** {@code flush} reaches the client before the answer is finished, with back-pressure. */
  STREAMING_RESPONSE("send an answer piece by piece, with back-pressure"),
  /** A waiting answer costs no thread. */
  LONG_POLLING(
      "keep answers waiting without a thread for each",
      "where the servlet or a filter has no async support, each answer that waits keeps a thread of"
          + " the container."),
  /** The reason phrase of {@code setStatus} is sent. */
  CUSTOM_REASON_PHRASE("send a reason phrase of one's own"),
  /** Every request target that is valid HTTP reaches the routes as it was sent. */
  RAW_REQUEST_TARGET(
      "see request targets exactly as sent",
      "what a container and our routes could read differently, such as `%2F`, `..`, `;x` or `\\`,"
          + " is answered with 400 there. So its security constraints cannot be passed by. In a"
          + " filter that holds where a route is for the plain spelling; else it goes on."),
  /** {@link HTTPConnection#setMaxBodySize} and {@link HTTPConnection#setBodyTimeout}. */
  PER_REQUEST_LIMITS("change size and time limits for one request"),
  /** {@link HTTPConnection#abort} is seen by the client as a broken answer. */
  ABORT(
      "cut an answer so that the client notices",
      "each container is made to drop the connection by another way. In a filter in Tomcat, one"
          + " shorter than announced ends when Tomcat closes the idle connection."),
  /** A handler can be a {@code WebSocketHandler}. */
  WEBSOCKET(
      "talk to the client by WebSocket",
      "in servlets, the container's jakarta.websocket, which has to be there; none has been"
          + " released for Undertow 2.4. How a close without a code looks, and some more, is the"
          + " container's then: see `WebSocketHandler`."),
  /** {@code WebSocketHandler.compressionOptions} has an effect. */
  WEBSOCKET_COMPRESSION("compress WebSocket messages, by options of one's own"),
  /** {@code WebSocketHandler} sends pings when it likes and sees the pongs. */
  WEBSOCKET_PING_CONTROL("send WebSocket pings, and see the pongs"),
  /** {@code WebSocketHandler.onPing}; answered they are in any case. */
  WEBSOCKET_PING_NOTICE("see the pings of a WebSocket client"),
  /** {@link HTTPConnection#writeInformational}. */
  INFORMATIONAL_ANSWERS("send early hints and the like before the answer"),
  /** {@link HTTPServerRequest#trailers}. */
  REQUEST_TRAILERS(
      "read headers behind the body of a request",
      "Tomcat delivers only what the connector's `allowedTrailerHeaders` names."),
  /** {@link HTTPConnection#finish(HTTPHeaders)}. */
  RESPONSE_TRAILERS(
      "send headers behind the body of an answer",
      "Undertow sends none where the client asked for the connection to be closed."),
  /** {@link HTTPConnection#lendWriteSide}: internal to servlet mounts, they work without it. */
  WRITE_LOAN("let a servlet's thread write to the socket directly");

  private final String meaning;
  private final String inContainers;

  Capability(String meaning) {
    this(meaning, "");
  }

  Capability(String meaning, String inContainers) {
    this.meaning = meaning;
    this.inContainers = inContainers;
  }

  /** What a user can do with it, in a few words: "take over the socket and leave HTTP". */
  public String meaning() {
    return meaning;
  }

  /**
   * How it differs in servlet containers, in a sentence or two of Markdown; empty if it does not.
   */
  public String inContainers() {
    return inContainers;
  }
}
