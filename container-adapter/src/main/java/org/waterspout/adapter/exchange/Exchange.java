// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.exchange;

import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.Capability;
import org.waterspout.http.ConnectionContext;
import org.waterspout.http.HTTPConnection;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPInputException;
import org.waterspout.http.HTTPOutputException;
import org.waterspout.http.HTTPServerConnectionDelegate;
import org.waterspout.http.HTTPStatus;
import org.waterspout.http.MissingCapabilityException;
import org.waterspout.http.ResponseStartLine;
import org.waterspout.http.UpgradedConnection;
import org.waterspout.http.WriteLoan;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.iostream.IOStream;
import org.waterspout.iostream.StreamClosedException;
import org.waterspout.log.Log;

/**
 * One exchange in a container, between the Application and what carries it there.
 *
 * <p>Life: made on the container's thread; {@link #begin} on the loop, and everything else there.
 * It is over, once, by {@link #answered}, {@link #left}, {@link #lost} or {@link #abort}, and but
 * for the second its {@link Carrier} is told. While a piece of the body is being received, none is
 * read; once the answer is finished or the exchange is over, none is delivered.
 */
public final class Exchange implements HTTPConnection {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
  private static final HTTPHeaders NO_TRAILERS = new HTTPHeaders();

  private final IOLoop loop;
  private final OpenExchanges all;
  private final Deployment deployment;
  private final RequestHead head;
  private final AnswerQueue answer;
  private final AnswerFraming framing;
  private final BodyProgress body;
  private final Receiver receiver;
  private @Nullable Carrier carrier; // null while it is made
  private String reason = ""; // of the answer's status
  private boolean refused; // by us: the rest of the exchange is not the delegate's
  private boolean over;
  private @Nullable WebSocketUpgrade webSocket; // null unless it becomes one

  /** One that has not begun, and needs a carrier first. */
  Exchange(OpenExchanges all, Deployment deployment, RequestHead head) {
    this.loop = all.loop();
    this.all = all;
    this.deployment = deployment;
    this.head = head;
    this.body = new BodyProgress(loop, all.limits().maxBodySize());
    this.answer = new AnswerQueue(loop);
    this.framing = new AnswerFraming(head);
    this.receiver = new Receiver(this, () -> !over && !answer.ended(), this::failed);
  }

  void carryBy(Carrier carrier) {
    this.carrier = carrier;
  }

  /** Runs a task on the loop, from the container's threads too. */
  public void post(Runnable task) {
    loop.addCallback(task);
  }

  /** What the carrier has to take. On the loop. */
  public AnswerQueue answer() {
    return answer;
  }

  /** Whether it was refused by us: its connection is to end. On the loop. */
  public boolean refused() {
    return refused;
  }

  /** Where it takes place. From any thread. */
  public Deployment deployed() {
    return deployment;
  }

  /** The reason phrase of the head that is being sent, for carriers that can. On the loop. */
  public String reason() {
    return reason;
  }

  /** What there is of the request before its body. From any thread. */
  public RequestHead head() {
    return head;
  }

  /** Delivers the request, as the last act of a callback. */
  void begin(HTTPServerConnectionDelegate application) {
    if (over) {
      return;
    }
    receiver.begin(application, this::headersReceived);
  }

  private void headersReceived() {
    if (!head.hasBody()) {
      requestArrived();
    } else if (head.contentLength() > body.most()) {
      refuseBody(head.contentLength());
    } else {
      readMore();
    }
  }

  private void readMore() {
    body.awaitPiece();
    all.watch();
    carrier().readMore();
  }

  /**
   * A piece of the body, one for each {@link Carrier#readMore}, as the last act of a callback.
   *
   * @param piece at least one byte; the receiver's own
   */
  public void bodyPiece(byte[] piece) {
    if (body.over()) {
      return;
    }
    if (body.take(piece.length)) {
      receiver.data(piece, this::readMore);
    } else {
      refuseBody(body.received());
    }
  }

  private void refuseBody(long size) {
    refuse(413, "a body of " + size + " bytes or more, where " + body.most() + " are allowed");
  }

  /** The end of the body, in the place of a piece, as the last act of a callback. */
  public void bodyArrived(HTTPHeaders trailers) {
    if (body.over()) {
      return;
    }
    body.end();
    if (trailers.isEmpty()) {
      requestArrived();
    } else {
      receiver.trailers(trailers, this::requestArrived);
    }
  }

  private void requestArrived() {
    body.removeDeadline();
    receiver.finish();
  }

  /**
   * The receiver of the request, or something on our side of the container, cannot go on: answered
   * with 500 if it still can be. As the last act of a callback.
   */
  public void failed(Throwable failure) {
    if (failure instanceof HTTPInputException refusal) {
      refuse(refusal.status(), refusal.getMessage());
      return;
    }
    if (over && failure instanceof StreamClosedException) {
      return; // that the client is gone has been told already
    }
    Log.APPLICATION.log(
        System.Logger.Level.ERROR,
        "uncaught exception in " + head.startLine().target(),
        Log.cleaned(failure));
    refuse(500, Log.cleaned(failure).toString());
    IOLoop.rethrowIfFatal(failure);
  }

  /**
   * The container could not read the body on. It may say that the client is gone when its chunk was
   * malformed (Jetty does), so there is an answer in any case. As the last act of a callback.
   */
  public void bodyFailed(Throwable failure) {
    if (body.over()) {
      return; // nobody wants it any more; who writes learns that the client is gone
    }
    refuse(failure instanceof TimeoutException ? 408 : 400, Log.cleaned(failure).toString());
  }

  /**
   * Answers with an error page of our own, or cuts an answer that has begun. The delegate is told,
   * even one that has failed: it may have threads that wait for the body. As the last act of a
   * callback.
   */
  private void refuse(int status, @Nullable String reason) {
    if (over || webSocket != null || answer.ended()) {
      return;
    }
    body.end();
    Refusals.log(head.startLine().method() + " " + head.startLine().target(), status, reason);
    if (framing.begun()) {
      abort();
    } else {
      sendErrorPage(status);
    }
    receiver.close();
  }

  private void sendErrorPage(int status) {
    refused = true;
    var page = ErrorPage.of(status);
    reason = HTTPStatus.reason(status);
    sendHeaders(status, page.headers());
    var bytes = page.body();
    framing.take(bytes);
    var _ = send(bytes);
    var _ = end(NO_TRAILERS);
  }

  @Override
  public LoopFuture<Void> writeHeaders(
      ResponseStartLine startLine, HTTPHeaders headers, @Nullable ByteBuffer chunk) {
    loop.checkOnLoop("HTTPConnection.writeHeaders");
    if (refused || (over && !framing.begun())) {
      return LoopFuture.failed(loop, new StreamClosedException(null));
    }
    framing.requireNoHead();
    reason = startLine.reason();
    sendHeaders(startLine.status(), headers);
    return write(chunk == null ? NOTHING.duplicate() : chunk);
  }

  /** Gives them to the container, which sends them with what comes next. */
  private void sendHeaders(int status, HTTPHeaders headers) {
    long length = AnswerHead.contentLength(status, headers);
    framing.begin(status, length);
    if (!over) {
      carrier().sendHead(status, headers, length);
    }
  }

  @Override
  public LoopFuture<Void> writeInformational(ResponseStartLine startLine, HTTPHeaders headers) {
    String method = "HTTPConnection.writeInformational";
    int status = startLine.status();
    deployment.require(Capability.INFORMATIONAL_ANSWERS, method);
    loop.checkOnLoop(method);
    if (status < 102 || status > 199) {
      throw new IllegalArgumentException(status + " is not sent before an answer");
    }
    if (refused || (over && !framing.begun())) {
      return LoopFuture.failed(loop, new StreamClosedException(null));
    }
    framing.requireNoHead();
    if (head.startLine().version().equals("HTTP/1.0")) {
      return LoopFuture.done(loop);
    }
    var sent = new LoopFuture<Void>(loop);
    carrier().sendInformational(status, headers, sent);
    return sent;
  }

  @Override
  public LoopFuture<Void> write(ByteBuffer chunk) {
    loop.checkOnLoop("HTTPConnection.write");
    if (refused || (over && !answer.ended())) {
      return LoopFuture.failed(loop, new StreamClosedException(null));
    }
    framing.requireOpen(answer.ended());
    try {
      framing.take(chunk);
    } catch (HTTPOutputException e) {
      abort();
      throw e;
    }
    return send(chunk);
  }

  private LoopFuture<Void> send(ByteBuffer bytes) {
    var taken = answer.add(bytes);
    all.watch();
    carrier().answerQueued();
    return taken;
  }

  @Override
  public LoopFuture<Void> finish() {
    return finishWith("HTTPConnection.finish", NO_TRAILERS);
  }

  @Override
  public LoopFuture<Void> finish(HTTPHeaders trailers) {
    String method = "HTTPConnection.finish(trailers)";
    deployment.require(Capability.RESPONSE_TRAILERS, method);
    return finishWith(method, trailers);
  }

  private LoopFuture<Void> finishWith(String method, HTTPHeaders trailers) {
    loop.checkOnLoop(method);
    if (refused || (over && !answer.ended())) {
      return LoopFuture.failed(loop, new StreamClosedException(null));
    }
    framing.requireOpen(answer.ended());
    HTTPHeaders sent;
    try {
      sent = framing.end(trailers);
    } catch (HTTPOutputException e) {
      abort();
      throw e;
    }
    body.end();
    return end(sent);
  }

  private LoopFuture<Void> end(HTTPHeaders trailers) {
    var taken = answer.end(trailers);
    carrier().answerQueued();
    return taken;
  }

  /** The container has taken all of the answer. As the last act of a callback. */
  public void answered() {
    if (endOnce()) {
      carrier().complete();
      answer.succeed();
    }
  }

  /**
   * A thread of the container writes the whole answer when it can, and completes it: {@link
   * #departed} or {@link #lost} then, and {@link Carrier#cut} if the client does not take it. On
   * the loop.
   */
  public void left() {
    if (endOnce()) {
      all.leave(carrier());
      answer.succeed();
    }
  }

  /** What was {@link #left} to the container is completed. From any thread. */
  public void departed() {
    var _ = all.departed(carrier());
  }

  /**
   * The client is gone, or the container gave up. As the last act of a callback.
   *
   * @param cause null if it is the web application that stops
   */
  public void lost(@Nullable Throwable cause) {
    if (all.departed(carrier())) {
      carrier().cut();
    } else if (breakOff(cause)) {
      receiver.close();
    }
  }

  @Override
  public void abort() {
    loop.checkOnLoop("HTTPConnection.abort");
    if (!refused) {
      var _ = breakOff(null);
    }
  }

  private boolean breakOff(@Nullable Throwable cause) {
    if (!endOnce()) {
      return false;
    }
    carrier().cut(); // completed, a half answer could pass for a whole one
    answer.fail(new StreamClosedException(cause));
    if (webSocket != null) {
      webSocket.end(new StreamClosedException(cause));
    }
    return true;
  }

  /** Whether the client has to do something before this goes on. */
  boolean waiting() {
    return !over && (body.awaited() || answer.waiting());
  }

  /** Whether it has waited for the client for longer than this, in nanoseconds. */
  boolean stalled(long now, long limit) {
    return waiting() && now - (answer.waiting() ? answer.movedAt() : body.awaitedSince()) > limit;
  }

  /** The client does not go on. As the last act of a callback. */
  void giveUp(Duration limit) {
    if (answer.waiting()) {
      lost(new TimeoutException("nothing of the answer was taken within " + limit));
    } else if (body.awaited()) {
      refuse(408, "nothing of the body came within " + limit);
    }
  }

  /** The loop has ended, and nobody else will end this exchange. From any thread. */
  void abandon() {
    carrier().abandon();
  }

  /** False if it is over already. */
  boolean endOnce() {
    if (over) {
      return false;
    }
    over = true;
    body.end();
    body.removeDeadline();
    all.remove(this);
    return true;
  }

  /** What moves it. From any thread, once it has begun. */
  public Carrier carrier() {
    return Objects.requireNonNull(carrier, "carrier");
  }

  @Override
  public IOLoop loop() {
    return loop;
  }

  @Override
  public ConnectionContext context() {
    return head.context();
  }

  @Override
  public String contextPath() {
    return head.contextPath();
  }

  @Override
  public List<X509Certificate> peerCertificates() {
    return head.peerCertificates();
  }

  @Override
  public Set<Capability> capabilities() {
    return deployment.capabilities();
  }

  @Override
  public String deployment() {
    return deployment.name();
  }

  @Override
  public void setMaxBodySize(long bytes) {
    loop.checkOnLoop("HTTPConnection.setMaxBodySize");
    body.setMost(bytes);
  }

  @Override
  public void setBodyTimeout(Duration timeout) {
    loop.checkOnLoop("HTTPConnection.setBodyTimeout");
    body.removeDeadline();
    if (head.hasBody() && !over) {
      body.setDeadline(timeout, () -> refuse(408, "no whole body within " + timeout));
    }
  }

  @Override
  public LoopFuture<UpgradedConnection> upgradeToWebSocket(
      HTTPHeaders headers, @Nullable String subprotocol, int maxMessageSize) {
    loop.checkOnLoop("HTTPConnection.upgradeToWebSocket");
    deployment.require(Capability.WEBSOCKET, "HTTPConnection.upgradeToWebSocket");
    framing.requireNoHead();
    if (over) {
      return LoopFuture.failed(loop, new StreamClosedException(null));
    }
    refused = true; // what could be answered is the carrier's
    body.end();
    body.removeDeadline();
    webSocket = new WebSocketUpgrade(this, all.limits(), headers, subprotocol, maxMessageSize);
    carrier().upgrade(webSocket);
    return webSocket.opening();
  }

  @Override
  public IOStream detach() {
    throw new MissingCapabilityException(
        Capability.DETACH, "HTTPConnection.detach", deployment.name());
  }

  @Override
  public @Nullable WriteLoan lendWriteSide() {
    return null;
  }
}
