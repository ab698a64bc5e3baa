// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.jetty;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Queue;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.Trailers;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.jspecify.annotations.Nullable;
import org.waterspout.adapter.exchange.AnswerHead;
import org.waterspout.adapter.exchange.AnswerQueue;
import org.waterspout.adapter.exchange.Carrier;
import org.waterspout.adapter.exchange.Exchange;
import org.waterspout.adapter.exchange.RequestHead;
import org.waterspout.adapter.exchange.WebSocketUpgrade;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPUtil;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.iostream.StreamClosedException;
import org.waterspout.log.Log;

/**
 * Carries an exchange by Jetty's non-blocking reads and writes.
 *
 * <p>Everything on the loop. Jetty's callbacks, which come on its threads or from inside the call
 * that they belong to, only post. Request and response are the exchange's until Jetty's callback is
 * completed, whatever happens to the connection meanwhile; that is done once, by {@link #complete},
 * {@link #cut} or {@link #abandon}, and Jetty ignores a second time.
 */
final class JettyCarrier implements Carrier {
  /** What Jetty is given at once; the JDK copies all of a write before it sends it. */
  private static final int SLICE = 64 * 1024;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private record Interim(int status, HttpFields fields, LoopFuture<Void> sent) {}

  private final Exchange exchange;
  private final AnswerQueue answer;
  private final Request request;
  private final Response response;
  private final Callback callback;
  private final Queue<Interim> interims = new ArrayDeque<>();
  private HTTPHeaders requestTrailers = new HTTPHeaders();
  private boolean arrived; // the last chunk of the body was read
  private boolean readAfterInterim;
  private boolean stepQueued;
  private boolean writing; // Jetty has a buffer, or an informational answer
  private boolean informing; // the latter
  private boolean committed;
  private boolean announced; // the length of the body is
  private boolean untilClose; // only the end of the connection ends the body
  private boolean over;
  private volatile @Nullable WebSocketUpgrade upgraded; // null unless it becomes a WebSocket

  /** On Jetty's thread, in handle. */
  JettyCarrier(Exchange exchange, Request request, Response response, Callback callback) {
    this.exchange = exchange;
    this.answer = exchange.answer();
    this.request = request;
    this.response = response;
    this.callback = callback;
    // While nothing is read or written, the answer may take as long as it likes.
    request.addIdleTimeoutListener(_ -> false);
    request.addFailureListener(failure -> exchange.post(() -> exchange.lost(failure)));
  }

  @Override
  public void readMore() {
    exchange.post(this::read); // what is there already is not delivered on the stack of its reader
  }

  private void read() {
    if (over) {
      return;
    }
    if (informing) {
      readAfterInterim = true; // Jetty forgets its 100 (Continue) while it sends another
    } else if (arrived) {
      exchange.bodyArrived(requestTrailers);
    } else {
      readChunk();
    }
  }

  private void readChunk() {
    Content.@Nullable Chunk chunk;
    try {
      chunk = nextChunk();
    } catch (RuntimeException e) {
      exchange.failed(e); // a handler in front has read the body
      return;
    }
    if (chunk != null) {
      deliver(chunk);
    }
  }

  /** A chunk that says something, or null if there will be one. */
  private Content.@Nullable Chunk nextChunk() {
    while (true) {
      var chunk = request.read();
      if (chunk == null) {
        request.demand(Invocable.from(InvocationType.NON_BLOCKING, this::readMore));
        return null;
      }
      if (chunk.isLast() || chunk.hasRemaining() || Content.Chunk.isFailure(chunk)) {
        return chunk;
      }
      chunk.release();
    }
  }

  private void deliver(Content.Chunk chunk) {
    if (Content.Chunk.isFailure(chunk)) {
      exchange.bodyFailed(chunk.getFailure());
      return;
    }
    byte[] piece = new byte[chunk.remaining()];
    chunk.getByteBuffer().get(piece);
    arrived = chunk.isLast();
    if (chunk instanceof Trailers trailers) {
      requestTrailers = trailers(trailers.getTrailers());
    }
    chunk.release();
    if (piece.length > 0) {
      exchange.bodyPiece(piece);
    } else {
      exchange.bodyArrived(requestTrailers);
    }
  }

  private static HTTPHeaders trailers(HttpFields fields) {
    var trailers = new HTTPHeaders();
    for (HttpField field : fields) {
      if (HTTPUtil.isTrailer(field.getName()) && field.getValue() != null) {
        trailers.add(field.getName(), RequestHead.oneCharacterPerByte(field.getValue()));
      }
    }
    return trailers;
  }

  @Override
  public void sendHead(int status, HTTPHeaders headers, long contentLength) {
    apply(response, status, headers, contentLength);
    announced = contentLength != AnswerHead.NO_LENGTH;
    untilClose =
        contentLength == AnswerHead.NO_LENGTH
            && exchange.head().startLine().version().equals("HTTP/1.0");
  }

  /** Tells a response its head. */
  static void apply(Response response, int status, HTTPHeaders headers, long contentLength) {
    response.setStatus(status);
    var fields = response.getHeaders();
    AnswerHead.fields(
        headers,
        new AnswerHead.Fields() {
          @Override
          public void set(String name, String value) {
            fields.put(name, value);
          }

          @Override
          public void add(String name, String value) {
            fields.add(name, value);
          }
        });
    if (contentLength != AnswerHead.NO_LENGTH && status != 204) {
      fields.put(HttpHeader.CONTENT_LENGTH, contentLength);
    }
  }

  @Override
  public void sendInformational(int status, HTTPHeaders headers, LoopFuture<Void> sent) {
    interims.add(new Interim(status, fields(headers), sent));
    queueStep();
  }

  private static HttpFields fields(HTTPHeaders headers) {
    var fields = HttpFields.build();
    headers.forEach(fields::add);
    return fields;
  }

  @Override
  public void answerQueued() {
    queueStep();
  }

  /** In a callback of its own, so that what was written in one go is sent in one go. */
  private void queueStep() {
    if (!stepQueued) {
      stepQueued = true;
      exchange.post(this::step);
    }
  }

  private void step() {
    stepQueued = false;
    if (writing || over) {
      return;
    }
    var interim = interims.poll();
    if (interim != null) {
      inform(interim);
      return;
    }
    var bytes = answer.next(SLICE);
    if (bytes != null || answer.ended()) {
      write(bytes == null ? NOTHING.duplicate() : bytes, answer.isEmpty() && answer.ended());
    }
  }

  private void inform(Interim interim) {
    writing = true;
    informing = true;
    var _ =
        response
            .writeInterim(interim.status, interim.fields)
            .whenComplete((_, failure) -> exchange.post(() -> informed(interim, failure)));
  }

  private void informed(Interim interim, @Nullable Throwable failure) {
    writing = false;
    informing = false;
    if (failure == null) {
      interim.sent.completeLater(null);
    } else {
      interim.sent.failLater(new StreamClosedException(failure));
    }
    queueStep();
    if (readAfterInterim) {
      readAfterInterim = false;
      readMore();
    }
  }

  private void write(ByteBuffer bytes, boolean last) {
    writing = true;
    if (!committed) {
      committed = true;
      commit();
    }
    response.write(
        last,
        bytes,
        Callback.from(
            InvocationType.NON_BLOCKING,
            () -> exchange.post(() -> written(last)),
            failure -> exchange.post(() -> exchange.lost(failure))));
  }

  /** The head leaves with the write that follows. */
  private void commit() {
    if (answer.ended() && !arrived && exchange.head().hasBody() && !request.consumeAvailable()) {
      // An early answer, and the rest of the request is not there.
      response.getHeaders().put(HttpHeader.CONNECTION, "close");
    }
    // Asked for, they rule out a length, be it announced or Jetty's own.
    if (!announced && (!answer.ended() || !answer.trailers().isEmpty())) {
      response.setTrailersSupplier(this::answerTrailers);
    }
  }

  /** Jetty asks in a write of the last piece: on the loop, or while the loop awaits it. */
  private @Nullable HttpFields answerTrailers() {
    var trailers = answer.trailers();
    return trailers.isEmpty() ? null : fields(trailers);
  }

  private void written(boolean last) {
    writing = false;
    if (over) {
      return;
    }
    answer.taken();
    if (last) {
      exchange.answered();
    } else {
      step();
    }
  }

  /** Jetty hands its connection over once it has the request back. */
  @Override
  public void upgrade(WebSocketUpgrade upgrade) {
    upgraded = upgrade;
    var endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
    request.setAttribute(
        HttpStream.UPGRADE_CONNECTION_ATTRIBUTE,
        new JettyConnection(endPoint, request.getComponents().getExecutor(), upgrade));
    apply(response, HttpStatus.SWITCHING_PROTOCOLS_101, upgrade.headers(), AnswerHead.NO_LENGTH);
    response.getHeaders().put(HttpHeader.UPGRADE, "websocket");
    response.getHeaders().put(HttpHeader.CONNECTION, "Upgrade");
    response.write(
        true,
        NOTHING.duplicate(),
        Callback.from(
            InvocationType.NON_BLOCKING,
            () -> exchange.post(this::switched),
            failure -> exchange.post(() -> exchange.lost(failure))));
  }

  private void switched() {
    if (!over) {
      complete();
    }
  }

  @Override
  public void complete() {
    over = true;
    callback.succeeded();
  }

  @Override
  public void cut() {
    over = true;
    if (untilClose) {
      reset();
    }
    callback.failed(new Request.Handler.AbortException("the answer was cut"));
  }

  /** An orderly end of the connection would make the answer a whole one. */
  private void reset() {
    var endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
    if (endPoint.getTransport() instanceof SocketChannel channel) {
      try {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      } catch (IOException e) {
        Log.GENERAL.log(System.Logger.Level.DEBUG, "the socket is closed already", e);
      }
    }
  }

  @Override
  public void abandon() {
    callback.failed(new Request.Handler.AbortException("the loop has ended"));
    var upgrade = upgraded;
    if (upgrade != null) {
      upgrade.abandon();
    }
  }
}
