// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors
package org.waterspout.http;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.iostream.IOStream;

/**
 * One exchange as its answering side sees it: the third of the three seams. Tornado: {@code
 * httputil.HTTPConnection}.
 *
 * <p>The life of an exchange: {@link #writeHeaders} once, {@link #write} any number of times,
 * {@link #finish} once; or {@link #abort} at any time. Everything is called on the loop of the
 * exchange. Buffers given to it belong to it until the returned future completes. The futures
 * complete when the bytes have left for the transport: a caller that awaits them never has more
 * than one piece waiting.
 *
 * <p>What a deployment cannot do is missing from {@link #capabilities}; the methods that need it
 * throw {@link MissingCapabilityException} there.
 */
public interface HTTPConnection {
  /** The loop on which this exchange is served. Callable from any thread. */
  IOLoop loop();

  /** Who talks to whom over what. Callable from any thread. */
  ConnectionContext context();

  /**
   * What stands in front of the targets of this exchange without being part of them, undecoded:
   * empty, or the context path of a web application, {@code /app}. Links into the application begin
   * with it. Callable from any thread.
   */
  default String contextPath() {
    return "";
  }

  /**
   * The certificates that the client has shown, its own first; empty if none. They are verified: a
   * connection with others is refused in its handshake. On the loop.
   */
  default List<X509Certificate> peerCertificates() {
    return List.of();
  }

  /**
   * What was agreed on by TLS: protocol, cipher suite, id. Null on plain connections, and where a
   * container does not tell. On the loop.
   */
  default @Nullable SSLSession sslSession() {
    return null;
  }

  /** What this exchange can do. Unmodifiable, the same for the exchange's whole life. */
  Set<Capability> capabilities();

  /** The name of the deployment for messages: "native", "Jetty 12.1.5 (servlet, async)". */
  String deployment();

  /**
   * Sends the start line and the headers, and a first piece of the body with them. Framing is the
   * connection's: a body without Content-Length is sent chunked where the peer understands it, and
   * the body of an answer to HEAD is counted but not sent.
   *
   * @throws IllegalStateException if headers were sent before
   * @throws HTTPOutputException if the headers contradict the message
   */
  LoopFuture<Void> writeHeaders(
      ResponseStartLine startLine, HTTPHeaders headers, @Nullable ByteBuffer chunk);

  /**
   * Sends a piece of the body.
   *
   * @throws HTTPOutputException if it exceeds the announced Content-Length; the exchange is cut
   *     then
   */
  LoopFuture<Void> write(ByteBuffer chunk);

  /**
   * Sends a piece of the body out of a file, from the system's cache to the socket without a copy.
   * What is not in the cache the loop waits for. The channel stays the caller's, who closes it when
   * the future is done. If the file is shorter, the exchange is cut.
   *
   * @return null where that cannot be, by TLS or in chunks, say; then nothing was done, and what is
   *     read from the file can be written
   * @throws HTTPOutputException as {@link #write}
   */
  default @Nullable LoopFuture<Void> writeFile(FileChannel file, long position, int count) {
    return null;
  }

  /**
   * Ends the answer. The future completes when all of it has left for the transport.
   *
   * @throws HTTPOutputException if less than the announced Content-Length was written; the exchange
   *     is cut then
   */
  LoopFuture<Void> finish();

  /**
   * Ends the answer with fields behind its body, as {@link #finish()} does without (RFC 9110
   * section 6.5). Who has no use for them ignores them: what matters stands in the headers. To
   * HTTP/1.0 clients, and where there is no body, none are sent.
   *
   * @throws HTTPOutputException also if Content-Length was announced, so that there is no room for
   *     them, or if one of them has to stand in front of a body; the exchange is cut then
   * @throws MissingCapabilityException without {@link Capability#RESPONSE_TRAILERS}
   */
  @Needs(Capability.RESPONSE_TRAILERS)
  default LoopFuture<Void> finish(HTTPHeaders trailers) {
    throw new MissingCapabilityException(
        Capability.RESPONSE_TRAILERS, "HTTPConnection.finish(trailers)", deployment());
  }

  /**
   * Sends an answer before the answer, such as 103 (Early Hints, RFC 8297), any number of times
   * before {@link #writeHeaders}. To HTTP/1.0 clients none is sent (RFC 9110 section 15.2). 100 is
   * the connection's own, 101 is written to the stream that {@link #detach} gives.
   *
   * @throws IllegalArgumentException if the status is not one from 102 to 199
   * @throws IllegalStateException if the headers were sent before
   * @throws MissingCapabilityException without {@link Capability#INFORMATIONAL_ANSWERS}
   */
  @Needs(Capability.INFORMATIONAL_ANSWERS)
  default LoopFuture<Void> writeInformational(ResponseStartLine startLine, HTTPHeaders headers) {
    throw new MissingCapabilityException(
        Capability.INFORMATIONAL_ANSWERS, "HTTPConnection.writeInformational", deployment());
  }

  /**
   * Cuts the exchange: the peer sees that the answer is not whole. Does nothing after the end of
   * the exchange.
   */
  void abort();

  /**
   * Changes the limit of this request's body, in bytes, before it has been read.
   *
   * @throws MissingCapabilityException without {@link Capability#PER_REQUEST_LIMITS}
   */
  @Needs(Capability.PER_REQUEST_LIMITS)
  void setMaxBodySize(long bytes);

  /**
   * Limits the time in which the whole body of this request has to arrive.
   *
   * @throws MissingCapabilityException without {@link Capability#PER_REQUEST_LIMITS}
   */
  @Needs(Capability.PER_REQUEST_LIMITS)
  void setBodyTimeout(Duration timeout);

  /**
   * Answers a peer that ends its output behind its request: it may have ended that alone. Unless
   * this is called, it counts as gone. If it goes later, that is only noticed by a write that
   * fails. Without effect where the deployment does not tell the two apart.
   */
  default void allowHalfClose() {}

  /**
   * Ends HTTP on this connection and hands over the stream, which belongs to the caller from then
   * on. Nothing may have been written.
   *
   * @throws MissingCapabilityException without {@link Capability#DETACH}
   */
  @Needs(Capability.DETACH)
  IOStream detach();

  /**
   * Leaves what now lives on the detached stream in the care of the server: {@link
   * HTTPServer#stop(java.time.Duration)} tells it and waits for its end, and {@link
   * HTTPServer#closeAllConnections} closes it. The stream is closed, too, if its peer takes nothing
   * of what was written to it for the server's {@code stallTimeout}. What comes when the server is
   * stopping is told soon. Streams that are not left so are their owner's alone.
   *
   * @return to be run, on the loop, when the tenant has ended
   * @throws IllegalStateException if the stream has not been detached
   * @throws MissingCapabilityException without {@link Capability#DETACH}
   */
  @Needs(Capability.DETACH)
  default Runnable keep(Tenant tenant) {
    throw new MissingCapabilityException(Capability.DETACH, "HTTPConnection.keep", deployment());
  }

  /**
   * Ends HTTP on this connection and goes on by WebSocket: for deployments that have no stream to
   * {@link #detach}. Nothing may have been written, and nothing may be afterwards. The answer 101
   * is the connection's. Behind it the connection reads and writes the frames itself, and gives
   * {@link WebSocketTransport}; or it leaves them to the caller, and gives {@link UpgradedStream}.
   *
   * @param headers of that answer; those of the handshake itself ({@code Sec-WebSocket-...}) count
   *     where the frames are the caller's, and are the connection's own where they are not
   * @param subprotocol one that the client offers, or null
   * @param maxMessageSize in bytes, of messages that come
   * @return done when the client has its answer; fails if there is nobody to answer, or if the
   *     connection cannot, and then the client has got whatever answer could be given
   * @throws IllegalStateException if headers were sent before
   * @throws MissingCapabilityException without {@link Capability#WEBSOCKET}, and where the stream
   *     can be had
   */
  @Needs(Capability.WEBSOCKET)
  default LoopFuture<UpgradedConnection> upgradeToWebSocket(
      HTTPHeaders headers, @Nullable String subprotocol, int maxMessageSize) {
    throw new MissingCapabilityException(
        Capability.WEBSOCKET, "HTTPConnection.upgradeToWebSocket", deployment());
  }

  /**
   * Lends the write side to one other thread, which answers the rest of this exchange by blocking
   * writes. While it is lent, the methods above that write throw IllegalStateException.
   *
   * @return null where the write side cannot be lent now (no {@link Capability#WRITE_LOAN}, or
   *     output of an earlier answer is still queued): post to the loop instead
   */
  @Nullable WriteLoan lendWriteSide();
}
