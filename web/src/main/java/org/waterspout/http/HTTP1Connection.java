// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.iostream.IOStream;
import org.waterspout.iostream.SSLIOStream;
import org.waterspout.iostream.StreamClosedException;
import org.waterspout.iostream.StreamLoan;
import org.waterspout.text.Shown;

/**
 * One request and its answer on a connection of the native server. Tornado: {@code
 * HTTP1Connection}.
 *
 * <p>It is over when its answer has been finished, when it was cut, when its stream was detached or
 * when the peer has gone. What is written to it after the peer has gone fails with
 * StreamClosedException. Confined to the loop, except where {@link HTTPConnection} says otherwise
 * and for what {@link HTTP1WriteLoan} needs.
 */
final class HTTP1Connection implements HTTPConnection {
  private static final Set<Capability> ALL =
      Collections.unmodifiableSet(EnumSet.allOf(Capability.class));
  private static final Set<Capability> SECURE =
      Collections.unmodifiableSet(EnumSet.complementOf(EnumSet.of(Capability.WRITE_LOAN)));

  /** Up to this size it is cheaper to copy a piece than to write twice. */
  static final int COPIED = 16 * 1024;

  /** The same where nothing stands behind the piece, so that one call writes head and piece. */
  static final int COPIED_UNFRAMED = 2 * 1024;

  /** How much of a larger piece is copied, so that a chunk's end does not travel alone. */
  static final int TAIL = 1024;

  private @Nullable HTTP1ServerConnection connection; // null once it is detached
  private @Nullable ServerConnections siblings; // null until it is detached
  private final IOStream stream;
  private final RequestHead head;
  private final ConnectionContext context;
  private ResponseEncoder encoder; // a spent one once it is detached
  private final long begun;
  private final long sentBefore;
  private long maxBodySize;
  private volatile boolean requestComplete;
  private @Nullable HTTPMessageDelegate receiver; // null until startRequest has returned it
  private @Nullable HTTP1WriteLoan loan; // null: the write side is here
  private @Nullable LoopFuture<Void> lastWrite; // null: nothing was written
  private boolean continueWanted;
  private boolean answered;
  private boolean over; // cut, detached or lost
  private boolean lost; // the connection ended without this side's doing
  private boolean halfCloseAllowed; // the end of input is not taken for the peer's going
  private int refusedWith; // while lent: the status that the request has earned; 0: none

  HTTP1Connection(HTTP1ServerConnection connection, RequestHead head) {
    HTTPServerOptions options = connection.options();
    this.connection = connection;
    this.stream = connection.stream();
    this.head = head;
    this.context =
        options.xheaders()
            ? connection.context().forwarded(head.headers(), options.trustedDownstream())
            : connection.context();
    this.encoder = new ResponseEncoder(head, head.keepAlive() && !options.noKeepAlive());
    this.begun = options.accessLog() == null ? 0 : loop().time();
    this.sentBefore = connection.output().sent();
    this.maxBodySize = options.maxBodySize();
    this.requestComplete = head.bodyLength() == 0;
    this.continueWanted = head.expectsContinue();
  }

  @Override
  public IOLoop loop() {
    return stream.loop();
  }

  @Override
  public ConnectionContext context() {
    return context;
  }

  @Override
  public List<X509Certificate> peerCertificates() {
    return stream instanceof SSLIOStream secure ? PeerCertificates.of(secure.session()) : List.of();
  }

  @Override
  public @Nullable SSLSession sslSession() {
    return stream instanceof SSLIOStream secure ? secure.session() : null;
  }

  @Override
  public Set<Capability> capabilities() {
    return stream instanceof SSLIOStream ? SECURE : ALL;
  }

  @Override
  public String deployment() {
    return "native";
  }

  // The answer.

  @Override
  public LoopFuture<Void> writeHeaders(
      ResponseStartLine startLine, HTTPHeaders headers, @Nullable ByteBuffer chunk) {
    checkWritable("HTTPConnection.writeHeaders");
    if (over) {
      return gone();
    }
    prepareHead(startLine.status() < 300 && !continueWanted);
    OutBytes out = connection().output().out();
    int first = chunk == null ? 0 : chunk.remaining();
    encoder.head(startLine, headers, first, HTTPDate.now(), out);
    return send(out, chunk);
  }

  @Override
  public LoopFuture<Void> write(ByteBuffer chunk) {
    checkWritable("HTTPConnection.write");
    Objects.requireNonNull(chunk, "chunk");
    return over ? gone() : send(connection().output().out(), chunk);
  }

  @Override
  public @Nullable LoopFuture<Void> writeFile(FileChannel file, long position, int count) {
    checkWritable("HTTPConnection.writeFile");
    if (over) {
      return gone();
    }
    if (stream instanceof SSLIOStream || encoder.framesPieces()) {
      return null;
    }
    if (beforePiece(count, connection().output().out())) {
      lastWrite = connection().output().writeFile(file, position, count);
    }
    return handOut(lastWrite());
  }

  private LoopFuture<Void> send(OutBytes out, @Nullable ByteBuffer chunk) {
    int length = chunk == null ? 0 : chunk.remaining();
    boolean sent = beforePiece(length, out);
    if (chunk == null || !sent) {
      flush(out);
    } else if (length > COPIED || (length > COPIED_UNFRAMED && leavesAtOnce())) {
      sendLarge(out, chunk, length);
    } else {
      encoder.afterPiece(out.add(chunk));
      flush(out);
    }
    return handOut(lastWrite());
  }

  private boolean beforePiece(int length, OutBytes out) {
    try {
      return encoder.beforePiece(length, out);
    } catch (HTTPOutputException e) {
      abort();
      throw e;
    }
  }

  private boolean leavesAtOnce() {
    return !encoder.framesPieces() && !connection().output().holdsBack(this);
  }

  /** Without copying the piece; its last bytes leave with what comes behind them. */
  private void sendLarge(OutBytes out, ByteBuffer chunk, int length) {
    AnswerOutput output = connection().output();
    if (!encoder.framesPieces()) {
      lastWrite = output.write(out, chunk);
      return;
    }
    int start = chunk.position();
    lastWrite = output.write(out, chunk.slice(start, length - TAIL));
    out.clear();
    encoder.afterPiece(out.add(chunk.slice(start + length - TAIL, TAIL)));
    flush(out);
  }

  private void flush(OutBytes out) {
    if (!out.isEmpty()) {
      lastWrite = connection().output().write(this, out);
    }
  }

  private LoopFuture<Void> lastWrite() {
    return lastWrite == null ? LoopFuture.done(loop()) : lastWrite;
  }

  /** A caller may cancel what it gets or give it a time limit; the connection's own stays true. */
  private static LoopFuture<Void> handOut(LoopFuture<Void> written) {
    return written.isDone() ? written : (LoopFuture<Void>) written.copy();
  }

  @Override
  public LoopFuture<Void> writeInformational(ResponseStartLine startLine, HTTPHeaders headers) {
    checkWritable("HTTPConnection.writeInformational");
    if (over) {
      return gone();
    }
    OutBytes out = connection().output().out();
    encoder.informational(startLine, headers, out);
    flush(out);
    return handOut(lastWrite());
  }

  @Override
  public LoopFuture<Void> finish() {
    return finish(TrailerFields.NONE);
  }

  @Override
  public LoopFuture<Void> finish(HTTPHeaders trailers) {
    checkWritable("HTTPConnection.finish");
    if (over) {
      return gone();
    }
    OutBytes out = connection().output().out();
    try {
      encoder.end(trailers, out);
    } catch (HTTPOutputException e) {
      abort();
      throw e;
    }
    flush(out);
    answered = true;
    LoopFuture<Void> written = lastWrite();
    connection().answered(this, written);
    return handOut(written);
  }

  @Override
  public void abort() {
    loop().checkOnLoop("HTTPConnection.abort");
    if (!over && !answered) {
      over = true;
      connection().cut();
    }
  }

  private void checkWritable(String what) {
    loop().checkOnLoop(what);
    if (loan != null) {
      throw new IllegalStateException(what + " while the write side is lent");
    }
  }

  private LoopFuture<Void> gone() {
    return LoopFuture.failed(loop(), new StreamClosedException(stream.error()));
  }

  /**
   * The last answer ends the connection, and so does one that does not wait for its request.
   *
   * @param goesWithRequest whether it may be made of what still arrives: then its end tells whether
   *     all has. Not so if it refuses the request, or if the client waits for 100 (Continue) and
   *     may not send what it has announced
   */
  void prepareHead(boolean goesWithRequest) {
    if (connection().siblings().ending() || (!requestComplete && !goesWithRequest)) {
      encoder.refuseKeepAlive();
    }
  }

  // Limits, detaching, lending.

  @Override
  public void setMaxBodySize(long bytes) {
    loop().checkOnLoop("HTTPConnection.setMaxBodySize");
    if (bytes < 0) {
      throw new IllegalArgumentException("maxBodySize " + bytes + " is negative");
    }
    maxBodySize = bytes;
  }

  @Override
  public void setBodyTimeout(Duration timeout) {
    loop().checkOnLoop("HTTPConnection.setBodyTimeout");
    HTTPServerOptions.checkBodyTimeout(timeout);
    if (!requestComplete && !over) {
      connection().clock().limitBody(timeout);
    }
  }

  @Override
  public void allowHalfClose() {
    loop().checkOnLoop("HTTPConnection.allowHalfClose");
    halfCloseAllowed = true;
  }

  boolean halfCloseAllowed() {
    return halfCloseAllowed;
  }

  @Override
  public IOStream detach() {
    checkWritable("HTTPConnection.detach");
    if (over || encoder.started()) {
      throw new IllegalStateException("the exchange is answered or over");
    }
    IOStream detached = connection().detach(this);
    over = true;
    receiver = null;
    siblings = connection().siblings();
    connection = null; // whoever has the stream may keep the exchange for long
    encoder = ResponseEncoder.SPENT;
    head.headers().compact();
    return detached;
  }

  @Override
  public Runnable keep(Tenant tenant) {
    loop().checkOnLoop("HTTPConnection.keep");
    Objects.requireNonNull(tenant, "tenant");
    if (siblings == null) {
      throw new IllegalStateException("the stream has not been detached");
    }
    return siblings.keep(stream, tenant);
  }

  @Override
  public @Nullable WriteLoan lendWriteSide() {
    checkWritable("HTTPConnection.lendWriteSide");
    if (over || answered || head.bodyLength() > maxBodySize) { // the last is refused in a moment
      return null;
    }
    sendContinue(); // the borrower could not tell when the body is wanted
    connection().output().flush();
    StreamLoan lent = stream.lendWriteSide();
    if (lent == null) {
      return null;
    }
    loan = new HTTP1WriteLoan(this, encoder, lent, connection().options().stallTimeout());
    return loan;
  }

  private HTTP1ServerConnection connection() {
    return Objects.requireNonNull(connection, "connection");
  }

  // What the connection needs.

  RequestHead head() {
    return head;
  }

  ResponseEncoder encoder() {
    return encoder;
  }

  long maxBodySize() {
    return maxBodySize;
  }

  /** Whether the whole request has arrived. From any thread. */
  boolean requestComplete() {
    return requestComplete;
  }

  void requestIsComplete() {
    requestComplete = true;
  }

  /** Whether the whole answer has been written. */
  boolean answered() {
    return answered;
  }

  boolean keepAlive() {
    return encoder.keepAlive();
  }

  boolean lent() {
    return loan != null;
  }

  /** Whether only a reset tells the peer that the answer is not whole. */
  boolean needsReset() {
    return loan != null || encoder.endsWithConnection();
  }

  int refusedWith() {
    return refusedWith;
  }

  /** Finds out who receives the request, and gives him its head. Enters user code. */
  @Nullable CompletionStage<?> startRequest(
      Object serverConnection, HTTPServerConnectionDelegate delegate) throws Exception {
    HTTPMessageDelegate found = delegate.startRequest(serverConnection, this);
    receiver = Objects.requireNonNull(found, "startRequest returned null");
    if (lost) { // meanwhile
      found.onConnectionClose();
    }
    return over ? null : found.headersReceived(head.startLine(), head.headers());
  }

  HTTPMessageDelegate receiver() {
    return Objects.requireNonNull(receiver, "receiver");
  }

  /** Enters user code; there is nothing to wait for behind it. */
  @Nullable CompletionStage<?> trailersReceived(HTTPHeaders trailers) throws Exception {
    receiver().trailersReceived(trailers);
    return null;
  }

  /** The body is wanted: a peer that waits for being told so is told, once. */
  void sendContinue() {
    if (continueWanted && !encoder.started() && loan == null) {
      flush(connection().output().out().add("HTTP/1.1 100 Continue\r\n\r\n"));
    }
    continueWanted = false;
  }

  /** Whoever borrowed the write side has to give it back, for an answer with this status. */
  void refuseBorrower(int status) {
    refusedWith = status;
    if (loan != null) {
      loan.revoke();
    }
  }

  /**
   * The borrower has given the write side back.
   *
   * @param whole whether the answer was finished
   * @param broken whether the peer has gone meanwhile
   * @param sent how many bytes it has sent
   */
  void loanReturned(boolean whole, boolean broken, long sent) {
    connection().output().count(sent);
    loan = null;
    answered = whole;
    over |= !whole && !broken && refusedWith == 0;
    connection().loanReturned(this, broken);
  }

  /** The exchange cannot go on. Enters user code, at most once. */
  void connectionLost() {
    if (over || answered) {
      return;
    }
    over = true;
    lost = true;
    if (receiver != null) {
      receiver.onConnectionClose();
    }
  }

  /** For the access log, which there is, at the end of the exchange. */
  AccessLog.Entry entry(boolean whole) {
    return new AccessLog.Entry(
        head.startLine(),
        head.headers(),
        context,
        encoder.status(),
        connection().output().sent() - sentBefore,
        Duration.ofNanos(loop().time() - begun),
        whole);
  }

  /** For logs. */
  @Override
  public String toString() {
    RequestStartLine line = head.startLine();
    return line.method() + " " + Shown.quoted(line.target()) + " from " + context().remoteIP();
  }
}
