// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.waterspout.adapter.exchange.Carrier;
import org.waterspout.adapter.exchange.Exchange;
import org.waterspout.adapter.exchange.WebSocketUpgrade;
import org.waterspout.adapter.websocket.WebSocketSupport;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.ioloop.LoopFuture;

/**
 * Carries an exchange by the non-blocking streams of a request that was made asynchronous.
 *
 * <p>Request and response are touched by the reader, the writer and {@link #sendHead} only, all on
 * the loop, and only inside the {@link Funnel}.
 */
final class AsyncCarrier implements Carrier, ServletExchange.Access {
  private static final Duration LINGER = Duration.ofSeconds(2);

  private final Exchange exchange;
  private final Quirks quirks;
  private final HttpServletRequest request;
  private final HttpServletResponse response;
  private final Trailers trailers = new Trailers();
  private final @Nullable Closeable connection; // null where it is not known
  private final Funnel funnel;
  private final BodyReader reader;
  private final AnswerWriter writer;
  private volatile @Nullable WebSocketUpgrade upgraded; // null unless it becomes a WebSocket

  private AsyncCarrier(Exchange exchange, Quirks quirks, AsyncContext asyncContext) {
    this.exchange = exchange;
    this.quirks = quirks;
    this.response = (HttpServletResponse) asyncContext.getResponse();
    this.request = (HttpServletRequest) asyncContext.getRequest();
    this.connection = ContainersConnection.of(request, quirks);
    this.funnel =
        new Funnel(
            asyncContext,
            response,
            trailers,
            connection,
            e -> exchange.post(() -> exchange.lost(e)));
    this.reader = new BodyReader(exchange, quirks, funnel, request);
    this.writer = new AnswerWriter(exchange, quirks, funnel, reader, response);
  }

  /** In {@code service()}, before the exchange begins. */
  static AsyncCarrier of(Exchange exchange, Quirks quirks, AsyncContext asyncContext) {
    var carrier = new AsyncCarrier(exchange, quirks, asyncContext);
    asyncContext.addListener(carrier.funnel);
    carrier.reader.open();
    return carrier;
  }

  @Override
  public void readMore() {
    reader.readMore();
  }

  /** Gives them to the container, which sends them with what comes next. */
  @Override
  public void sendHead(int status, HTTPHeaders headers, long contentLength) {
    var _ =
        funnel.ifOpen(
            () -> {
              AnswerFields.applyAllButLength(response, status, headers);
              trailers.offer(response, exchange.head(), status, contentLength);
              return true;
            },
            false);
    if (status != HttpServletResponse.SC_NO_CONTENT) {
      writer.announce(contentLength);
    }
  }

  @Override
  public void answerQueued() {
    if (exchange.answer().ended()) {
      trailers.set(exchange.answer().trailers());
    }
    writer.queueStep();
  }

  @Override
  public <T> void access(Function<HttpServletRequest, @Nullable T> function, LoopFuture<T> result) {
    boolean open;
    try {
      open =
          funnel.ifOpen(
              () -> {
                result.complete(function.apply(request));
                return true;
              },
              false);
    } catch (RuntimeException e) {
      result.completeExceptionally(e);
      return;
    }
    if (!open) {
      result.completeExceptionally(ServletExchange.over());
    }
  }

  @Override
  public void upgrade(WebSocketUpgrade upgrade) {
    upgraded = upgrade;
    if (!funnel.handBack(WebSocketSupport.UPGRADE, upgrade)) {
      exchange.post(() -> upgrade.failed(new IOException("the container has ended the exchange")));
    }
  }

  @Override
  public void complete() {
    funnel.complete();
    if (connection != null && exchange.refused() && exchange.head().hasBody()) {
      // Undertow waits for the rest of a refused body for as long as it takes; the client was told
      var _ = exchange.loop().callLater(LINGER, this::close);
    }
  }

  private void close() {
    try {
      Objects.requireNonNull(connection, "connection").close();
    } catch (IOException e) {
      // it is closed
    }
  }

  @Override
  public void cut() {
    funnel.cut(quirks.cut());
  }

  @Override
  public void abandon() {
    cut();
    var upgrade = upgraded;
    if (upgrade != null) {
      upgrade.abandon();
    }
  }
}
