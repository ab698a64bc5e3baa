// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.mapping.RequestTarget;
import org.waterspout.bridge.mapping.SuspiciousPathException;
import org.waterspout.http.HTTPConnection;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPInputException;
import org.waterspout.http.HTTPMessageDelegate;
import org.waterspout.http.RequestStartLine;
import org.waterspout.http.StartLine;
import org.waterspout.http.WriteLoan;
import org.waterspout.ioloop.LoopFuture;

/**
 * The loop's side of one request: reads the path, hands the request to a virtual thread, feeds the
 * body to it. Nothing here waits and no servlet code runs here.
 */
final class Exchange implements HTTPMessageDelegate {
  private final WebApp app;
  private final Object serverConnection;
  private final HTTPConnection connection;
  private final Map<String, Object> tls;
  private final boolean encrypted;
  private final Body body;
  private volatile boolean clientGone;

  /** Fields behind the body, before its end is known; null where there are none. */
  private volatile @Nullable HTTPHeaders trailers;

  /** Set and read by the servlet's thread. */
  private boolean aborted;

  /** On the loop. */
  private boolean mayUpgrade;

  /** A request without a body, until it is complete; null before and after. On the loop. */
  private @Nullable RequestRun waiting;

  /** How the answer is written: null until the write side was lent or first needed. */
  private volatile @Nullable WriteLoan writes;

  /** The same where the write side is not lent; else null. */
  private volatile @Nullable PostedWrites posted;

  private final Interruption interruption = new Interruption();

  /** Told when the client goes; null unless the request is asynchronous. */
  private volatile @Nullable AsyncRun watching;

  Exchange(WebApp app, Object serverConnection, HTTPConnection connection) {
    this.app = app;
    this.serverConnection = serverConnection;
    this.connection = connection;
    this.tls = TLSAttributes.of(connection);
    this.encrypted = TLSAttributes.encrypted(connection);
    this.body = new Body(connection.loop(), app.options().limits().bodyBuffer());
  }

  @Override
  public @Nullable CompletionStage<?> headersReceived(StartLine startLine, HTTPHeaders headers) {
    var requestLine = (RequestStartLine) startLine;
    if (requestLine.method().equals("CONNECT")) {
      // Section 2.1.2: it is for proxies, and reaches no servlet. Its target has no path.
      body.discard();
      PlainAnswer.send(connection, 501, new HTTPHeaders());
      return null;
    }
    RequestTarget target;
    try {
      target = RequestTarget.parse(requestLine.target(), app.prefix());
    } catch (SuspiciousPathException e) {
      throw refused(e);
    }
    if (target.atContextRoot()) {
      body.discard();
      answer(302, "Location", rootLocation(target));
    } else if (app.admission().enter()) {
      admit(new RequestRun(app, this, new ReceivedHead(requestLine, headers, target)), headers);
    } else {
      body.discard();
      long seconds = app.options().limits().retryAfter().toSeconds();
      answer(503, "Retry-After", Long.toString(Math.max(1, seconds)));
    }
    return null;
  }

  static HTTPInputException refused(SuspiciousPathException e) {
    return new HTTPInputException("refused path: " + e.getMessage());
  }

  /**
   * Without a body the servlet starts when the request is known to be complete: a connection may
   * end with an answer that came before that.
   */
  private void admit(RequestRun run, HTTPHeaders headers) {
    mayUpgrade = headers.contains("Upgrade");
    if (app.options().clientLoss().allowHalfClose()) {
      connection.allowHalfClose();
    }
    String length = headers.get("Content-Length", "0");
    if (headers.contains("Transfer-Encoding") || !length.equals("0")) {
      handOver(run);
    } else {
      waiting = run;
    }
  }

  private void handOver(RequestRun run) {
    // Lent it could not leave HTTP.
    WriteLoan loan = mayUpgrade ? null : connection.lendWriteSide();
    writes = loan == null ? null : new SharedWrites(loan);
    run.start();
  }

  private String rootLocation(RequestTarget target) {
    String path = connection.contextPath() + target.rawPath() + "/";
    return target.query() == null ? path : path + "?" + target.query();
  }

  private void answer(int status, String header, String value) {
    var headers = new HTTPHeaders();
    headers.set(header, value);
    PlainAnswer.send(connection, status, headers);
  }

  @Override
  public @Nullable CompletionStage<?> dataReceived(byte[] chunk) {
    return body.offer(chunk);
  }

  @Override
  public void trailersReceived(HTTPHeaders trailers) {
    this.trailers = trailers;
  }

  @Override
  public void finish() {
    body.end();
    RequestRun complete = waiting;
    if (complete != null) {
      waiting = null;
      handOver(complete);
    }
  }

  @Override
  public void onConnectionClose() {
    clientGone = true;
    if (waiting != null) {
      waiting = null;
      app.admission().leave();
    }
    body.fail();
    PostedWrites blocked = posted;
    if (blocked != null) {
      blocked.fail();
    }
    if (app.options().clientLoss().interrupt()) {
      interruption.interrupt();
    }
    AsyncRun told = watching;
    if (told != null) {
      told.clientGone();
    }
  }

  Object serverConnection() {
    return serverConnection;
  }

  HTTPConnection connection() {
    return connection;
  }

  /** The attributes that requests have by TLS. */
  Map<String, Object> tls() {
    return tls;
  }

  /** As {@link TLSAttributes#encrypted} says. */
  boolean encrypted() {
    return encrypted;
  }

  Body body() {
    return body;
  }

  /** The fields behind the body; null where there are none, and before its end. */
  @Nullable HTTPHeaders trailers() {
    return trailers;
  }

  /** Told when filters and servlet run. */
  Interruption interruption() {
    return interruption;
  }

  /** Whether the client is known to have gone. From any thread. */
  boolean clientGone() {
    return clientGone;
  }

  /** On the servlet's thread: the request is asynchronous from now on. */
  void watchedBy(AsyncRun run) {
    watching = run;
    if (clientGone) {
      run.clientGone();
    }
  }

  /** On a thread of the servlet's: how the answer is written. */
  WriteLoan writes() throws IOException {
    WriteLoan known = writes;
    return known != null ? known : firstWrites();
  }

  private synchronized WriteLoan firstWrites() throws IOException {
    WriteLoan known = writes;
    if (known != null) {
      return known;
    }
    WriteLoan used = borrow();
    if (used instanceof PostedWrites poster) {
      posted = poster;
      if (clientGone) {
        poster.fail();
      }
    }
    known = new SharedWrites(used);
    writes = known;
    return known;
  }

  private WriteLoan borrow() throws IOException {
    try {
      return new LoopCall<WriteLoan>(connection.loop()).make(this::lend);
    } catch (ExecutionException e) {
      throw new IOException("the answer cannot be written", e.getCause());
    }
  }

  private CompletionStage<WriteLoan> lend() {
    WriteLoan loan = clientGone ? null : connection.lendWriteSide();
    return LoopFuture.completed(
        connection.loop(), loan != null ? loan : new PostedWrites(connection));
  }

  /** On the servlet's thread: cuts the exchange, however far it is. */
  void abort() {
    aborted = true;
    body.fail();
    WriteLoan known = writes;
    (known != null ? known : new PostedWrites(connection)).abort();
  }

  /** From any thread: cuts the connection, whatever the servlet's thread waits for. */
  void cut() {
    connection.loop().addCallback(connection::abort);
  }

  /** On the servlet's thread: whether it has been cut. */
  boolean aborted() {
    return aborted;
  }
}
