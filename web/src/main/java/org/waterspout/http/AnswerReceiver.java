// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.io.EOFException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.Timeout;
import org.waterspout.iostream.IOStream;
import org.waterspout.iostream.StreamClosedException;
import org.waterspout.iostream.StreamReader;
import org.waterspout.log.Log;

/**
 * The reading side of a client's connection: its answers, one after the other.
 *
 * <pre>
 *   IDLE       no exchange is under way; whatever comes ends the connection
 *     |          begin
 *   HEAD       bytes of a head are awaited
 *     |          complete: informational and HEAD again, or headersReceived
 *   CALLING    a call of the delegate is parked, or what it returned is not complete
 *     |          there is a body
 *   BODY       bytes of the body are awaited; each piece goes through CALLING
 *     |          complete: finish
 *   SENDING    the answer is here, the request has not left: RFC 9110 section 7.5
 *     |          it has, or cannot, or nothing of it moves: finish
 *   IDLE again, or CLOSED, or DETACHED: somebody else has the stream
 * </pre>
 *
 * <p>Bytes are parsed in {@link #received}, which enters no user code; the delegate is called from
 * {@link #proceed}, in the context of its exchange. After each call of the delegate the state is
 * looked at anew. Confined to the loop.
 */
final class AnswerReceiver implements StreamReader, DelegateCalls.Caller<ClientExchange> {
  private enum Phase {
    IDLE,
    HEAD,
    CALLING,
    BODY,
    SENDING,
    CLOSED,
    DETACHED
  }

  private final IOStream stream;
  private final ResponseReader reader;
  private final Duration stallTimeout;
  private Phase phase = Phase.IDLE;
  private boolean unasked; // something has come while idle
  private boolean answered; // something has come since the last exchange was begun
  private @Nullable ClientExchange exchange; // null: none is under way
  private @Nullable Runnable idleClose; // null: nobody has to be told
  private @Nullable Timeout patience; // while SENDING

  AnswerReceiver(IOStream stream, HTTP1ClientOptions options) {
    this.stream = stream;
    this.stallTimeout = options.stallTimeout();
    this.reader = new ResponseReader(options, LoopBuffers.OF.get(stream.loop()).lines());
  }

  /** Begins to look after the connection. */
  void start() {
    // what is read for one exchange must not know the context of another one
    loop().rootContext().run(() -> stream.startReading(this));
  }

  @Override
  public IOLoop loop() {
    return stream.loop();
  }

  @Override
  public void post(Runnable task) {
    (exchange == null ? loop().rootContext() : exchange.context).execute(task);
  }

  /** Whether an exchange can begin: none is under way, and the peer is there and silent. */
  boolean idle() {
    boolean open = isOpen() && !stream.inputEnded();
    return phase == Phase.IDLE && open && !unasked && !stream.inputWaits();
  }

  /** Whether the stream is neither closed nor about to be. */
  private boolean isOpen() {
    return !stream.closed() && stream.error() == null;
  }

  /** Whether no exchange can ever begin, nor is one under way. */
  boolean ended() {
    return phase == Phase.CLOSED || (phase == Phase.IDLE && !idle());
  }

  /** What is under way; null if nothing is. */
  @Nullable ClientExchange exchange() {
    return exchange;
  }

  /** Whether there is a whole answer, whose request has not left. */
  boolean sending() {
    return phase == Phase.SENDING;
  }

  /** Whether a byte of an answer to the last request has come. */
  boolean answered() {
    return answered;
  }

  /** Awaits the answer to a request that is about to be sent. */
  void begin(ClientExchange begun) {
    exchange = begun;
    answered = false;
    idleClose = null;
    awaitHead();
  }

  /** Remembers whom to tell of the end of an idle connection. */
  void onIdleClose(Runnable callback) {
    if (phase == Phase.CLOSED) {
      post(callback);
    } else {
      idleClose = callback;
    }
  }

  // Bytes.

  @Override
  public boolean received(ByteBuffer in) {
    ClientExchange current = exchange;
    if (current != null && phase == Phase.HEAD) {
      answered = true;
      return reader.readHead(in);
    }
    if (current != null && phase == Phase.BODY) {
      boolean found = reader.readBody(in);
      current.consumed = reader.bodyConsumed();
      return found;
    }
    in.position(in.limit());
    unasked = true;
    return phase == Phase.IDLE || phase == Phase.SENDING;
  }

  /** What the server has said before it broke the connection: why it takes no more, say. */
  @Override
  public boolean takesAll() {
    return exchange != null;
  }

  @Override
  public void proceed() {
    ClientExchange current = exchange;
    if (current != null) {
      current.context.run(() -> proceed(current));
    } else if (phase == Phase.IDLE) {
      endIdle();
    }
  }

  private void proceed(ClientExchange current) {
    HTTPInputException refused = reader.takeRefusal();
    ResponseHead head = reader.takeHead();
    if (refused != null && (phase == Phase.HEAD || phase == Phase.BODY)) {
      fail(current, refused);
    } else if (phase == Phase.HEAD && head != null) {
      deliverHead(current, head);
    } else if (phase == Phase.BODY) {
      deliver(current);
    } else if (phase == Phase.SENDING) {
      endExchange(current); // it goes on talking
    }
  }

  // One answer.

  private void awaitHead() {
    phase = Phase.HEAD;
    readOn();
  }

  private void deliverHead(ClientExchange current, ResponseHead head) {
    ResponseStartLine line = head.startLine();
    HTTPHeaders headers = head.headers();
    long length;
    try {
      length = current.begin(head);
    } catch (HTTPInputException e) {
      fail(current, e);
      return;
    }
    if (head.interim()) {
      call(current, () -> current.receiver.informational(line, headers), this::awaitHead);
      return;
    }
    boolean whole = length != 0 && line.status() != 206; // a part cannot be inflated by itself
    boolean compressed = whole && current.decompress && ContentCoding.takeGzip(headers);
    if (compressed) {
      headers.remove("Content-Length");
    }
    call(
        current,
        () -> current.receiver.headersReceived(line, headers),
        () -> readBody(current, length, compressed));
  }

  private void readBody(ClientExchange current, long length, boolean compressed) {
    if (current.switched) {
      fail(current, new IllegalStateException("nobody has detached the stream"));
      return;
    }
    if (length == 0) {
      deliverEnd(current);
      return;
    }
    try {
      if (current.whole && !compressed && length > 0 && length <= WholeDecoder.LARGEST) {
        reader.expectWholeBody((int) length, current.maxBodySize);
      } else {
        reader.expectBody(length, current.maxBodySize, compressed);
      }
    } catch (HTTPInputException e) {
      fail(current, e);
      return;
    }
    phase = Phase.BODY;
    readOn();
  }

  private void readOn() {
    if (stream.closed()) {
      streamEnded();
    } else {
      stream.resumeReading();
    }
  }

  private void deliver(ClientExchange current) {
    byte[] piece = reader.takePiece();
    if (piece == null) {
      deliverTrailers(current);
    } else {
      call(current, () -> current.receiver.dataReceived(piece), () -> afterPiece(current));
    }
  }

  private void afterPiece(ClientExchange current) {
    if (reader.bodyFinished()) {
      deliverTrailers(current);
      return;
    }
    if (reader.inflateMore()) {
      post(() -> ifStillCalled(current, () -> deliverInflated(current)));
    } else {
      phase = Phase.BODY;
      readOn();
    }
  }

  private void deliverInflated(ClientExchange current) {
    phase = Phase.BODY;
    proceed(current);
  }

  private void deliverTrailers(ClientExchange current) {
    HTTPHeaders trailers = reader.trailers();
    if (trailers.isEmpty()) {
      deliverEnd(current);
      return;
    }
    call(
        current,
        () -> {
          current.receiver.trailersReceived(trailers);
          return null;
        },
        () -> deliverEnd(current));
  }

  private void deliverEnd(ClientExchange current) {
    reader.endBody();
    if (!current.sent() && current.isToBeSent() && isOpen()) {
      phase = Phase.SENDING;
      endWhenSent(current);
      endIfStalled(current);
      stream.resumeReading();
    } else {
      endExchange(current);
    }
  }

  /** Looks now and then whether something of the request has been written, or has left. */
  private void endIfStalled(ClientExchange current) {
    long queued = stream.writeQueueSize();
    int pieces = current.pieces;
    patience =
        loop()
            .callLater(
                stallTimeout,
                () -> {
                  if (queued == stream.writeQueueSize() && pieces == current.pieces) {
                    current.cut = true;
                    endSending(current);
                  } else {
                    endIfStalled(current);
                  }
                });
  }

  private void endPatience() {
    if (patience != null) {
      loop().removeTimeout(patience);
      patience = null;
    }
  }

  private void endExchange(ClientExchange current) {
    endPatience();
    exchange = null;
    phase = Phase.IDLE;
    if (current.sent() && current.keepAlive && idle()) {
      stream.resumeReading();
    } else {
      end();
    }
    try {
      current.receiver.finish();
    } catch (Throwable e) {
      failed(current, e);
    }
  }

  /** The request of the exchange has been written, or will not be. */
  void requestEnded(ClientExchange current) {
    if (phase == Phase.SENDING) {
      endWhenSent(current);
    }
  }

  private void endWhenSent(ClientExchange current) {
    if (current.cut) {
      endSending(current);
    } else if (current.requestSent != null) {
      var _ = current.requestSent.whenComplete((value, failure) -> endSending(current));
    }
  }

  private void endSending(ClientExchange current) {
    current.context.execute(
        () -> {
          if (exchange == current && phase == Phase.SENDING) {
            endExchange(current);
          }
        });
  }

  private void call(
      ClientExchange current, Callable<@Nullable CompletionStage<?>> delegateCall, Runnable next) {
    phase = Phase.CALLING;
    DelegateCalls.run(this, current, delegateCall, next);
  }

  @Override
  public void ifStillCalled(ClientExchange current, Runnable next) {
    if (exchange == current && phase == Phase.CALLING) {
      next.run();
    }
  }

  // The end.

  @Override
  public void failed(ClientExchange current, Throwable thrown) {
    Throwable reason = Stages.unwrap(thrown);
    if (exchange == current && phase == Phase.CALLING) {
      fail(current, reason);
    } else if (!Failures.isEndOf(stream, reason)) {
      Log.APPLICATION.log(
          Level.ERROR, "Uncaught exception behind an exchange", Log.cleaned(reason));
    }
    IOLoop.rethrowIfFatal(reason);
  }

  private void fail(ClientExchange current, Throwable reason) {
    end();
    current.context.run(() -> current.receiver.failed(reason));
  }

  /** The stream is closed, whoever closed it. */
  @Override
  public void closed() {
    ClientExchange current = exchange;
    if (phase == Phase.IDLE) {
      endIdle();
    } else if (current != null && phase == Phase.SENDING) {
      current.context.run(() -> endExchange(current)); // it has its answer
    } else if (current != null && (phase != Phase.CALLING || !canGoOn(current))) {
      current.context.run(this::streamEnded);
    }
  }

  /** Whether the connection is not needed for what is still to be delivered. */
  private boolean canGoOn(ClientExchange current) {
    return current.consumed || (current.endless && stream.inputEnded());
  }

  private void streamEnded() {
    ClientExchange current = Objects.requireNonNull(exchange, "exchange");
    try {
      if (phase == Phase.BODY && stream.inputEnded() && reader.inputEnded()) {
        deliverEnd(current);
        return;
      }
    } catch (HTTPInputException e) {
      fail(current, e);
      return;
    }
    fail(current, closedTooSoon());
  }

  /** Ends what no exchange can begin on. */
  StreamClosedException beginTooLate() {
    end();
    answered = false;
    return closedTooSoon();
  }

  private StreamClosedException closedTooSoon() {
    Throwable error = stream.error();
    return new StreamClosedException(
        error == null ? new EOFException("the connection ended before the answer did") : error);
  }

  private void endIdle() {
    end();
    Runnable told = idleClose;
    idleClose = null;
    if (told != null) {
      told.run();
    }
  }

  /** Closes the connection. Enters no user code. */
  void end() {
    if (phase == Phase.DETACHED) {
      return;
    }
    phase = Phase.CLOSED;
    endPatience();
    exchange = null;
    reader.endBody();
    stream.close();
  }

  /** Hands the stream over. */
  IOStream detach() {
    if (phase != Phase.CALLING || exchange == null || !exchange.switched) {
      throw new IllegalStateException("no protocol but HTTP is spoken here");
    }
    phase = Phase.DETACHED;
    exchange = null;
    return stream;
  }

  /** For logs. */
  @Override
  public String toString() {
    return "AnswerReceiver(" + phase + ")";
  }
}
