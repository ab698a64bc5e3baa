// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.Capability;
import org.waterspout.http.ConnectionContext;
import org.waterspout.http.HTTPConnection;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPInputException;
import org.waterspout.http.HTTPMessageDelegate;
import org.waterspout.http.HTTPOutputException;
import org.waterspout.http.HTTPServerConnectionDelegate;
import org.waterspout.http.MissingCapabilityException;
import org.waterspout.http.ResponseStartLine;
import org.waterspout.http.WriteLoan;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.ioloop.Timeout;
import org.waterspout.iostream.IOStream;
import org.waterspout.iostream.StreamClosedException;
import org.waterspout.log.Log;

/**
 * One exchange in a servlet container in async mode.
 *
 * <p>Life: made on the container's thread; {@link #begin} on the loop, and everything else there.
 * It is over, once, by {@link #answered}, {@link #lost} or {@link #abort}; each goes through the
 * {@link Funnel}. Request and response are touched by the reader, the writer and {@link
 * #writeHeaders} only, and only inside the funnel.
 */
final class ServletConnection implements HTTPConnection {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final IOLoop loop;
  private final Quirks quirks;
  private final RequestHead head;
  private final Consumer<ServletConnection> onOver;
  private final HttpServletResponse response;
  private final Funnel funnel;
  private final BodyReader reader;
  private final AnswerWriter writer;
  private @Nullable HTTPMessageDelegate delegate; // null until begun
  private @Nullable Timeout bodyTimeout; // null while none is set
  private long unwritten = AnswerHead.NO_LENGTH; // of the announced length
  private boolean headersWritten;
  private boolean refused; // by us: the rest of the exchange is not the delegate's
  private boolean receiverClosed;
  private boolean over;

  /**
   * An exchange that has just been made asynchronous.
   *
   * @param onOver told on the loop when the exchange is over
   */
  ServletConnection(
      IOLoop loop,
      Quirks quirks,
      RequestHead head,
      AsyncContext asyncContext,
      long maxBodySize,
      Consumer<ServletConnection> onOver) {
    this.loop = loop;
    this.quirks = quirks;
    this.head = head;
    this.onOver = onOver;
    this.response = (HttpServletResponse) asyncContext.getResponse();
    var request = (HttpServletRequest) asyncContext.getRequest();
    this.funnel = new Funnel(asyncContext, response, e -> post(() -> lost(e)));
    this.reader = new BodyReader(this, funnel, request, maxBodySize);
    this.writer = new AnswerWriter(this, funnel, response);
    asyncContext.addListener(funnel);
  }

  /** Runs a task on the loop, from the container's threads too. */
  void post(Runnable task) {
    loop.addCallback(task);
  }

  /** Delivers the request, as the last act of a callback. */
  void begin(HTTPServerConnectionDelegate application) {
    if (over) {
      return;
    }
    deliver(
        () -> {
          delegate = application.startRequest(this, this);
          return delegate.headersReceived(head.startLine(), head.headers());
        },
        this::headersReceived);
  }

  private void headersReceived() {
    if (head.hasBody()) {
      reader.start(head.contentLength());
    } else {
      requestArrived();
    }
  }

  void bodyPiece(byte[] piece, Runnable next) {
    deliver(() -> receiver().dataReceived(piece), next);
  }

  void bodyArrived(HTTPHeaders trailers) {
    if (trailers.isEmpty()) {
      requestArrived();
      return;
    }
    deliver(
        () -> {
          receiver().trailersReceived(trailers);
          return null;
        },
        this::requestArrived);
  }

  private void requestArrived() {
    cancelBodyTimeout();
    deliver(
        () -> {
          receiver().finish();
          return null;
        },
        () -> {});
  }

  /** Calls the delegate, and what is next when the stage that it returned is complete. */
  private void deliver(Callable<@Nullable CompletionStage<?>> call, Runnable next) {
    CompletionStage<?> stage;
    try {
      stage = call.call();
    } catch (Throwable e) {
      receiverFailed(e);
      return;
    }
    if (stage == null) {
      proceed(next);
      return;
    }
    var _ =
        LoopFuture.of(loop, stage)
            .whenComplete((_, failure) -> post(() -> released(failure, next)));
  }

  /** As a callback of its own: what is thrown in a dependent of a future stays in that future. */
  private void released(@Nullable Throwable failure, Runnable next) {
    if (failure == null) {
      proceed(next);
    } else {
      receiverFailed(failure);
    }
  }

  /** The delegate may have answered meanwhile: then nobody waits for the rest of the request. */
  private void proceed(Runnable next) {
    if (!over && !writer.ending()) {
      next.run();
    }
  }

  private HTTPMessageDelegate receiver() {
    if (delegate == null) {
      throw new IllegalStateException("not begun");
    }
    return delegate;
  }

  void receiverFailed(Throwable thrown) {
    Throwable failure =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
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
    refuse(HttpServletResponse.SC_INTERNAL_SERVER_ERROR, Log.cleaned(failure).toString());
    IOLoop.rethrowIfFatal(failure);
  }

  void refuseBody(long size, long limit) {
    refuse(413, "a body of " + size + " bytes or more, where " + limit + " are allowed");
  }

  /**
   * The container could not read the body on. It may say that the client is gone when its chunk was
   * malformed (Jetty does), so there is an answer in any case.
   */
  void bodyFailed(Throwable failure) {
    int status =
        failure instanceof TimeoutException
            ? HttpServletResponse.SC_REQUEST_TIMEOUT
            : HttpServletResponse.SC_BAD_REQUEST;
    refuse(status, Log.cleaned(failure).toString());
  }

  /**
   * Answers with an error page of our own, or cuts an answer that has begun. The delegate is told,
   * even one that has failed: it may have threads that wait for the body. As the last act of a
   * callback.
   */
  private void refuse(int status, @Nullable String reason) {
    if (over || writer.ending()) {
      return;
    }
    reader.stop();
    Log.GENERAL.log(
        System.Logger.Level.INFO,
        "{0} {1} refused with {2}: {3}",
        head.startLine().method(),
        head.startLine().target(),
        status,
        reason);
    if (headersWritten) {
      abort();
    } else {
      sendErrorPage(status);
    }
    closeReceiver();
  }

  private void sendErrorPage(int status) {
    refused = true;
    var page = ErrorPage.of(status);
    sendHeaders(status, page.headers());
    var _ = writer.write(isHead() ? NOTHING.duplicate() : page.body());
    var _ = writer.end();
  }

  @Override
  public LoopFuture<Void> writeHeaders(
      ResponseStartLine startLine, HTTPHeaders headers, @Nullable ByteBuffer chunk) {
    loop.checkOnLoop("HTTPConnection.writeHeaders");
    if (refused || (over && !headersWritten)) {
      return LoopFuture.failed(loop, closed(null));
    }
    if (headersWritten) {
      throw new IllegalStateException("headers were sent before");
    }
    int status = startLine.status();
    long length = sendHeaders(status, headers);
    if (status == HttpServletResponse.SC_NO_CONTENT
        || status == HttpServletResponse.SC_NOT_MODIFIED) {
      unwritten = 0;
    } else if (!isHead()) {
      unwritten = length;
    }
    return write(chunk == null ? NOTHING.duplicate() : chunk);
  }

  /** Gives them to the container, which sends them with what comes next. */
  private long sendHeaders(int status, HTTPHeaders headers) {
    long length = AnswerHead.contentLength(status, headers);
    headersWritten = true;
    var _ =
        funnel.ifOpen(
            () -> {
              AnswerHead.apply(response, status, headers, length);
              return true;
            },
            false);
    return length;
  }

  @Override
  public LoopFuture<Void> write(ByteBuffer chunk) {
    loop.checkOnLoop("HTTPConnection.write");
    if (refused || (over && !writer.ending())) {
      return LoopFuture.failed(loop, closed(null));
    }
    requireOpenAnswer();
    if (isHead()) {
      chunk.position(chunk.limit());
    } else if (unwritten != AnswerHead.NO_LENGTH) {
      if (chunk.remaining() > unwritten) {
        abort();
        throw new HTTPOutputException("more bytes written than Content-Length says");
      }
      unwritten -= chunk.remaining();
    }
    return writer.write(chunk);
  }

  private void requireOpenAnswer() {
    if (!headersWritten) {
      throw new IllegalStateException("no headers were sent");
    }
    if (writer.ending()) {
      throw new IllegalStateException("the answer is finished");
    }
  }

  @Override
  public LoopFuture<Void> finish() {
    loop.checkOnLoop("HTTPConnection.finish");
    if (refused || (over && !writer.ending())) {
      return LoopFuture.failed(loop, closed(null));
    }
    requireOpenAnswer();
    if (unwritten > 0) {
      abort();
      throw new HTTPOutputException(unwritten + " bytes fewer written than Content-Length says");
    }
    reader.stop();
    return writer.end();
  }

  /** The container has taken all of the answer. */
  void answered() {
    if (endOnce()) {
      funnel.complete();
      writer.succeed();
    }
  }

  /** The client is gone, or the container gave up. As the last act of a callback. */
  void lost(Throwable cause) {
    if (endOnce()) {
      funnel.cut(quirks.cut()); // completed, a half answer could pass for a whole one
      writer.fail(closed(cause));
      closeReceiver();
    }
  }

  @Override
  public void abort() {
    loop.checkOnLoop("HTTPConnection.abort");
    if (!refused) {
      cut();
    }
  }

  private void cut() {
    if (endOnce()) {
      funnel.cut(quirks.cut());
      writer.fail(closed(null));
    }
  }

  /** The web application stops: like a client that goes. As the last act of a callback. */
  void shutDown() {
    if (!over) {
      cut();
      closeReceiver();
    }
  }

  /** The loop has ended, and nobody else will end this exchange. From any thread. */
  void abandon() {
    funnel.cut(quirks.cut());
  }

  private boolean endOnce() {
    if (over) {
      return false;
    }
    over = true;
    reader.stop();
    cancelBodyTimeout();
    onOver.accept(this);
    return true;
  }

  private void closeReceiver() {
    if (delegate != null && !receiverClosed) {
      receiverClosed = true;
      delegate.onConnectionClose();
    }
  }

  private static StreamClosedException closed(@Nullable Throwable cause) {
    return new StreamClosedException(cause);
  }

  private boolean isHead() {
    return head.startLine().method().equals("HEAD");
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
    return quirks.capabilities();
  }

  @Override
  public String deployment() {
    return quirks.deployment();
  }

  @Override
  public void setMaxBodySize(long bytes) {
    loop.checkOnLoop("HTTPConnection.setMaxBodySize");
    if (bytes < 0) {
      throw new IllegalArgumentException("a body size of " + bytes);
    }
    reader.setMaxBodySize(bytes);
  }

  @Override
  public void setBodyTimeout(Duration timeout) {
    loop.checkOnLoop("HTTPConnection.setBodyTimeout");
    cancelBodyTimeout();
    if (head.hasBody() && !over) {
      bodyTimeout = loop.callLater(timeout, () -> refuse(408, "no whole body within " + timeout));
    }
  }

  private void cancelBodyTimeout() {
    if (bodyTimeout != null) {
      loop.removeTimeout(bodyTimeout);
      bodyTimeout = null;
    }
  }

  @Override
  public IOStream detach() {
    throw new MissingCapabilityException(
        Capability.DETACH, "HTTPConnection.detach", quirks.deployment());
  }

  @Override
  public @Nullable WriteLoan lendWriteSide() {
    return null;
  }
}
