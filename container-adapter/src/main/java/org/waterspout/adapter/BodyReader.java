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
 * sender is held back. Everything on the loop, but for {@link #open} and the container's three
 * callbacks, which wake it. The first of them reads what has come already, since it runs on the
 * thread that has just called the servlet.
 */
final class BodyReader implements ReadListener {
  private static final LoopLocal<byte[]> BUFFER = new LoopLocal<>(_ -> new byte[64 * 1024]);
  private static final byte[] NOTHING_YET = {};

  /** As much as that is read before anybody has asked for it. */
  private static final int AHEAD = 16 * 1024;

  /** What is read ahead. */
  private static final class Ahead {
    static final Ahead NOTHING = new Ahead(NOTHING_YET, false);

    final byte[] bytes;
    final boolean callComes; // from the container, when there is more

    private Ahead(byte[] bytes, boolean callComes) {
      this.bytes = bytes;
      this.callComes = callComes;
    }

    static Ahead of(ServletInputStream in, int most) throws IOException {
      byte[] buffer = new byte[most];
      int count = 0;
      while (count < most && !in.isFinished()) {
        if (!in.isReady()) {
          return new Ahead(Arrays.copyOf(buffer, count), true);
        }
        int length = in.read(buffer, count, most - count);
        if (length < 0) {
          break;
        }
        count += length;
      }
      return new Ahead(count == most ? buffer : Arrays.copyOf(buffer, count), false);
    }
  }

  private final Exchange exchange;
  private final Quirks quirks;
  private final Funnel funnel;
  private final HttpServletRequest request;
  private volatile boolean called; // back by the container
  private boolean awaitsCall; // until it comes the stream is not touched here
  private volatile @Nullable ServletInputStream in; // null until it is opened
  private byte[] ahead = NOTHING_YET; // read, and not asked for yet
  private boolean wanted; // a piece, or the end
  private boolean received; // anything at all
  private boolean stepQueued;
  private boolean ended;
  private boolean toldEnd; // by the container; Tomcat may say so when it has something left

  BodyReader(Exchange exchange, Quirks quirks, Funnel funnel, HttpServletRequest request) {
    this.exchange = exchange;
    this.quirks = quirks;
    this.funnel = funnel;
    this.request = request;
  }

  /**
   * Begins to read, in {@code service()}, unless that would tell the client to send a body that
   * nobody has asked for. Not where it comes in chunks: Tomcat 11 often closes the connection in
   * the place of our answer when it finds a broken one while its own thread is still in the
   * request.
   */
  void open() {
    var head = exchange.head();
    if (head.contentLength() > 0 && !head.headers().contains("Expect")) {
      try {
        var stream = listen();
        awaitsCall = !stream.isFinished(); // which Undertow would not tell
        in = stream;
      } catch (IOException | RuntimeException e) {
        // fails once more, and is told, when it is asked for
      }
    }
  }

  /** See {@code Carrier.readMore}. */
  void readMore() {
    wanted = true;
    if (in != null) {
      queueStep();
      return;
    }
    try {
      in = funnel.ifOpen(this::openLate, null);
    } catch (IOException | RuntimeException e) {
      // a filter in front has taken the stream, or the container will not give it
      exchange.post(() -> exchange.failed(e));
    }
  }

  /** Whether nothing of the request is left in the container. On the loop. */
  boolean atEnd() {
    return ended || !exchange.head().hasBody();
  }

  private ServletInputStream openLate() throws IOException {
    called = true; // nothing is read ahead
    var stream = listen();
    if (stream.isFinished()) {
      queueStep(); // Tomcat tells that only if the listener is set before service() returns
    }
    return stream;
  }

  private ServletInputStream listen() throws IOException {
    var stream = request.getInputStream();
    stream.setReadListener(this); // its first callback starts the steps
    return stream;
  }

  @Override
  public void onDataAvailable() {
    if (called) {
      exchange.post(() -> callCame(Ahead.NOTHING));
      return;
    }
    called = true;
    try {
      var first = readAhead();
      exchange.post(() -> callCame(first));
    } catch (IOException | RuntimeException e) {
      onError(e);
    }
  }

  private void callCame(Ahead first) {
    awaitsCall = first.callComes;
    if (first.bytes.length > 0) {
      ahead = first.bytes;
    }
    queueStep();
  }

  /** What has come; does not wait for the loop, which may touch it. */
  private Ahead readAhead() throws IOException {
    long length = exchange.head().contentLength();
    var stream = in;
    return stream == null
        ? Ahead.NOTHING
        : funnel.ifFree(() -> Ahead.of(stream, (int) Math.min(length, AHEAD)), Ahead.NOTHING);
  }

  @Override
  public void onAllDataRead() {
    exchange.post(
        () -> {
          awaitsCall = false;
          toldEnd = true;
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
    if (ahead.length > 0) {
      byte[] first = ahead;
      ahead = NOTHING_YET;
      deliver(first);
      return;
    }
    if (awaitsCall) {
      return;
    }
    byte @Nullable [] piece;
    try {
      piece = funnel.ifOpen(() -> read(stream), NOTHING_YET);
    } catch (IOException | RuntimeException e) {
      exchange.post(() -> failed(e));
      return;
    }
    if (piece == null) {
      wanted = false;
      end();
    } else if (piece.length > 0) {
      deliver(piece);
    }
  }

  private void deliver(byte[] piece) {
    wanted = false;
    received = true;
    exchange.bodyPiece(piece);
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
      ended = true;
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
      awaitsCall = !toldEnd; // onDataAvailable or onAllDataRead comes
      return toldEnd ? null : NOTHING_YET;
    }
    byte[] buffer = BUFFER.get(exchange.loop());
    int length = in.read(buffer);
    return length < 0 ? null : Arrays.copyOf(buffer, length);
  }
}
