// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.undertow;

import io.undertow.io.IoCallback;
import io.undertow.io.Sender;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpContinue;
import io.undertow.server.protocol.http.HttpServerConnection;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.SameThreadExecutor;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.waterspout.adapter.exchange.AnswerHead;
import org.waterspout.adapter.exchange.Carrier;
import org.waterspout.adapter.exchange.Exchange;
import org.waterspout.adapter.exchange.OpenedStream;
import org.waterspout.adapter.exchange.WebSocketUpgrade;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.iostream.HostedConnection;
import org.waterspout.log.Log;
import org.xnio.IoUtils;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.XnioExecutor;

/**
 * Carries an exchange by Undertow's non-blocking channels.
 *
 * <p>Undertow lets any thread use an exchange that was dispatched, one at a time: the {@link
 * HomeThread}, which is the loop but under TLS. Undertow's own comes in only where a channel's
 * listener was set, or to close the connection. An HttpServerExchange is never used again for
 * another request, its connection is: that is only touched while the exchange is not complete.
 */
final class UndertowCarrier implements Carrier {
  /** How long what a client still sends is thrown away, so that it can read its answer. */
  private static final int LINGER_SECONDS = 10;

  private final Exchange exchange;
  private final HttpServerExchange http;
  private final HomeThread home;
  private final CloseWatch watch;
  private final BodySource source;
  private final AnswerSink sink;
  private boolean reading; // the client was asked for the body; on the loop
  private boolean untilClose; // only the end of the connection ends the body; on the home thread
  private volatile @Nullable WebSocketUpgrade upgraded; // null unless it becomes a WebSocket

  /** On Undertow's thread, when the exchange was dispatched. */
  UndertowCarrier(Exchange exchange, HttpServerExchange http) {
    this.exchange = exchange;
    this.http = http;
    this.home = HomeThread.of(exchange, http);
    this.source = new BodySource(exchange, http, home);
    this.sink = new AnswerSink(exchange, http, home);
    this.watch = CloseWatch.of(http, exchange);
  }

  @Override
  public void readMore() {
    // What is there already is not delivered on the stack of its reader.
    if (!reading && !sink.begun() && HttpContinue.requiresContinueResponse(http)) {
      sink.hold(); // nothing else may be written meanwhile
      home.run(this::askForBody);
    } else {
      home.later(source::read);
    }
    reading = true;
  }

  /** Undertow leaves it to the reader. */
  private void askForBody() {
    HttpContinue.sendContinueResponse(
        http,
        new IoCallback() {
          @Override
          public void onComplete(HttpServerExchange http, @Nullable Sender sender) {
            // Called as a handler if it took time: who returns from one undispatched has answered.
            http.dispatch(
                SameThreadExecutor.INSTANCE,
                () -> exchange.post(UndertowCarrier.this::askedForBody));
          }

          @Override
          public void onException(HttpServerExchange http, @Nullable Sender sender, IOException e) {
            http.dispatch(SameThreadExecutor.INSTANCE, () -> exchange.post(() -> exchange.lost(e)));
          }
        });
  }

  private void askedForBody() {
    sink.release();
    home.later(source::read);
  }

  @Override
  public void sendHead(int status, HTTPHeaders headers, long contentLength) {
    var reason = exchange.reason();
    var sent = home.isLoop() ? headers : headers.copy();
    home.run(() -> putHead(status, reason, sent, contentLength));
  }

  private void putHead(int status, String reason, HTTPHeaders headers, long contentLength) {
    if (http.isResponseStarted()) {
      exchange.post(() -> exchange.lost(new IOException("Undertow has ended the exchange")));
      return;
    }
    apply(http, status, headers, contentLength);
    http.setReasonPhrase(reason);
    untilClose =
        contentLength == AnswerHead.NO_LENGTH
            && exchange.head().startLine().version().equals("HTTP/1.0");
  }

  /** Tells Undertow the head of an answer. */
  static void apply(HttpServerExchange http, int status, HTTPHeaders headers, long contentLength) {
    http.setStatusCode(status);
    var fields = http.getResponseHeaders();
    AnswerHead.fields(
        headers,
        new AnswerHead.Fields() {
          @Override
          public void set(String name, String value) {
            fields.put(HttpString.tryFromString(name), value);
          }

          @Override
          public void add(String name, String value) {
            fields.add(HttpString.tryFromString(name), value);
          }
        });
    if (contentLength != AnswerHead.NO_LENGTH && status != 204) {
      fields.put(Headers.CONTENT_LENGTH, contentLength);
    }
  }

  @Override
  public void answerQueued() {
    if (!sink.begun() && exchange.answer().ended()) {
      home.run(this::endEarly);
    }
    sink.queueStep();
  }

  private void endEarly() {
    if (!restIsThere()) {
      http.setPersistent(false); // says "Connection: close", too
    }
  }

  /** Whether all of the request has come; what was not read of it is thrown away. */
  private boolean restIsThere() {
    if (http.isRequestComplete()) {
      return true;
    }
    try {
      return !HttpContinue.requiresContinueResponse(http) && source.skipAvailable();
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  /** Undertow hands its connection over once it has sent the answer. */
  @Override
  public void upgrade(WebSocketUpgrade upgrade) {
    upgraded = upgrade;
    home.run(() -> switchProtocols(upgrade));
  }

  private void switchProtocols(WebSocketUpgrade upgrade) {
    try {
      apply(http, StatusCodes.SWITCHING_PROTOCOLS, upgrade.headers(), AnswerHead.NO_LENGTH);
      http.upgradeChannel("websocket", (connection, _) -> lent(connection, upgrade));
      http.endExchange();
    } catch (RuntimeException e) { // it is over already
      exchange.post(() -> upgrade.failed(e));
    }
  }

  /** On any thread. */
  private void lent(StreamConnection channel, WebSocketUpgrade upgrade) {
    if (upgrade.givenUp()) {
      IoUtils.safeClose(channel); // the loop may have ended
      return;
    }
    var connection = new UndertowConnection(channel);
    connection.removeTimeouts();
    var hosted =
        home.isLoop() ? connection : new PumpedConnection(connection, channel.getIoThread());
    exchange.post(() -> switched(hosted, upgrade));
  }

  private void switched(HostedConnection connection, WebSocketUpgrade upgrade) {
    watch.leave(exchange);
    var opened = new OpenedStream(upgrade, connection);
    http.getConnection().addCloseListener(_ -> exchange.post(() -> opened.lost(null)));
    upgrade.opened(opened);
  }

  @Override
  public void complete() {
    watch.leave(exchange);
    home.run(this::end);
  }

  private void end() {
    if (!http.isRequestComplete()
        && http.getConnection() instanceof HttpServerConnection connection) {
      linger(connection);
    } else {
      http.endExchange();
    }
  }

  /** Closed with bytes unread, a connection is reset, and its answer may be lost on the way. */
  private void linger(HttpServerConnection connection) {
    XnioExecutor.Key limit;
    try {
      limit =
          connection
              .getIoThread()
              .executeAfter(() -> IoUtils.safeClose(connection), LINGER_SECONDS, TimeUnit.SECONDS);
    } catch (RejectedExecutionException e) { // Undertow stops
      IoUtils.safeClose(connection);
      return;
    }
    try {
      var out = connection.getChannel().getSinkChannel();
      out.shutdownWrites();
      out.flush();
    } catch (IOException e) {
      Log.GENERAL.log(System.Logger.Level.DEBUG, "the client is gone already", e);
    }
    source.skipRest(
        () -> {
          limit.remove();
          IoUtils.safeClose(connection);
        });
  }

  @Override
  public void cut() {
    sink.hold();
    close();
  }

  @Override
  public void abandon() {
    close();
    var upgrade = upgraded;
    if (upgrade != null) {
      upgrade.abandon();
    }
  }

  private void close() {
    watch.leave(exchange);
    home.run(this::closeConnection);
  }

  private void closeConnection() {
    if (http.isComplete()) {
      return; // the connection may carry another exchange already, or is a WebSocket's
    }
    var connection = http.getConnection();
    if (untilClose) {
      reset();
    }
    IoUtils.safeClose(connection);
    http.endExchange();
  }

  /** An orderly end of the connection would make the answer a whole one. */
  private void reset() {
    try {
      http.getConnection().setOption(Options.CLOSE_ABORT, true);
    } catch (IOException | RuntimeException e) {
      Log.GENERAL.log(System.Logger.Level.DEBUG, "the connection is closed already", e);
    }
  }
}
