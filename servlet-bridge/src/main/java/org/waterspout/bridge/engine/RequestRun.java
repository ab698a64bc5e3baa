// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger.Level;
import org.waterspout.bridge.mapping.RequestTarget;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPOutputException;
import org.waterspout.http.RequestStartLine;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.VirtualThreads;
import org.waterspout.log.Log;

/**
 * One request on its virtual thread: waits for its turn, runs filters and servlet, sees to errors,
 * ends the answer. The exchange is finished or cut on every way out.
 */
final class RequestRun implements Runnable {
  private final WebApp app;
  private final Exchange exchange;
  private final RequestStartLine startLine;
  private final HTTPHeaders headers;
  private final RequestTarget target;

  RequestRun(
      WebApp app,
      Exchange exchange,
      RequestStartLine startLine,
      HTTPHeaders headers,
      RequestTarget target) {
    this.app = app;
    this.exchange = exchange;
    this.startLine = startLine;
    this.headers = headers;
    this.target = target;
  }

  void start() {
    Thread thread = VirtualThreads.unstarted("servlet " + target.rawPath(), this);
    thread.setContextClassLoader(app.deployment().classLoader());
    app.running().add(thread);
    thread.start();
  }

  @Override
  public void run() {
    try {
      app.admission().awaitTurn();
      try {
        if (exchange.clientGone()) {
          exchange.abort();
        } else {
          exchange.connection().loop().makeCurrent();
          handle();
        }
      } finally {
        app.admission().endTurn();
      }
    } catch (InterruptedException e) {
      exchange.abort();
    } finally {
      IOLoop.clearCurrent();
      exchange.body().discard();
      app.running().remove(Thread.currentThread());
      app.admission().leave();
    }
  }

  private void handle() {
    try {
      var request = new Request(app, exchange, startLine, headers, target);
      try {
        service(request);
      } finally {
        request.tracking().leave();
      }
    } catch (Throwable e) {
      Log.APPLICATION.log(
          Level.ERROR, "failed: " + startLine.method() + " " + target.rawPath(), Log.cleaned(e));
      exchange.abort();
    }
  }

  private void service(Request request) {
    Response response = request.response();
    var errors = new ErrorHandling(app, exchange, request);
    try {
      app.events().requestInitialized(request);
      if (target.canonical().isPrivate()) {
        response.sendError(HttpServletResponse.SC_NOT_FOUND);
      } else {
        var match = request.match();
        app.chain(DispatcherType.REQUEST, match.servletName(), match.path())
            .doFilter(request, response);
      }
      errors.showRequested();
    } catch (Throwable e) {
      errors.show(e);
    } finally {
      app.events().requestDestroyed(request);
    }
    if (!exchange.aborted()) {
      complete(response);
    }
  }

  private void complete(Response response) {
    try {
      response.complete();
      if (!response.finished()) {
        exchange.abort();
      }
    } catch (IOException e) {
      Log.GENERAL.log(
          Level.DEBUG, "not answered in full: {0}: {1}", target.rawPath(), Log.cleaned(e));
      exchange.abort();
    } catch (HTTPOutputException e) {
      Log.APPLICATION.log(Level.ERROR, "wrong length: " + target.rawPath(), Log.cleaned(e));
      exchange.abort();
    }
  }
}
