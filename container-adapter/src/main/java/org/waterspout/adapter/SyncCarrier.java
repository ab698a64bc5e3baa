// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.waterspout.adapter.exchange.Carrier;
import org.waterspout.adapter.exchange.Exchange;
import org.waterspout.adapter.exchange.WebSocketUpgrade;
import org.waterspout.adapter.websocket.WebSocketSupport;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.ioloop.LoopFuture;

/**
 * Carries an exchange by a thread of the container, which waits for the loop until the exchange is
 * over and is the only one to touch request and response.
 *
 * <p>The loop gives it one step after the other: read a piece, tell the head, write a piece, end.
 * Of each kind at most one is on its way, so that neither side gets ahead of the other. While the
 * thread reads or writes it is the container that limits how long: nobody else can wake it.
 */
final class SyncCarrier implements Carrier, ServletExchange.Access {
  private static final int PIECE = 64 * 1024;

  /** What the container's thread does next; false if that was the last. */
  @FunctionalInterface
  private interface Step {
    boolean take() throws IOException;
  }

  private final Exchange exchange;
  private final Quirks quirks;
  private final @Nullable WebSocketSupport webSockets; // null where the deployment offers none
  private final HttpServletRequest request;
  private final HttpServletResponse response;
  private final Trailers trailers = new Trailers();
  private final BlockingQueue<Step> steps = new LinkedBlockingQueue<>();
  private volatile @Nullable WebSocketUpgrade upgraded; // null unless it becomes a WebSocket
  private boolean writing; // on the loop: a piece is on its way
  private boolean stepQueued; // on the loop
  private boolean over; // on the loop
  private boolean received; // any of the body; on the container's thread

  SyncCarrier(
      Exchange exchange,
      Quirks quirks,
      @Nullable WebSocketSupport webSockets,
      HttpServletRequest request,
      HttpServletResponse response) {
    this.exchange = exchange;
    this.quirks = quirks;
    this.webSockets = webSockets;
    this.request = request;
    this.response = response;
  }

  /**
   * Does what the loop says until the exchange is over. On the container's thread.
   *
   * @throws CutException to make the container drop the connection
   */
  void run() throws IOException {
    boolean interrupted = false;
    boolean more = true;
    while (more) {
      try {
        more = steps.take().take();
      } catch (InterruptedException e) {
        interrupted = true; // the loop ends the exchange all the same
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  // ---- on the loop

  @Override
  public void readMore() {
    steps.add(this::read);
  }

  @Override
  public void sendHead(int status, HTTPHeaders headers, long contentLength) {
    steps.add(
        () -> {
          AnswerFields.apply(response, status, headers, contentLength);
          trailers.offer(response, exchange.head(), status, contentLength);
          return true;
        });
  }

  @Override
  public void answerQueued() {
    if (!stepQueued && !writing) {
      stepQueued = true;
      exchange.post(this::giveNext);
    }
  }

  /** In a callback of its own, so that what is written in one go is flushed once. */
  private void giveNext() {
    stepQueued = false;
    var answer = exchange.answer();
    var piece = answer.next(PIECE);
    if (piece != null) {
      writing = true;
      boolean last = answer.isEmpty();
      boolean ended = answer.ended();
      steps.add(() -> write(piece, last && !ended));
    } else if (answer.ended()) {
      trailers.set(answer.trailers());
      exchange.answered();
    }
  }

  private void written() {
    writing = false;
    exchange.answer().taken();
    answerQueued();
  }

  /** The thread is free as soon as the container has taken over. */
  @Override
  public void upgrade(WebSocketUpgrade upgrade) {
    var support = Objects.requireNonNull(webSockets);
    upgraded = upgrade;
    over = true; // for those who want the request
    steps.add(
        () -> {
          support.upgrade(request, response, upgrade);
          return false;
        });
  }

  @Override
  public <T> void access(Function<HttpServletRequest, @Nullable T> function, LoopFuture<T> result) {
    if (over) {
      result.completeExceptionally(ServletExchange.over());
      return;
    }
    steps.add(
        () -> {
          call(function, result);
          return true;
        });
  }

  @Override
  public void complete() {
    over = true;
    steps.add(() -> false);
  }

  @Override
  public void cut() {
    over = true;
    dropNext();
  }

  private void dropNext() {
    trailers.breakOff();
    steps.add(this::drop);
  }

  @Override
  public void abandon() {
    dropNext();
    var upgrade = upgraded;
    if (upgrade != null) {
      upgrade.abandon();
    }
  }

  // ---- on the container's thread

  private <T> void call(Function<HttpServletRequest, @Nullable T> function, LoopFuture<T> result) {
    try {
      @Nullable T value = function.apply(request);
      exchange.post(() -> result.complete(value));
    } catch (RuntimeException e) {
      exchange.post(() -> result.completeExceptionally(e));
    }
  }

  private boolean read() {
    byte[] buffer = new byte[PIECE];
    try {
      int length = request.getInputStream().read(buffer);
      if (length >= 0) {
        received = true;
        byte[] piece = Arrays.copyOf(buffer, length);
        exchange.post(() -> exchange.bodyPiece(piece));
      } else {
        readEnd();
      }
    } catch (IOException e) {
      exchange.post(() -> exchange.bodyFailed(e));
    } catch (RuntimeException e) {
      exchange.post(() -> exchange.failed(e));
    }
    return true;
  }

  private void readEnd() {
    byte[] form = received ? null : FormAgain.body(request, exchange.head().contentLength());
    if (form != null) {
      received = true;
      exchange.post(() -> exchange.bodyPiece(form));
    } else {
      var trailing = Trailers.of(request, exchange.deployed());
      exchange.post(() -> exchange.bodyArrived(trailing));
    }
  }

  private boolean write(ByteBuffer piece, boolean flush) {
    try {
      var out = response.getOutputStream();
      if (piece.hasArray()) {
        out.write(piece.array(), piece.arrayOffset() + piece.position(), piece.remaining());
      } else {
        byte[] copy = new byte[piece.remaining()];
        piece.get(copy);
        out.write(copy);
      }
      if (flush) {
        response.flushBuffer();
      }
      exchange.post(this::written);
    } catch (IOException | RuntimeException e) {
      exchange.post(() -> exchange.lost(e));
    }
    return true;
  }

  private boolean drop() throws IOException {
    switch (quirks.cut()) {
      case SEND_ERROR_MINUS_ONE -> Funnel.containersOwn(response).sendError(-1);
      case THROW_FROM_DISPATCH, COMPLETE -> {
        if (response.isCommitted() || !Funnel.becomesError(response)) {
          throw new CutException();
        }
      }
      case CLOSE_CONNECTION -> {
        var connection = ContainersConnection.of(request, quirks);
        if (connection != null) {
          connection.close();
        }
      }
    }
    return false;
  }
}
