// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import java.io.ByteArrayOutputStream;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.ClientDelegate;
import org.waterspout.http.HTTP1ClientConnection;
import org.waterspout.http.HTTP1ClientOptions;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.RequestStartLine;
import org.waterspout.http.ResponseStartLine;
import org.waterspout.http.StartLine;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.ioloop.Timeout;
import org.waterspout.iostream.IOStream;
import org.waterspout.tcp.ConnectOptions;
import org.waterspout.tcp.TCPClient;

/**
 * A client's attempt to get a WebSocket: connection, TLS, handshake. It ends once, with a
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
  private final LoopFuture<WebSocketClientConnection> result;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);
  private @Nullable LoopFuture<IOStream> connecting; // null before the start
  private @Nullable HTTP1ClientConnection http; // null before there is a connection
  private @Nullable Timeout timeout; // null before the start
  private @Nullable ResponseStartLine answer; // null before there is one
  private HTTPHeaders headers = new HTTPHeaders(); // of the answer
  private boolean over;

  WebSocketConnecting(IOLoop loop, WebSocketURL url, WebSocketClientOptions options) {
    this.loop = loop;
    this.url = url;
    this.options = options;
    this.handshake = new ClientHandshake(options.subprotocols, options.compression);
    this.result = new LoopFuture<>(loop);
  }

  LoopFuture<WebSocketClientConnection> start() {
    var how = ConnectOptions.defaults().withSSL(url.secure() ? options.ssl : null);
    var stream = new TCPClient(options.resolver).connect(url.host(), url.port(), how);
    connecting = stream;
    timeout = loop.callLater(options.connectTimeout, this::tooLate);
    var _ =
        stream.whenComplete(
            (connected, failure) -> {
              if (failure == null) {
                loop.addCallback(() -> connected(connected)); // what is thrown there is seen
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
    var connection = new HTTP1ClientConnection(stream, LIMITS);
    http = connection;
    var line = new RequestStartLine("GET", url.target(), "HTTP/1.1");
    try {
      var _ =
          connection.writeHeaders(
              line, handshake.request(url.authority(), options.headers), null, this);
      var _ = connection.finish();
    } catch (RuntimeException e) { // a Host or a target that cannot be sent
      fail(e);
    }
  }

  @Override
  public @Nullable CompletionStage<?> headersReceived(StartLine startLine, HTTPHeaders received) {
    answer = (ResponseStartLine) startLine;
    headers = received;
    if (answer.status() == 101) {
      open(handshake.check(received));
    }
    return null;
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
    // of a refusal, its body may well be missing
    fail(answer == null || answer.status() == 101 ? reason : refusal());
  }

  private WebSocketHandshakeException refusal() {
    int status = answer == null ? 0 : answer.status();
    return new WebSocketHandshakeException(
        "no WebSocket at " + url.authority() + ", but an answer " + status,
        status,
        headers,
        body.toByteArray());
  }

  private void tooLate() {
    fail(
        new TimeoutException(
            "no WebSocket to " + url.authority() + " within " + options.connectTimeout));
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
