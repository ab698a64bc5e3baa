// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.Context;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.iostream.IOStream;
import org.waterspout.iostream.StreamReader;
import org.waterspout.log.Log;

/**
 * The life of one connection to an HTTP/1 server: its requests, one after the other. Tornado:
 * {@code HTTP1ServerConnection}.
 *
 * <p>Bytes are parsed in {@link #received}, which enters no user code; the delegate is called from
 * {@link #proceed}, see {@link Phase}. While it waits, the bytes behind its request stay with the
 * stream. After each call the state is looked at anew: all may have changed. Confined to the loop.
 */
final class HTTP1ServerConnection
    implements StreamReader, OpenConnection, DelegateCalls.Caller<HTTP1Connection> {
  private final IOStream stream;
  private final ConnectionContext context;
  private final IOLoop loop;
  private final Context root;
  private final HTTPServerConnectionDelegate delegate;
  private final HTTPServerOptions options;
  private final ServerConnections siblings;
  private final AnswerOutput output;
  private final ConnectionClock clock;
  private final RequestReader reader;
  private final Object identity = new Object(); // delegates may keep it for longer than this lives

  private Phase phase = Phase.HEAD;
  private @Nullable HTTP1Connection exchange; // null: no request is under way

  HTTP1ServerConnection(
      IOStream stream,
      ConnectionContext context,
      HTTPServerConnectionDelegate delegate,
      HTTPServerOptions options,
      ServerConnections siblings) {
    this.stream = stream;
    this.context = context;
    this.loop = siblings.loop();
    this.root = siblings.root();
    this.delegate = delegate;
    this.options = options;
    this.siblings = siblings;
    LoopBuffers buffers = LoopBuffers.OF.get(loop);
    this.output = new AnswerOutput(this, buffers, siblings.tally());
    this.reader = new RequestReader(options, buffers.lines());
    this.clock = new ConnectionClock(stream, options);
  }

  /** Begins to serve. */
  void start() {
    siblings.add(this);
    siblings.tally().connectionOpened();
    clock.awaitHead();
    stream.startReading(this);
  }

  @Override
  public IOLoop loop() {
    return loop;
  }

  ConnectionContext context() {
    return context;
  }

  IOStream stream() {
    return stream;
  }

  HTTPServerOptions options() {
    return options;
  }

  AnswerOutput output() {
    return output;
  }

  @Nullable HTTP1Connection exchange() {
    return exchange;
  }

  /** Outside of any request's context. From any thread. */
  @Override
  public void post(Runnable task) {
    root.execute(task);
  }

  ConnectionClock clock() {
    return clock;
  }

  ServerConnections siblings() {
    return siblings;
  }

  // Bytes.

  @Override
  public boolean received(ByteBuffer in) {
    int start = in.position();
    boolean found =
        switch (phase) {
          case HEAD -> readHead(in);
          case BODY -> readBody(in);
          case CALLING, ANSWERING, LEAVING, LINGERING, CLOSED -> {
            phase = phase == Phase.LEAVING ? Phase.LINGERING : phase;
            in.position(in.limit());
            yield false;
          }
        };
    siblings.tally().received(in.position() - start);
    output.inputWaits(in.hasRemaining());
    return found;
  }

  private boolean readHead(ByteBuffer in) {
    boolean idle = !reader.headBegun();
    boolean found = reader.readHead(in);
    if (!found && idle && reader.headBegun()) {
      clock.awaitHead();
    }
    if (!found) {
      output.flushLater();
    }
    return found;
  }

  private boolean readBody(ByteBuffer in) {
    clock.awaitProgress();
    return reader.readBody(in);
  }

  @Override
  public boolean inputEnded() {
    return exchange != null && exchange.halfCloseAllowed() && phase != Phase.BODY;
  }

  @Override
  public void proceed() {
    HTTPInputException refused = reader.takeRefusal();
    RequestHead head = reader.takeHead();
    if (refused != null && (phase == Phase.HEAD || phase == Phase.BODY)) {
      refuse(refused);
    } else if (phase == Phase.HEAD && head != null) {
      begin(head);
    } else if (phase == Phase.BODY && exchange != null) {
      deliver(exchange);
    }
  }

  // One request.

  private void begin(RequestHead head) {
    var current = new HTTP1Connection(this, head);
    exchange = current;
    siblings.tally().requestBegun();
    output.flushLater();
    clock.limitBody(current.requestComplete() ? Duration.ZERO : options.bodyTimeout());
    call(current, () -> current.startRequest(identity, delegate), () -> readBody(current));
  }

  private void readBody(HTTP1Connection current) {
    if (current.requestComplete()) {
      deliverEnd(current);
      return;
    }
    try {
      reader.expectBody(current.head().bodyLength(), current.maxBodySize());
    } catch (HTTPInputException e) {
      refuse(e);
      return;
    }
    current.sendContinue();
    readOn();
  }

  private void readOn() {
    phase = Phase.BODY;
    clock.awaitProgress();
    stream.resumeReading();
  }

  private void deliver(HTTP1Connection current) {
    byte[] piece = reader.takePiece();
    if (piece == null) {
      deliverTrailers(current);
    } else {
      call(current, () -> current.receiver().dataReceived(piece), () -> afterPiece(current));
    }
  }

  private void afterPiece(HTTP1Connection current) {
    if (reader.bodyFinished()) {
      deliverTrailers(current);
    } else if (reader.inflateMore()) {
      phase = Phase.BODY;
      post(this::proceed);
    } else {
      readOn();
    }
  }

  private void deliverTrailers(HTTP1Connection current) {
    HTTPHeaders trailers = reader.trailers();
    if (trailers.isEmpty()) {
      deliverEnd(current);
    } else {
      call(current, () -> current.trailersReceived(trailers), () -> deliverEnd(current));
    }
  }

  private void deliverEnd(HTTP1Connection current) {
    reader.endBody();
    phase = Phase.ANSWERING;
    clock.clear();
    current.requestIsComplete();
    try {
      current.receiver().finish();
    } catch (Throwable e) {
      failed(current, e);
    }
  }

  private void call(
      HTTP1Connection current, Callable<@Nullable CompletionStage<?>> delegateCall, Runnable next) {
    phase = Phase.CALLING;
    clock.awaitNothing();
    DelegateCalls.run(this, current, delegateCall, next);
  }

  @Override
  public void ifStillCalled(HTTP1Connection current, Runnable next) {
    // An answer that did not wait for its request ends it, see afterAnswer.
    if (exchange == current && phase == Phase.CALLING && !current.answered()) {
      next.run();
    }
  }

  // The end of an answer.

  /** The exchange has written all of its answer, which leaves with the given future. */
  void answered(HTTP1Connection current, LoopFuture<Void> sent) {
    if (!current.requestComplete() && (phase == Phase.CALLING || phase == Phase.BODY)) {
      phase = Phase.ANSWERING; // nobody waits for the rest
      reader.endBody();
      clock.clear();
    }
    Stages.then(sent, root, () -> afterAnswer(current));
  }

  private void afterAnswer(HTTP1Connection current) {
    if (exchange != current) {
      return;
    }
    exchange = null;
    siblings.tally().requestAnswered(current);
    if (!current.requestComplete()) {
      takeNoMore(Phase.LINGERING);
    } else if (!current.keepAlive() || siblings.ending()) {
      leave();
    } else {
      phase = Phase.HEAD;
      clock.awaitRequest();
      stream.resumeReading();
    }
  }

  /** Closes the connection when all has left. With input unread, that would take it back. */
  private void leave() {
    output.flush();
    if (stream.inputWaits()) {
      takeNoMore(Phase.LINGERING);
    } else if (stream.writing()) {
      takeNoMore(Phase.LEAVING);
    } else {
      cut();
    }
  }

  private void takeNoMore(Phase next) {
    if (phase == Phase.CLOSED) {
      return;
    }
    phase = next;
    reader.endBody();
    clock.clear();
    stream.resumeReading();
    Stages.then(output.drain(), root, this::allHasLeft);
  }

  private void allHasLeft() {
    if (phase == Phase.LEAVING) {
      cut();
    } else if (phase == Phase.LINGERING) {
      clock.awaitEnd();
      stream.endOutput();
    }
  }

  // Trouble.

  /** Answers a message that breaks the protocol or a limit, where that is still possible. */
  private void refuse(HTTPInputException reason) {
    Failures.logRefusal(context, reason);
    endWithError(reason.status());
  }

  @Override
  public void failed(HTTP1Connection current, Throwable thrown) {
    Throwable reason = Stages.unwrap(thrown);
    boolean open = exchange == current && !current.answered();
    if (reason instanceof HTTPInputException refused && open) {
      refuse(refused);
      return;
    }
    boolean mistake = !Failures.isEndOf(stream, reason);
    if (mistake) {
      Log.APPLICATION.log(Level.ERROR, "Uncaught exception in " + current, Log.cleaned(reason));
    }
    if (open && mistake) {
      endWithError(500);
    } else if (open) {
      shutDown();
    }
    IOLoop.rethrowIfFatal(reason);
  }

  private void endWithError(int status) {
    HTTP1Connection current = exchange;
    if (current == null) {
      long sent = send(status, new ResponseEncoder(null, false));
      siblings.tally().refused(context, status, sent);
      return;
    }
    if (current.answered()) {
      return; // what it has not read is of no use, see answered
    }
    if (current.lent()) {
      phase = Phase.ANSWERING;
      current.refuseBorrower(status);
      clock.awaitProgress(); // to give the write side back
    } else if (current.encoder().started()) {
      cut();
    } else {
      refuse(current, status);
    }
    current.connectionLost();
  }

  /** Answers in place of the application, which has not begun to. */
  private void refuse(HTTP1Connection current, int status) {
    exchange = null;
    var _ = send(status, current.encoder());
    siblings.tally().requestAnswered(current);
  }

  private long send(int status, ResponseEncoder encoder) {
    encoder.refuseKeepAlive();
    long sentBefore = output.sent();
    var _ = output.write(ErrorAnswer.encode(status, encoder, output.out()));
    takeNoMore(Phase.LINGERING);
    return output.sent() - sentBefore;
  }

  /** The borrower of the write side is done with it. */
  void loanReturned(HTTP1Connection current, boolean broken) {
    if (exchange != current) {
      return;
    }
    if (broken) {
      shutDown();
      return;
    }
    int refusedWith = current.refusedWith();
    if (current.answered()) {
      answered(current, LoopFuture.done(loop));
    } else if (refusedWith != 0 && !current.encoder().started()) {
      refuse(current, refusedWith);
    } else {
      cut();
    }
  }

  // The end.

  /** Closes the connection so that the peer sees that an unfinished answer is unfinished. */
  void cut() {
    output.flush();
    boolean reset = exchange != null && exchange.needsReset();
    if (!end()) {
      return;
    }
    if (reset) {
      SocketEnd.reset(stream);
    } else {
      stream.close();
    }
  }

  @Override
  public void endWhenIdle() {
    if (phase == Phase.HEAD && !reader.headBegun()) {
      leave();
    }
  }

  @Override
  public void shutDown() {
    HTTP1Connection current = exchange;
    cut();
    if (current != null) {
      current.connectionLost();
    }
  }

  @Override
  public void closed() {
    HTTP1Connection current = exchange;
    if (end() && current != null) {
      current.connectionLost();
    }
  }

  /** Hands the stream over; see {@link HTTPConnection#detach}. */
  IOStream detach(HTTP1Connection current) {
    if (exchange != current || (phase != Phase.CALLING && phase != Phase.ANSWERING)) {
      throw new IllegalStateException("cannot detach from a connection in phase " + phase);
    }
    output.flush();
    exchange = null; // the new owner's
    siblings.tally().requestDetached();
    end();
    return stream;
  }

  private boolean end() {
    if (phase == Phase.CLOSED) {
      return false;
    }
    phase = Phase.CLOSED;
    if (exchange != null) {
      siblings.tally().requestLost(exchange);
    }
    exchange = null;
    reader.endBody();
    siblings.remove(this);
    siblings.tally().connectionClosed();
    post(() -> delegate.onClose(identity));
    return true;
  }

  // Time.

  @Override
  public boolean expired(long now) {
    return clock.inputIsLate(now) || outputStalls(now);
  }

  private boolean outputStalls(long now) {
    return (exchange == null || !exchange.lent()) && clock.outputStalls(now);
  }

  @Override
  public void expire() {
    long now = loop.time();
    if (phase == Phase.CLOSED || !expired(now) || reader.headFound()) {
      return; // or a head was found in time
    }
    if (outputStalls(now) || (exchange != null && exchange.refusedWith() != 0)) {
      Log.GENERAL.log(Level.INFO, "{0} cut: its answer does not move on", context.remoteIP());
      shutDown();
    } else if (phase == Phase.LINGERING) {
      cut();
    } else if (phase == Phase.HEAD && !reader.headBegun()) {
      leave();
    } else {
      clock.clear();
      refuse(new HTTPInputException(408, "the request took too long"));
    }
  }

  @Override
  public String toString() {
    return "HTTP1ServerConnection(" + context + ", " + phase + ")";
  }
}
