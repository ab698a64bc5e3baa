// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.waterspout.http.HTTP1ClientOptions;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.ioloop.LoopLocal;

/**
 * An HTTP client that keeps the loop free. Tornado: {@code AsyncHTTPClient}.
 *
 * <pre>{@code
 * var client = AsyncHTTPClient.current();
 * var page = await(client.fetch("https://example.com/"));
 * var both = await(multi(client.fetch(one), client.fetch(another)));
 * }</pre>
 *
 * <p>{@link #current} is the loop's own and is closed with the loop. One with other {@link
 * ClientOptions} is made, and closed, by whoever wants it. Confined to its loop.
 *
 * <p>A fetch fails with
 *
 * <ul>
 *   <li>{@link HTTPClientError} if the answer's status is not one of success, unless {@code
 *       raiseError} is false, or if it leads where no request can go; or with the code 599, if
 *       there is no answer: it is malformed or too large, or the queue is full,
 *   <li>{@link HTTPTimeoutError} if it took too long,
 *   <li>{@link HTTPStreamClosedError} if there is no connection, or it ended too soon,
 *   <li>what a callback or the body producer of the request has thrown.
 * </ul>
 *
 * <p>Cancelling the future gives the fetch up, wherever it is; its connection is closed. A
 * coroutine that is cancelled while it awaits the future does not cancel the fetch: that is for
 * whoever has the future to do, or left to the request's own time limits.
 *
 * <p>An answer may come before the request has left. A success of a server that keeps the
 * connection does not cut the request: the fetch is over when both are (RFC 9110 section 7.5). Any
 * other answer does (RFC 9112 section 9.5), and is read even if the server has reset the connection
 * by then, as far as the system still has it.
 *
 * <p>Connections are kept for further requests to the same server. What was sent and received on
 * one leaves nothing on it for the next: cookies and credentials go with their request only. A
 * connection is kept only if request and answer have ended in order.
 */
public final class AsyncHTTPClient implements AutoCloseable {
  private static final LoopLocal<OfLoop> OF_LOOP = new LoopLocal<>(OfLoop::new);

  private final IOLoop loop;
  private final ClientOptions options;
  private final HTTP1ClientOptions connectionOptions;
  private final ConnectionPool pool;
  private final Set<Fetch> active = new LinkedHashSet<>();
  private final boolean ofLoop;
  private boolean closed;

  /** A client of the current loop, with the default options. */
  public AsyncHTTPClient() {
    this(ClientOptions.defaults());
  }

  /** A client of the current loop. */
  public AsyncHTTPClient(ClientOptions options) {
    this(IOLoop.current(), options, false);
  }

  private AsyncHTTPClient(IOLoop loop, ClientOptions options, boolean ofLoop) {
    this.loop = loop;
    this.options = Objects.requireNonNull(options, "options");
    this.ofLoop = ofLoop;
    pool = new ConnectionPool(loop, options);
    connectionOptions =
        HTTP1ClientOptions.defaults()
            .withMaxHeaderSize(options.maxHeaderSize())
            .withMaxBodySize(options.maxBodySize());
  }

  /** The client of the current loop, with the default options. From any thread. */
  public static AsyncHTTPClient current() {
    return OF_LOOP.get(IOLoop.current()).client;
  }

  /** Made once per loop, and closed with it. */
  private static final class OfLoop implements AutoCloseable {
    final AsyncHTTPClient client;

    OfLoop(IOLoop loop) {
      client = new AsyncHTTPClient(loop, ClientOptions.defaults(), true);
    }

    @Override
    public void close() {
      client.pool.closeChannels();
    }
  }

  /** Begins a request with this client's {@link ClientOptions#requestDefaults}. From any thread. */
  public HTTPRequest.Builder request(String url) {
    var builder = HTTPRequest.builder(url);
    options.requestDefaults().accept(builder);
    return builder;
  }

  /**
   * Gets a URL, with this client's defaults.
   *
   * @throws IllegalArgumentException if it is no http or https URL
   */
  public LoopFuture<HTTPResponse> fetch(String url) {
    return fetch(request(url).build());
  }

  /** Sends a request and waits for its answer, which is one of success. */
  public LoopFuture<HTTPResponse> fetch(HTTPRequest request) {
    return fetch(request, true);
  }

  /**
   * Sends a request and waits for its answer. It is given up, and its connection closed, when the
   * future is cancelled, or the caller's {@link org.waterspout.ioloop.Scope} is: a handler's whose
   * client has gone, say.
   *
   * @param raiseError whether an answer whose status is not one of success fails the future
   * @throws IllegalStateException if the client is closed
   */
  public LoopFuture<HTTPResponse> fetch(HTTPRequest request, boolean raiseError) {
    loop.checkOnLoop("AsyncHTTPClient.fetch");
    if (closed) {
      throw new IllegalStateException("the client was closed");
    }
    var fetch = new Fetch(this, request, raiseError);
    active.add(fetch);
    var future = fetch.start();
    var scope = loop.context().scope();
    if (scope != null) {
      scope.cancelWith(future);
    }
    return future;
  }

  /**
   * Closes all connections and fails what is under way or waits. A second call does nothing.
   *
   * @throws IllegalStateException if this is the loop's own, {@link #current}
   */
  @Override
  public void close() {
    loop.checkOnLoop("AsyncHTTPClient.close");
    if (ofLoop) {
      throw new IllegalStateException("the loop's own client is closed with the loop");
    }
    closed = true;
    for (var fetch : List.copyOf(active)) {
      fetch.close();
    }
    pool.close();
  }

  // ---- for its parts

  void forget(Fetch fetch) {
    active.remove(fetch);
  }

  IOLoop loop() {
    return loop;
  }

  ClientOptions options() {
    return options;
  }

  HTTP1ClientOptions connectionOptions() {
    return connectionOptions;
  }

  ConnectionPool pool() {
    return pool;
  }
}
