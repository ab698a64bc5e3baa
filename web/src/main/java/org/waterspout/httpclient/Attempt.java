// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.ClientDelegate;
import org.waterspout.http.HTTP1ClientConnection;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.ResponseStartLine;
import org.waterspout.http.StartLine;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.Timeout;
import org.waterspout.iostream.StreamClosedException;

/**
 * One request and its answer, on one connection. Confined to the loop.
 *
 * <pre>
 *   waits for its place in the pool          "Timeout in request queue"
 *   opens a connection, unless one is kept   "Timeout while connecting"
 *   sends, and receives at the same time     "Timeout during request"
 *   gives place and connection back, and tells the Fetch: once, by answered or failed
 * </pre>
 *
 * <p>Where a kept connection ends before a byte of an answer has come, the server may have closed
 * it just before the request came: one that may be sent twice is sent again, once, on a new
 * connection (RFC 9110 section 9.2.2, RFC 9112 section 9.3.1).
 */
final class Attempt implements ClientDelegate {
  private static final Set<String> IDEMPOTENT =
      Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");

  private final Fetch fetch;
  private final AsyncHTTPClient client;
  private final IOLoop loop;
  private final HTTPRequest request;
  private final RequestURL url;
  private final PoolKey key;
  private final long created;
  private final AnswerBody body = new AnswerBody();

  private long started; // when its place was granted
  private Instant startInstant = Instant.EPOCH; // the same, on the wall clock
  private long headReceived; // when the answer's head had come
  private boolean over;

  private ConnectionPool.@Nullable Place place; // from start on
  private @Nullable Timeout deadline; // unless there is none
  private @Nullable Connector connector; // while it connects
  private @Nullable PooledConnection connection; // while it sends and receives
  private @Nullable BodySender sender; // the same, if the body is not sent with the head
  private boolean unsent; // the connection had ended before; nothing can have left

  private ResponseStartLine startLine = new ResponseStartLine("HTTP/1.1", 599, ""); // until it came
  private HTTPHeaders headers = new HTTPHeaders();
  private HTTPHeaders trailers = new HTTPHeaders();
  private boolean last; // this answer is the fetch's
  private @Nullable Throwable thrown; // by a callback of the user's

  Attempt(Fetch fetch, AsyncHTTPClient client, HTTPRequest request, RequestURL url) {
    this.fetch = fetch;
    this.client = client;
    this.loop = client.loop();
    this.request = request;
    this.url = url;
    this.key = PoolKey.of(request, url);
    this.created = loop.time();
  }

  void start() {
    var acquired = client.pool().acquire(key, this::granted);
    place = acquired;
    if (over) { // it cannot be sent, which came out within the call
      acquired.release(null);
    } else if (!acquired.granted()) {
      arm(
          earlier(
              after(created, request.connectTimeout()), after(created, request.requestTimeout())),
          "Timeout in request queue");
    }
  }

  private void granted(@Nullable PooledConnection kept) {
    started = loop.time();
    startInstant = Instant.now();
    if (kept != null) {
      use(kept);
    } else {
      connect();
    }
  }

  private void connect() {
    arm(
        earlier(
            after(loop.time(), request.connectTimeout()), after(started, request.requestTimeout())),
        "Timeout while connecting");
    var opening =
        new Connector(
            loop,
            key,
            client.options().resolver(),
            client.connectionOptions(),
            request.userAgent());
    connector = opening;
    var _ = opening.start().whenComplete(this::connected);
  }

  private void connected(@Nullable PooledConnection ready, @Nullable Throwable failure) {
    if (over) {
      if (ready != null) {
        ready.connection.abort();
      }
      return;
    }
    connector = null;
    if (ready == null) {
      fail(ClientFailures.ofConnecting(failure));
      return;
    }
    client.pool().opened(ready);
    use(ready);
  }

  // ---- the request

  private void use(PooledConnection ready) {
    connection = ready;
    arm(after(started, request.requestTimeout()), "Timeout during request");
    try {
      send(ready);
    } catch (RuntimeException e) { // whatever it is: its place has to be given back
      fail(new HTTPClientError("the request cannot be sent: " + e.getMessage(), e));
    }
  }

  private void send(PooledConnection ready) {
    var http = ready.connection;
    boolean toProxy = key.throughProxy();
    boolean keepAlive = client.options().maxIdle() > 0;
    var head =
        RequestHead.of(
            request, url, toProxy, keepAlive, fetch.authorization(), fetch.proxyAuthorization());
    var bytes = request.body();
    boolean waits = request.expect100Continue() && request.hasBody();
    var first = bytes == null || waits ? null : ByteBuffer.wrap(bytes);
    unsent = !http.reusable(); // it has ended in this very turn
    var sent = http.writeHeaders(head.startLine(), head.headers(), first, this);
    if (unsent) { // we are told why in a moment
      return;
    }
    http.setDecompress(request.decompressResponse());
    http.setMaxBodySize(maxBodySize());
    if (sent.isCompletedExceptionally()) { // the server may have said why before it closed
      http.cutRequest();
    } else if (waits || request.bodyProducer() != null) {
      sender =
          new BodySender(loop, http, request, client.options().continueTimeout(), this::bodyFailed);
      sender.start(waits);
    } else {
      var _ = http.finish();
    }
  }

  private long maxBodySize() {
    long most = request.maxBodySize() < 0 ? client.options().maxBodySize() : request.maxBodySize();
    return request.streamingCallback() == null ? Math.min(most, AnswerBody.LARGEST) : most;
  }

  private void bodyFailed(Throwable reason) {
    if (connection != null && isEndOf(connection.connection, reason)) {
      connection.connection.cutRequest(); // which tells us, maybe what the server has said before
    } else {
      fail(reason);
    }
  }

  private static boolean isEndOf(HTTP1ClientConnection http, Throwable reason) {
    boolean ended = http.stream().closed() || http.stream().error() != null;
    return reason instanceof StreamClosedException && ended;
  }

  // ---- the answer

  @Override
  public @Nullable CompletionStage<?> informational(ResponseStartLine interim, HTTPHeaders fields) {
    if (interim.status() == 100 && sender != null) {
      sender.proceed();
    }
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> headersReceived(StartLine line, HTTPHeaders fields)
      throws Exception {
    startLine = (ResponseStartLine) line;
    headers = fields;
    headReceived = loop.time();
    if (sender != null && sender.answerHasCome() && connection != null) {
      connection.connection.cutRequest();
    }
    if (startLine.status() == 101) {
      throw new HTTPClientError("the server goes over to another protocol", null);
    }
    last = !fetch.goesOn(startLine.status(), fields, sender == null || sender.begun());
    if (last && request.streamingCallback() == null && connection != null) {
      connection.connection.setWholeBody();
    }
    var callback = request.headerCallback();
    if (last && callback != null) {
      guard(() -> callback.headersReceived(startLine, fields.copy()));
    }
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> dataReceived(byte[] chunk) throws Exception {
    var callback = request.streamingCallback();
    if (over || !last) {
      return null; // nobody will see it
    }
    if (callback == null) {
      body.add(chunk);
    } else {
      guard(() -> callback.dataReceived(chunk));
    }
    return null;
  }

  /** A call of a callback of the user's. */
  private interface Call {
    void run() throws Exception;
  }

  /** Remembers what is thrown, so that it is not taken for something of the connection's. */
  private void guard(Call call) throws Exception {
    try {
      call.run();
    } catch (Throwable e) {
      thrown = e;
      throw e;
    }
  }

  @Override
  public void trailersReceived(HTTPHeaders fields) {
    trailers = fields;
  }

  @Override
  public void finish() {
    if (over) {
      return;
    }
    long ended = loop.time();
    var used = connection;
    boolean again = used != null && used.connection.reusable();
    var response = response(ended);
    end(again ? used : null);
    fetch.answered(response);
  }

  private HTTPResponse response(long ended) {
    var opening = connection == null ? PooledConnection.Opening.NONE : connection.waited();
    var times =
        new TimeInfo(
            Duration.ofNanos(started - created),
            Duration.ofNanos(opening.nameLookup()),
            Duration.ofNanos(opening.connect()),
            Duration.ofNanos(opening.secure()),
            Duration.ofNanos(headReceived - started),
            Duration.ofNanos(ended - started));
    return new HTTPResponse(
        fetch.original(),
        startLine.status(),
        startLine.reason(),
        headers,
        trailers,
        url.toString(),
        body.bytes(),
        startInstant,
        times);
  }

  // ---- the end

  @Override
  public void failed(Throwable reason) {
    if (over) {
      return;
    }
    var used = connection;
    if (used != null && used.kept && mayBeSentAgain(used)) {
      connection = null;
      stopSending();
      client.pool().drop(used);
      connect();
    } else {
      fail(isThrown(reason) ? reason : ClientFailures.ofExchange(reason));
    }
  }

  /** Whether a callback of the user's has thrown this; it may have come in a wrapping. */
  @SuppressWarnings("ReferenceEquality") // it is meant
  private boolean isThrown(Throwable reason) {
    return thrown != null && (reason == thrown || reason == thrown.getCause());
  }

  private boolean mayBeSentAgain(PooledConnection used) {
    if (unsent) {
      return true;
    }
    return !used.connection.answered()
        && IDEMPOTENT.contains(request.method())
        && request.bodyProducer() == null;
  }

  private void fail(Throwable reason) {
    if (!over) {
      end(null);
      fetch.failed(reason);
    }
  }

  /** Ends it without telling anybody. */
  void abandon() {
    if (!over) {
      end(null);
    }
  }

  /** Gives back all that it has. */
  private void end(@Nullable PooledConnection again) {
    over = true;
    disarm();
    stopSending();
    if (connector != null) {
      connector.giveUp();
    }
    if (again == null && connection != null) {
      client.pool().drop(connection);
    }
    if (place != null) {
      place.release(again);
    }
  }

  private void stopSending() {
    if (sender != null) {
      sender.stop();
      sender = null;
    }
  }

  // ---- time

  private void arm(@Nullable Long time, String message) {
    disarm();
    if (time != null) {
      deadline = loop.callAt(time, () -> timeIsUp(message));
    }
  }

  /** Who has answered in whole needs no more of the request. */
  private void timeIsUp(String message) {
    if (connection != null && connection.connection.answeredEarly()) {
      connection.connection.cutRequest();
    } else {
      fail(new HTTPTimeoutError(message));
    }
  }

  private void disarm() {
    if (deadline != null) {
      loop.removeTimeout(deadline);
      deadline = null;
    }
  }

  /** Null: never. */
  private static @Nullable Long after(long base, Duration limit) {
    return limit.isZero() ? null : (Long) (base + limit.toNanos());
  }

  private static @Nullable Long earlier(@Nullable Long one, @Nullable Long other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one - other < 0 ? one : other;
  }
}
