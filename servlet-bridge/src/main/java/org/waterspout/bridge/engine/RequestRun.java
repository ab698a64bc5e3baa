// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.upload.Spool;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.VirtualThreads;

/**
 * One request on its virtual thread: waits for its turn, runs filters and servlet, sees to errors.
 * The exchange is ended on every way out, unless it goes on as an {@link AsyncRun}.
 */
final class RequestRun implements Runnable {
  private final WebApp app;
  private final Exchange exchange;
  private final ReceivedHead head;
  private final RequestEnd end;

  RequestRun(WebApp app, Exchange exchange, ReceivedHead head) {
    this.app = app;
    this.exchange = exchange;
    this.head = head;
    this.end = new RequestEnd(app, exchange, head);
  }

  void start() {
    Thread thread = VirtualThreads.unstarted("servlet " + head.target().rawPath(), this);
    thread.setContextClassLoader(app.deployment().classLoader());
    app.running().add(thread, exchange::cut);
    thread.start();
  }

  @Override
  public void run() {
    try {
      AsyncRun async = runInTurn();
      if (async == null) {
        end.end(null);
      } else {
        async.goOn();
      }
    } finally {
      IOLoop.clearCurrent();
      app.running().remove(Thread.currentThread());
    }
  }

  /** Runs filters and servlet; returns what goes on behind them, or null if it is over. */
  private @Nullable AsyncRun runInTurn() {
    try {
      gatherBody();
      app.admission().awaitTurn();
    } catch (IOException e) {
      failed(e);
      return null;
    } catch (InterruptedException e) {
      exchange.abort();
      return null;
    }
    try {
      if (exchange.clientGone()) {
        exchange.abort();
        return null;
      }
      exchange.connection().loop().makeCurrent();
      return handle();
    } finally {
      app.admission().endTurn();
    }
  }

  /** If the mount wants it: before the turn, which so never waits for a slow sender. */
  private void gatherBody() throws IOException {
    int threshold = app.options().spoolThreshold();
    if (threshold >= 0 && !exchange.body().drained()) {
      exchange.body().gather(new Spool(threshold, app.context().temporaryFiles()));
    }
  }

  private void failed(IOException e) {
    if (e instanceof ClientGoneException || e instanceof InterruptedIOException) {
      exchange.abort();
    } else {
      answer500(e);
    }
  }

  /** There is no request that could be shown an error page. */
  private void answer500(Throwable failure) {
    end.log(failure);
    try {
      PlainAnswer.send(exchange.writes(), 500);
      exchange.body().fail(); // an answer that did not wait for its request ends it
    } catch (IOException e) {
      exchange.abort();
    }
  }

  private @Nullable AsyncRun handle() {
    Request request;
    try {
      request = new Request(app, exchange, head, end);
    } catch (Throwable e) {
      answer500(e);
      return null;
    }
    exchange.interruption().enter();
    try {
      service(request);
    } catch (Throwable e) {
      end.fail(e);
    } finally {
      exchange.interruption().leave();
    }
    AsyncRun async = request.async().run();
    if (async == null) {
      end.end(request);
    }
    return async;
  }

  private void service(Request request) throws InterruptedException {
    Response response = request.response();
    var errors = new ErrorHandling(app, exchange, request);
    try {
      app.events().requestInitialized(request);
      request.tracking().check();
      if (head.target().canonical().isPrivate()) {
        response.sendError(HttpServletResponse.SC_NOT_FOUND);
      } else {
        var match = request.match();
        app.routing()
            .chain(DispatcherType.REQUEST, match.servletName(), match.path(), request.async())
            .doFilter(request, response);
      }
      if (!request.async().started()) {
        errors.showRequested();
      }
    } catch (Throwable e) {
      AsyncRun async = request.async().run();
      if (async == null) {
        errors.show(e);
      } else {
        async.dispatchFailed(e);
      }
    }
  }
}
