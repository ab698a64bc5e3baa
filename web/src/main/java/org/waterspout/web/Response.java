// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.HTTPConnection;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPStatus;
import org.waterspout.http.HTTPUtil;
import org.waterspout.http.ResponseStartLine;
import org.waterspout.http.UpgradedConnection;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.iostream.IOStream;
import org.waterspout.iostream.StreamClosedException;
import org.waterspout.text.Shown;

/**
 * The answer to one request while it is made: status, headers and what was written but not flushed.
 *
 * <p>Life: open, headers written (by the first flush), finished. Once the client has gone
 * everything still works, but nothing is sent.
 */
final class Response {
  /** In place of those that were sent, of an answer that will be kept long. Never given away. */
  private static final HTTPHeaders NO_HEADERS = new HTTPHeaders();

  private final HTTPConnection connection;
  private final Transforms transforms;
  private Map<String, String> cookies = Map.of(); // until the first one
  private ByteChunks buffer = new ByteChunks();
  private HTTPHeaders headers = new HTTPHeaders();
  private @Nullable HTTPHeaders trailers; // null: there are to be none
  private int status = 200;
  private @Nullable String reason; // null: the one that belongs to the status
  private boolean withheld; // the body, because of the request's conditions
  private boolean headersWritten;
  private long bytesWritten;
  private boolean finished;
  private boolean clientGone;
  private @Nullable LoopFuture<Void> lastSent; // null: nothing was sent yet
  private @Nullable Runnable whenEnded; // null: nothing goes on until then

  Response(HTTPConnection connection, Transforms transforms) {
    this.connection = connection;
    this.transforms = transforms;
    clear();
  }

  /** Back to the beginning, but for the cookies: an error page may delete a session's. */
  void clear() {
    requireHeadersOpen("cleared");
    headers = FirstHeaders.now();
    trailers = null;
    buffer.clear();
    transforms.close();
    status = 200;
    reason = null;
    withheld = false;
  }

  int status() {
    return status;
  }

  String reason() {
    return reason == null ? HTTPStatus.reason(status) : reason;
  }

  /** The headers, as long as they can be changed. */
  HTTPHeaders headers() {
    requireHeadersOpen("given a header");
    return headers;
  }

  /** How many bytes of the body have been flushed, also out of files, to a client that is there. */
  long bytesWritten() {
    return bytesWritten;
  }

  boolean headersWritten() {
    return headersWritten;
  }

  boolean finished() {
    return finished;
  }

  /** Whether nothing reaches the client any more, be it that a write has just found out. */
  boolean clientGone() {
    return clientGone || lossUntold();
  }

  /** Whether a write has found out what the connection has not told. */
  boolean lossUntold() {
    return !clientGone && lastSent != null && lastSent.isCompletedExceptionally();
  }

  void setStatus(int status, @Nullable String reason) {
    requireHeadersOpen("given a status");
    if (status < 100 || status > 999) {
      throw new IllegalArgumentException("status " + status + " is not between 100 and 999");
    }
    if (reason != null) {
      checkReason(reason);
    }
    this.status = status;
    this.reason = reason;
  }

  static void checkReason(String reason) {
    if (!reason.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
      throw new IllegalArgumentException("not a reason phrase: " + Shown.clean(reason));
    }
  }

  void setCookie(String name, String value, CookieAttributes attributes) {
    requireHeadersOpen("given a cookie");
    if (cookies.isEmpty()) {
      cookies = new LinkedHashMap<>();
    }
    cookies.put(name, SetCookie.header(name, value, attributes));
  }

  void setTrailer(String name, String value) {
    requireUnfinished("given a trailer");
    if (!HTTPUtil.isTrailer(name)) {
      throw new IllegalArgumentException(Shown.clean(name) + " only counts in front of a body");
    }
    requireRoomForTrailers();
    var set = trailers == null ? new HTTPHeaders() : trailers;
    set.set(name, value);
    trailers = set;
  }

  /** RFC 9112 section 7.1.2: only chunks have room for them. */
  private void requireRoomForTrailers() {
    if (mayHaveBody() && headers.contains("Content-Length")) {
      throw new IllegalStateException("no trailers behind a body with Content-Length");
    }
  }

  LoopFuture<Void> sendEarlyHints(HTTPHeaders hints) {
    requireHeadersOpen("preceded by early hints");
    if (clientGone()) {
      return failed();
    }
    var startLine = new ResponseStartLine("HTTP/1.1", 103, HTTPStatus.reason(103));
    return sent(connection.writeInformational(startLine, hints));
  }

  void write(byte[] chunk) {
    requireUnfinished("written to");
    buffer.add(chunk);
  }

  LoopFuture<Void> flush() {
    requireUnfinished("flushed");
    if (headersWritten && buffer.isEmpty()) {
      return LoopFuture.done(connection.loop());
    }
    return send(nextChunk(false));
  }

  /**
   * Sends a part of a file behind what was flushed, without bringing it into memory.
   *
   * @return null where that cannot be: then it has to be written piece by piece
   */
  @Nullable LoopFuture<Void> sendFile(FileChannel file, long position, int count) {
    requireUnfinished("sent a file");
    if (!headersWritten || !buffer.isEmpty()) {
      throw new IllegalStateException("a file goes behind what was flushed");
    }
    if (clientGone()) {
      return failed();
    }
    var sent = transforms.passThrough() ? connection.writeFile(file, position, count) : null;
    if (sent == null) {
      return null;
    }
    bytesWritten += count;
    return sent(sent);
  }

  LoopFuture<Void> finish() {
    requireUnfinished("finished");
    ByteBuffer rest = nextChunk(true);
    if (!headersWritten || rest != null) {
      var _ = send(rest);
    }
    finished = true;
    ended();
    if (clientGone()) {
      connection.abort();
      return failed();
    }
    return trailers == null ? connection.finish() : connection.finish(trailers);
  }

  /** The tag of what was written but not flushed. */
  String computeEtag() {
    return EntityTag.of(buffer);
  }

  boolean isEmpty() {
    return buffer.isEmpty();
  }

  /** Another status in place of the body, about which the headers stay: 304 or 412. */
  void withholdBody(int status) {
    requireHeadersOpen("withheld");
    trailers = null;
    addContentLength(); // transforms go by it
    buffer.clear();
    this.status = status;
    reason = null;
    withheld = true;
    if (status != 304) {
      stripBody();
    }
  }

  /** The exchange is somebody else's, untouched. */
  void handOver() {
    requireHeadersOpen("handed over");
    finished = true;
    ended();
  }

  IOStream detach() {
    requireHeadersOpen("detached");
    var stream = connection.detach();
    finished = true;
    return stream;
  }

  /** RFC 9110 section 7.8. The stream is the other protocol's, behind the answer. */
  IOStream switchProtocols(String protocol) {
    beginSwitch();
    headers.set("Upgrade", protocol);
    headers.set("Connection", "Upgrade");
    var head = new StringBuilder("HTTP/1.1 101 ").append(reason()).append("\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    var stream = connection.detach();
    endSwitch();
    var _ = stream.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    return stream;
  }

  /** The same for WebSockets where the answer is the connection's. Awaits. */
  <T> T openWebSocket(
      @Nullable String subprotocol, int maxMessageSize, Function<UpgradedConnection, T> owner) {
    beginSwitch();
    var opening = connection.upgradeToWebSocket(headers, subprotocol, maxMessageSize);
    headersWritten = true;
    try {
      T owned = owner.apply(IOLoop.await(opening));
      endSwitch();
      return owned;
    } catch (Throwable e) {
      status = 500;
      var _ = opening.thenAccept(UpgradedConnection::cut); // nobody is there for it
      throw e;
    }
  }

  private void beginSwitch() {
    requireHeadersOpen("switched to another protocol");
    if (clientGone()) {
      throw new StreamClosedException(null);
    }
    status = 101;
    reason = null;
    requireNoBody();
    stripBody();
    headers.remove("Content-Length");
    headers.remove("Transfer-Encoding");
    addCookies();
  }

  /** The other protocol is there: what an answer holds is needed no more. */
  private void endSwitch() {
    finished = true;
    headers = NO_HEADERS;
    buffer = ByteChunks.NONE;
  }

  /** The answer cannot be completed: the client must see that. */
  void abort() {
    finished = true;
    ended();
    if (!clientGone) {
      connection.abort();
    }
  }

  void onConnectionClose() {
    clientGone = true;
    ended();
  }

  /** Has this run when the answer has ended or its client has gone, in place of an earlier task. */
  void whenEnded(Runnable task) {
    whenEnded = task;
  }

  private void ended() {
    transforms.close();
    var task = whenEnded;
    whenEnded = null;
    if (task != null) {
      task.run();
    }
  }

  void requireHeadersOpen(String what) {
    requireUnfinished(what);
    if (headersWritten) {
      throw new IllegalStateException("the answer cannot be " + what + " after its headers");
    }
  }

  void requireUnfinished(String what) {
    if (finished) {
      throw new IllegalStateException("the answer cannot be " + what + ": it is finished");
    }
  }

  private LoopFuture<Void> send(@Nullable ByteBuffer chunk) {
    if (!headersWritten) {
      announceTrailers();
      addCookies();
    }
    if (clientGone()) {
      headersWritten = true;
      return failed();
    }
    bytesWritten += chunk == null ? 0 : chunk.remaining();
    LoopFuture<Void> sent;
    if (!headersWritten) {
      var startLine = new ResponseStartLine("HTTP/1.1", status, reason());
      sent = connection.writeHeaders(startLine, headers, chunk);
      headersWritten = true; // not before: if they were refused, an error page can still go out
    } else {
      sent = chunk == null ? LoopFuture.done(connection.loop()) : connection.write(chunk);
    }
    return sent(sent);
  }

  private LoopFuture<Void> sent(LoopFuture<Void> sent) {
    lastSent = sent;
    return sent.isDone() ? sent : (LoopFuture<Void>) sent.copy(); // the caller may cancel it
  }

  /** RFC 9110 section 6.6.2. */
  private void announceTrailers() {
    if (trailers != null && mayHaveBody()) {
      requireRoomForTrailers();
      if (!headers.contains("Trailer")) {
        trailers.forEach((name, value) -> headers.add("Trailer", name));
      }
    }
  }

  private void addCookies() {
    cookies.forEach((name, cookie) -> headers.add("Set-Cookie", cookie));
  }

  private LoopFuture<Void> failed() {
    return LoopFuture.failed(connection.loop(), new StreamClosedException(null));
  }

  /** RFC 9110 section 6.4.1. */
  boolean mayHaveBody() {
    return status >= 200 && status != 204 && status != 304;
  }

  private void requireNoBody() {
    if (!buffer.isEmpty()) {
      throw new IllegalStateException("an answer with status " + status + " has no body");
    }
  }

  /** What is said about a body. */
  private void stripBody() {
    headers.remove("Content-Type");
    headers.remove("Content-Encoding");
    headers.remove("Content-Language");
    if (withheld) {
      headers.remove("Content-Length");
    }
  }

  private void addContentLength() {
    if (trailers == null
        && !headers.contains("Content-Length")
        && !headers.contains("Transfer-Encoding")) {
      headers.set("Content-Length", Long.toString(buffer.size()));
    }
  }

  /** What was written, as it is sent; with it goes what the headers say about it. */
  private @Nullable ByteBuffer nextChunk(boolean finishing) {
    boolean bodiless = !headersWritten && !mayHaveBody();
    if (bodiless) {
      requireNoBody();
    } else if (!headersWritten && finishing) {
      addContentLength();
    }
    byte[] chunk = clientGone() ? buffer.take() : transformed(finishing);
    if (bodiless) {
      stripBody();
    }
    return chunk.length == 0 ? null : ByteBuffer.wrap(chunk);
  }

  private byte[] transformed(boolean finishing) {
    return headersWritten
        ? transforms.chunk(buffer.take(), finishing)
        : transforms.firstChunk(status, headers, buffer.take(), finishing);
  }
}
