// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.Capability;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPUtil;
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

  private final ServletConnection connection;
  private final Funnel funnel;
  private final HttpServletRequest request;
  private @Nullable ServletInputStream in; // null until started
  private long maxBodySize;
  private long announced; // -1 where it was not
  private long received;
  private boolean stepQueued;
  private boolean delivering;
  private boolean ended; // the container has said so
  private boolean stopped;

  BodyReader(
      ServletConnection connection, Funnel funnel, HttpServletRequest request, long maxBodySize) {
    this.connection = connection;
    this.funnel = funnel;
    this.request = request;
    this.maxBodySize = maxBodySize;
  }

  void setMaxBodySize(long bytes) {
    maxBodySize = bytes;
  }

  /** Begins to read. Before that the client has not been asked to send. */
  void start(long announcedLength) {
    announced = announcedLength;
    if (announcedLength > maxBodySize) {
      connection.refuseBody(announcedLength, maxBodySize);
      return;
    }
    try {
      in = funnel.ifOpen(this::open, null);
    } catch (IOException | RuntimeException e) {
      // a filter in front has taken the stream, or the container will not give it
      connection.post(() -> connection.receiverFailed(e));
    }
  }

  private ServletInputStream open() throws IOException {
    var stream = request.getInputStream();
    stream.setReadListener(this); // its first callback starts the steps
    return stream;
  }

  /** Nothing more is delivered. */
  void stop() {
    stopped = true;
  }

  @Override
  public void onDataAvailable() {
    connection.post(this::queueStep);
  }

  @Override
  public void onAllDataRead() {
    connection.post(
        () -> {
          ended = true;
          queueStep();
        });
  }

  @Override
  public void onError(Throwable failure) {
    connection.post(() -> connection.bodyFailed(failure));
  }

  private void queueStep() {
    if (!stepQueued) {
      stepQueued = true;
      connection.loop().addCallback(this::step);
    }
  }

  private void step() {
    stepQueued = false;
    var stream = in;
    if (stopped || delivering || stream == null) {
      return;
    }
    byte @Nullable [] piece;
    try {
      piece = ended ? null : funnel.ifOpen(() -> read(stream), NOTHING_YET);
    } catch (IOException | RuntimeException e) {
      connection.post(() -> connection.bodyFailed(e));
      return;
    }
    if (piece == null) {
      stop();
      end();
    } else if (piece.length > 0) {
      deliver(piece);
    }
  }

  /** An empty body in place of the announced one would go unnoticed. */
  private void end() {
    if (received == 0 && announced > 0) {
      connection.receiverFailed(
          new IllegalStateException(
              "a filter in front has read the body: getParameter, getPart or getInputStream"));
    } else {
      connection.bodyArrived(funnel.ifOpen(this::trailers, new HTTPHeaders()));
    }
  }

  /** Containers join several fields of a name, or keep one of them. */
  private HTTPHeaders trailers() {
    var trailers = new HTTPHeaders();
    if (connection.capabilities().contains(Capability.REQUEST_TRAILERS)
        && request.isTrailerFieldsReady()) {
      request.getTrailerFields().forEach((name, value) -> addIfAllowed(trailers, name, value));
    }
    return trailers;
  }

  private static void addIfAllowed(HTTPHeaders trailers, String name, String value) {
    if (HTTPUtil.isTrailer(name)) {
      trailers.add(name, RequestHead.oneCharacterPerByte(value));
    }
  }

  /** A piece, nothing as long as none is there, or null at the end. */
  private byte @Nullable [] read(ServletInputStream in) throws IOException {
    if (in.isFinished()) {
      return null;
    }
    if (!in.isReady()) {
      return NOTHING_YET; // onDataAvailable or onAllDataRead comes
    }
    byte[] buffer = BUFFER.get(connection.loop());
    int length = in.read(buffer);
    return length < 0 ? null : Arrays.copyOf(buffer, length);
  }

  private void deliver(byte[] piece) {
    received += piece.length;
    if (received > maxBodySize) {
      stop();
      connection.refuseBody(received, maxBodySize);
      return;
    }
    delivering = true;
    connection.bodyPiece(piece, this::delivered);
  }

  private void delivered() {
    delivering = false;
    queueStep();
  }
}
