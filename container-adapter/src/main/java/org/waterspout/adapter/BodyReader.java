// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.waterspout.adapter.exchange.Exchange;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.ioloop.LoopLocal;

/**
 * Reads a request's body without blocking and delivers it piece by piece.
 *
 * <p>Nothing is read while a piece is being received: then the container's buffer fills and the
 * sender is held back. Everything on the loop, but for the container's three callbacks, which wake
 * it.
 */
final class BodyReader implements ReadListener {
  private static final LoopLocal<byte[]> BUFFER = new LoopLocal<>(_ -> new byte[64 * 1024]);
  private static final byte[] NOTHING_YET = {};

  private final Exchange exchange;
  private final Quirks quirks;
  private final Funnel funnel;
  private final HttpServletRequest request;
  private @Nullable ServletInputStream in; // null until the body is wanted
  private boolean wanted; // a piece, or the end
  private boolean received; // anything at all
  private boolean stepQueued;
  private boolean ended; // the container has said so

  BodyReader(Exchange exchange, Quirks quirks, Funnel funnel, HttpServletRequest request) {
    this.exchange = exchange;
    this.quirks = quirks;
    this.funnel = funnel;
    this.request = request;
  }

  /** See {@code Carrier.readMore}. */
  void readMore() {
    wanted = true;
    if (in != null) {
      queueStep();
      return;
    }
    try {
      in = funnel.ifOpen(this::open, null);
    } catch (IOException | RuntimeException e) {
      // a filter in front has taken the stream, or the container will not give it
      exchange.post(() -> exchange.failed(e));
    }
  }

  private ServletInputStream open() throws IOException {
    var stream = request.getInputStream();
    stream.setReadListener(this); // its first callback starts the steps
    if (stream.isFinished()) {
      queueStep(); // Tomcat tells that only if the listener is set before service() returns
    }
    return stream;
  }

  @Override
  public void onDataAvailable() {
    exchange.post(this::queueStep);
  }

  @Override
  public void onAllDataRead() {
    exchange.post(
        () -> {
          ended = true;
          queueStep();
        });
  }

  @Override
  public void onError(Throwable failure) {
    exchange.post(() -> failed(failure));
  }

  private void failed(Throwable failure) {
    if (quirks.closesOnReadError()) {
      exchange.lost(failure);
    } else {
      exchange.bodyFailed(failure);
    }
  }

  private void queueStep() {
    if (!stepQueued) {
      stepQueued = true;
      exchange.post(this::step);
    }
  }

  private void step() {
    stepQueued = false;
    var stream = in;
    if (!wanted || stream == null) {
      return;
    }
    byte @Nullable [] piece;
    try {
      piece = ended ? null : funnel.ifOpen(() -> read(stream), NOTHING_YET);
    } catch (IOException | RuntimeException e) {
      exchange.post(() -> failed(e));
      return;
    }
    if (piece == null) {
      wanted = false;
      end();
    } else if (piece.length > 0) {
      wanted = false;
      received = true;
      exchange.bodyPiece(piece);
    }
  }

  /** An empty body in place of one that a filter in front has read would go unnoticed. */
  private void end() {
    byte[] form;
    try {
      form = received ? null : funnel.ifOpen(this::formAgain, null);
    } catch (RuntimeException e) {
      exchange.failed(e);
      return;
    }
    if (form != null) {
      received = true;
      exchange.bodyPiece(form);
    } else {
      exchange.bodyArrived(
          funnel.ifOpen(() -> Trailers.of(request, exchange.deployed()), new HTTPHeaders()));
    }
  }

  private byte @Nullable [] formAgain() {
    return FormAgain.body(request, exchange.head().contentLength());
  }

  /** A piece, nothing as long as none is there, or null at the end. */
  private byte @Nullable [] read(ServletInputStream in) throws IOException {
    if (in.isFinished()) {
      return null;
    }
    if (!in.isReady()) {
      return NOTHING_YET; // onDataAvailable or onAllDataRead comes
    }
    byte[] buffer = BUFFER.get(exchange.loop());
    int length = in.read(buffer);
    return length < 0 ? null : Arrays.copyOf(buffer, length);
  }
}
