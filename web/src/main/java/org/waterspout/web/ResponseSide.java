// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.waterspout.escape.Escape;
import org.waterspout.http.Capability;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPUtil;
import org.waterspout.http.Needs;
import org.waterspout.http.UpgradedConnection;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.iostream.IOStream;

/** What a handler does to its answer. Its users see all this as methods of RequestHandler. */
abstract sealed class ResponseSide extends RequestSide permits UserSide {
  // ---- the answer's head

  /** The status of the answer so far. */
  public final int getStatus() {
    return response("RequestHandler.getStatus").status();
  }

  /** Sets the status and the reason phrase that belongs to it. */
  public final void setStatus(int status) {
    response("RequestHandler.setStatus").setStatus(status, null);
  }

  /**
   * Sets the status with a reason phrase of one's own.
   *
   * @throws org.waterspout.http.MissingCapabilityException where it would not be sent
   */
  @Needs(Capability.CUSTOM_REASON_PHRASE)
  public final void setStatus(int status, String reason) {
    Objects.requireNonNull(reason, "reason");
    var response = response("RequestHandler.setStatus");
    boolean sent = offers(Capability.CUSTOM_REASON_PHRASE, "setStatus");
    response.setStatus(status, sent ? reason : null);
  }

  /**
   * Sets a header in place of all of its name.
   *
   * @throws IllegalArgumentException if name or value cannot stand in a message, so nothing splits
   *     the answer. Where the value came from is not known here: who sets what a client has sent
   *     checks it before and says 400; otherwise it is the handler's mistake, 500 and logged with
   *     its stack
   */
  public final void setHeader(String name, String value) {
    response("RequestHandler.setHeader").headers().set(name, value);
  }

  /** Sets a header to a number. */
  public final void setHeader(String name, long value) {
    setHeader(name, Long.toString(value));
  }

  /** Sets a header to a date. */
  public final void setHeader(String name, Instant value) {
    setHeader(name, HTTPUtil.formatTimestamp(value));
  }

  /** Adds a header to those of its name. Throws as {@link #setHeader(String, String)}. */
  public final void addHeader(String name, String value) {
    response("RequestHandler.addHeader").headers().add(name, value);
  }

  /** Removes all headers of a name. */
  public final void clearHeader(String name) {
    response("RequestHandler.clearHeader").headers().remove(name);
  }

  /** Sets a cookie for the whole host, until the browser ends its session. */
  public final void setCookie(String name, String value) {
    setCookie(name, value, CookieAttributes.DEFAULT);
  }

  /**
   * Sets a cookie; of two with one name the last counts.
   *
   * @throws IllegalArgumentException if the name is not a token or the value not visible ASCII, or
   *     if browsers would drop the cookie: it has more than 4096 bytes, or not the attributes that
   *     its name or other attributes demand
   * @throws IllegalStateException if the headers have been sent
   */
  public final void setCookie(String name, String value, CookieAttributes attributes) {
    response("RequestHandler.setCookie").setCookie(name, value, attributes);
  }

  /** Has the browser forget a cookie that was set for the whole host. */
  public final void clearCookie(String name) {
    clearCookie(name, CookieAttributes.DEFAULT);
  }

  /**
   * Has the browser forget a cookie. Domain and path have to be those with which it was set; what
   * the attributes say about its end does not count.
   *
   * @throws IllegalArgumentException if the name is not a token
   * @throws IllegalStateException if the headers have been sent
   */
  public final void clearCookie(String name, CookieAttributes attributes) {
    setCookie(name, "", SetCookie.expired(name, attributes));
  }

  /** As {@link #clearCookie(String)}, for all cookies that the client sent. */
  public final void clearAllCookies() {
    clearAllCookies(CookieAttributes.DEFAULT);
  }

  /** As {@link #clearCookie(String, CookieAttributes)}, for all cookies that the client sent. */
  public final void clearAllCookies(CookieAttributes attributes) {
    request().cookies().keySet().forEach(name -> clearCookie(name, attributes));
  }

  /**
   * Sends headers that the client may act on before the answer is there, such as Link: 103 (RFC
   * 8297). The answer's own headers are not changed. Any number of times before {@link #flush}.
   *
   * @throws IllegalStateException if the headers have been sent
   * @throws org.waterspout.http.MissingCapabilityException where they cannot be sent
   */
  @Needs(Capability.INFORMATIONAL_ANSWERS)
  public final LoopFuture<Void> sendEarlyHints(HTTPHeaders hints) {
    var response = response("RequestHandler.sendEarlyHints");
    return offers(Capability.INFORMATIONAL_ANSWERS, "sendEarlyHints")
        ? response.sendEarlyHints(hints)
        : LoopFuture.done(request().connection().loop());
  }

  /**
   * Sets a field that is sent behind the body, in place of all of its name; {@link #clear} forgets
   * it. The answer is sent in chunks then: it must not have a Content-Length. Clients that have no
   * use for trailers ignore them, and neither clients of HTTP/1.0 nor answers without a body get
   * any, so what matters stands in a header (RFC 9110 section 6.5).
   *
   * @throws IllegalArgumentException if name or value cannot stand in a message, or the field only
   *     counts in front of a body
   * @throws IllegalStateException if the answer has a Content-Length, or is finished
   * @throws org.waterspout.http.MissingCapabilityException where they cannot be sent
   */
  @Needs(Capability.RESPONSE_TRAILERS)
  public final void setTrailer(String name, String value) {
    var response = response("RequestHandler.setTrailer");
    if (offers(Capability.RESPONSE_TRAILERS, "setTrailer")) {
      response.setTrailer(name, value);
    }
  }

  /** Starts the answer from scratch, but for cookies; the headers must not have been sent. */
  public final void clear() {
    response("RequestHandler.clear").requireHeadersOpen("cleared");
    execution("RequestHandler.clear").clear();
  }

  // ---- the answer's body

  /** Writes text; it is sent by the next {@link #flush} or at the end. */
  public final void write(String text) {
    write(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes bytes, which must not change until they are sent. */
  public final void write(byte[] bytes) {
    response("RequestHandler.write").write(bytes);
  }

  /** Writes a map as {@link #writeJSON} does. */
  public final void write(Map<String, ?> map) {
    writeJSON(map);
  }

  /** Writes a record, list, map or anything else that has a JSON form, and sets Content-Type. */
  public final void writeJSON(@Nullable Object value) {
    response("RequestHandler.writeJSON").requireHeadersOpen("turned into JSON");
    String json = Escape.jsonEncode(value);
    setHeader("Content-Type", "application/json; charset=UTF-8");
    write(json);
  }

  /**
   * Sends what has been written. Who awaits the future before writing more never has more than one
   * piece in memory.
   *
   * @throws org.waterspout.http.MissingCapabilityException where nothing is sent before the end
   */
  @Needs(Capability.STREAMING_RESPONSE)
  public final LoopFuture<Void> flush() {
    var response = response("RequestHandler.flush");
    return offers(Capability.STREAMING_RESPONSE, "flush")
        ? response.flush()
        : LoopFuture.done(request().connection().loop());
  }

  /**
   * Ends the answer.
   *
   * @return done when all of it has left for the transport
   * @throws IllegalStateException if it was finished before
   */
  public final LoopFuture<Void> finish() {
    return execution("RequestHandler.finish").end();
  }

  /** Writes text and ends the answer. */
  public final LoopFuture<Void> finish(String text) {
    write(text);
    return finish();
  }

  /** Writes bytes and ends the answer. */
  public final LoopFuture<Void> finish(byte[] bytes) {
    write(bytes);
    return finish();
  }

  /** Writes a map as JSON and ends the answer. */
  public final LoopFuture<Void> finish(Map<String, ?> map) {
    write(map);
    return finish();
  }

  /** Whether the answer is finished. */
  public final boolean finished() {
    return response("RequestHandler.finished").finished();
  }

  /** Sends the client to another URL, which may be relative, and ends the answer: 302. */
  public final void redirect(String url) {
    redirect(url, 302);
  }

  /** Sends the client to another URL with a status of 300 to 399, and ends the answer. */
  public final void redirect(String url, int status) {
    if (status < 300 || status > 399) {
      throw new IllegalArgumentException("status " + status + " is not between 300 and 399");
    }
    response("RequestHandler.redirect").requireHeadersOpen("redirected");
    setStatus(status);
    setHeader("Location", url);
    var _ = finish();
  }

  /** Ends the answer with an error page; if the headers have been sent, by cutting it. */
  public final void sendError(int status) {
    execution("RequestHandler.sendError").sendError(status);
  }

  // ---- what the client knows already

  /**
   * The entity tag of the answer: quotes, and visible ASCII between them. By default it is made of
   * what was written but not flushed, so that it changes with every byte; it protects nobody
   * against answers that were made to have the same. Called once for each answer to GET or HEAD
   * whose status is 200 and of which nothing was flushed, unless the handler has set ETag itself.
   *
   * <p>A client that has the answer, by its tag or by the Last-Modified that the handler has set,
   * is sent 304 without a body then; one that only wants it as it was gets 412 if it has changed
   * (RFC 9110 section 13).
   *
   * @return null for none
   */
  protected @Nullable String computeEtag() {
    var response = response("RequestHandler.computeEtag");
    boolean unknown = response.isEmpty() && request().method().equals("HEAD");
    return unknown ? null : response.computeEtag(); // who writes nothing says nothing about GET
  }

  /** Sets ETag to what {@link #computeEtag} says, unless it is set. */
  public final void setEtagHeader() {
    if (!response("RequestHandler.setEtagHeader").headers().contains("ETag")) {
      String etag = computeEtag();
      if (etag != null) {
        setHeader("ETag", etag);
      }
    }
  }

  /**
   * Whether the client has the answer with the ETag that was set: for who would rather not make it
   * again. The answer is 304 then, see {@link #setStatus(int)}.
   */
  public final boolean checkEtagHeader() {
    String etag = response("RequestHandler.checkEtagHeader").headers().get("ETag");
    String known = request().headers().get("If-None-Match");
    return etag != null && known != null && EntityTag.matchesWeakly(known, etag);
  }

  // ---- the socket

  /**
   * Takes over the socket and ends HTTP on it; nothing may have been sent.
   *
   * @throws org.waterspout.http.MissingCapabilityException where there is no socket to have
   */
  @Needs(Capability.DETACH)
  public final IOStream detach() {
    var _ = offers(Capability.DETACH, "detach"); // a connection would not know the route
    return execution("RequestHandler.detach").detach();
  }

  /**
   * Takes over the socket for another protocol: answers 101 with the headers that were set, and
   * ends HTTP behind that. Bytes that the client has sent behind its request are the stream's.
   *
   * @param protocol for the Upgrade header
   * @param owner takes the stream, before {@link RequestHandler#onFinish} is called
   * @return what the owner returns
   * @throws org.waterspout.http.MissingCapabilityException where there is no socket to have
   * @throws org.waterspout.iostream.StreamClosedException if the client has gone
   */
  @Needs(Capability.DETACH)
  protected final <T> T switchProtocols(String protocol, Function<IOStream, T> owner) {
    var _ = offers(Capability.DETACH, "switchProtocols");
    return execution("RequestHandler.switchProtocols").switchProtocols(protocol, owner);
  }

  /**
   * Has the connection go on by WebSocket where there is no socket to have: it answers 101 with the
   * headers that were set. Awaits. For {@code WebSocketHandler}.
   *
   * @param owner takes the WebSocket, before {@link RequestHandler#onFinish} is called
   * @return what the owner returns
   * @throws org.waterspout.http.MissingCapabilityException where it does not
   * @throws org.waterspout.iostream.StreamClosedException if the client has gone
   */
  @Needs(Capability.WEBSOCKET)
  protected final <T> T openWebSocket(
      @Nullable String subprotocol, int maxMessageSize, Function<UpgradedConnection, T> owner) {
    var _ = offers(Capability.WEBSOCKET, "openWebSocket");
    return execution("RequestHandler.openWebSocket")
        .openWebSocket(subprotocol, maxMessageSize, owner);
  }

  // ---- for the framework

  final Response response(String method) {
    return execution(method).response();
  }

  private boolean offers(Capability capability, String method) {
    return execution("RequestHandler").offers(capability, method);
  }
}
