// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletResponse;
import org.waterspout.bridge.mapping.RequestTarget;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.RequestStartLine;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.VirtualThreads;

/**
 * One request on its virtual thread: waits for its turn, runs filters and servlet, sees to errors.
 * The exchange is ended on every way out.
 */
final class RequestRun implements Runnable {
  private final WebApp app;
  private final Exchange exchange;
  private final RequestStartLine startLine;
  private final HTTPHeaders headers;
  private final RequestTarget target;
  private final RequestEnd end;

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
    this.end = new RequestEnd(app, exchange, startLine, target);
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
      app.running().remove(Thread.currentThread());
      end.end(null);
    }
  }

  private void handle() {
    Request request;
    try {
      request = new Request(app, exchange, startLine, headers, target);
    } catch (Throwable e) {
      end.fail(e);
      return;
    }
    try {
      service(request);
    } catch (Throwable e) {
      end.fail(e);
    }
    end.end(request);
  }

  private void service(Request request) {
    Response response = request.response();
    var errors = new ErrorHandling(app, exchange, request);
    try {
      app.events().requestInitialized(request);
      request.tracking().check();
      if (target.canonical().isPrivate()) {
        response.sendError(HttpServletResponse.SC_NOT_FOUND);
      } else {
        var match = request.match();
        app.routing()
            .chain(DispatcherType.REQUEST, match.servletName(), match.path())
            .doFilter(request, response);
      }
      errors.showRequested();
    } catch (Throwable e) {
      errors.show(e);
    }
  }
}
