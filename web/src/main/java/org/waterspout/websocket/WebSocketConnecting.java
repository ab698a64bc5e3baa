// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.ClientDelegate;
import org.waterspout.http.HTTP1ClientConnection;
import org.waterspout.http.HTTP1ClientOptions;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPInputException;
import org.waterspout.http.HTTPOutputException;
import org.waterspout.http.RequestStartLine;
import org.waterspout.http.ResponseStartLine;
import org.waterspout.http.StartLine;
import org.waterspout.httpclient.HTTPClientError;
import org.waterspout.httpclient.HTTPConnector;
import org.waterspout.httpclient.HTTPRequest;
import org.waterspout.httpclient.HTTPResponse;
import org.waterspout.httpclient.HTTPStreamClosedError;
import org.waterspout.httpclient.HTTPTimeoutError;
import org.waterspout.httpclient.TimeInfo;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.ioloop.Timeout;
import org.waterspout.iostream.IOStream;
import org.waterspout.iostream.StreamClosedException;

/**
 * A client's attempt to get a WebSocket: connection, tunnel, TLS, handshake. It ends once, with a
 * connection, a failure or by being cancelled, and then leaves nothing else open. Confined to the
 * loop.
 */
final class WebSocketConnecting implements ClientDelegate {
  private static final int MAX_BODY = 64 * 1024; // of a refusal
  private static final HTTP1ClientOptions LIMITS =
      HTTP1ClientOptions.defaults().withMaxBodySize(MAX_BODY);

  private final IOLoop loop;
  private final WebSocketURL url;
  private final WebSocketClientOptions options;
  private final ClientHandshake handshake;
  private final HTTPRequest request; // the handshake's, as an http or https URL
  private final LoopFuture<WebSocketClientConnection> result;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);
  private @Nullable LoopFuture<IOStream> connecting; // null before the start
  private @Nullable HTTP1ClientConnection http; // null before there is a connection
  private @Nullable Timeout timeout; // null before the start
  private @Nullable ResponseStartLine answer; // null before there is one
  private HTTPHeaders headers = new HTTPHeaders(); // of the answer
  private final long begun;
  private final Instant startTime = Instant.now();
  private long connected;
  private long answered;
  private boolean over;

  /**
   * Does nothing yet.
   *
   * @throws IllegalArgumentException if there can be no such request
   */
  WebSocketConnecting(IOLoop loop, WebSocketURL url, WebSocketClientOptions options) {
    this.loop = loop;
    this.url = url;
    this.options = options;
    this.handshake = new ClientHandshake(options.subprotocols, options.compression);
    this.request = request();
    this.begun = loop.time();
    this.result = new LoopFuture<>(loop);
  }

  private HTTPRequest request() {
    var scheme = url.secure() ? "https://" : "http://";
    return HTTPRequest.builder(scheme + url.authority() + url.target())
        .headers(handshake.request(url.authority(), options.headers))
        .ssl(options.ssl)
        .proxy(options.proxy)
        .unixSocket(options.unixSocket)
        .networkInterface(options.networkInterface)
        .allowIPv6(options.allowIPv6)
        .build();
  }

  LoopFuture<WebSocketClientConnection> start() {
    var stream = HTTPConnector.connect(request, options.resolver);
    connecting = stream;
    timeout = loop.callLater(options.connectTimeout, this::tooLate);
    var _ =
        stream.whenComplete(
            (ready, failure) -> {
              if (failure == null) {
                loop.addCallback(() -> connected(ready)); // what is thrown there is seen
              } else {
                fail(failure);
              }
            });
    var _ =
        result.whenComplete(
            (value, failure) -> {
              end(); // if somebody else has completed it, who cancels
            });
    return result;
  }

  private void connected(IOStream stream) {
    if (over) {
      stream.close();
      return;
    }
    connected = loop.time();
    var connection = new HTTP1ClientConnection(stream, LIMITS);
    http = connection;
    var line = new RequestStartLine("GET", url.target(), "HTTP/1.1");
    try {
      var _ = connection.writeHeaders(line, request.headers(), null, this);
      var _ = connection.finish();
    } catch (HTTPOutputException e) { // a Host or a target that cannot be sent
      fail(new HTTPClientError("the request cannot be sent: " + e.getMessage(), e));
    }
  }

  @Override
  public @Nullable CompletionStage<?> headersReceived(StartLine startLine, HTTPHeaders received) {
    answer = (ResponseStartLine) startLine;
    headers = received;
    answered = loop.time();
    if (answer.status() == 101) {
      open(agreed(received));
    }
    return null;
  }

  private ClientHandshake.Agreed agreed(HTTPHeaders received) {
    try {
      return handshake.check(received);
    } catch (IllegalArgumentException e) {
      throw refusal("not an answer to the handshake: " + e.getMessage());
    }
  }

  private void open(ClientHandshake.Agreed agreed) {
    if (http == null) {
      throw new IllegalStateException("an answer without a connection");
    }
    over = true;
    stopTimer();
    var stream = http.detach();
    var name = "WebSocket to " + url.authority();
    var connection = new WebSocketClientConnection(stream, name, options, agreed, headers);
    if (result.complete(connection)) {
      connection.start();
    } else {
      stream.close();
    }
  }

  @Override
  public @Nullable CompletionStage<?> dataReceived(byte[] chunk) {
    body.write(chunk, 0, Math.min(chunk.length, MAX_BODY - body.size()));
    return null;
  }

  @Override
  public void finish() {
    fail(refusal());
  }

  @Override
  public void failed(Throwable reason) {
    fail(
        switch (reason) {
          case HTTPClientError error -> error;
          // of a refusal, its body may well be missing
          case Throwable e when answer != null && answer.status() != 101 -> refusal();
          case StreamClosedException e ->
              new HTTPStreamClosedError("the connection ended before the handshake did", e);
          case HTTPInputException e ->
              new HTTPClientError("a malformed answer: " + e.getMessage(), e);
          default -> reason;
        });
  }

  private HTTPClientError refusal() {
    int status = answer == null ? 0 : answer.status();
    return refusal("no WebSocket at " + url.authority() + ", but an answer " + status);
  }

  private HTTPClientError refusal(String message) {
    if (answer == null) {
      throw new IllegalStateException("a refusal without an answer");
    }
    var times =
        new TimeInfo(
            Duration.ZERO,
            Duration.ZERO,
            Duration.ofNanos(connected - begun), // with look-up and TLS
            Duration.ZERO,
            Duration.ofNanos(answered - begun),
            Duration.ofNanos(loop.time() - begun));
    var response =
        new HTTPResponse(
            request,
            answer.status(),
            answer.reason(),
            headers,
            new HTTPHeaders(),
            request.url(),
            body.toByteArray(),
            startTime,
            times);
    return new HTTPClientError(response, message);
  }

  private void tooLate() {
    fail(
        new HTTPTimeoutError(
            "no WebSocket at " + url.authority() + " within " + options.connectTimeout));
  }

  private void fail(Throwable reason) {
    if (!over) {
      end();
      result.completeExceptionally(reason);
    }
  }

  private void end() {
    if (over) {
      return;
    }
    over = true;
    stopTimer();
    if (connecting != null) {
      connecting.cancel(false);
    }
    if (http != null) {
      http.abort();
    }
  }

  private void stopTimer() {
    if (timeout != null) {
      loop.removeTimeout(timeout);
    }
  }
}
