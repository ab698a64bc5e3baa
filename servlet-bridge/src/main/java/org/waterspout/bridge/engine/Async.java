// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpUpgradeHandler;
import org.jspecify.annotations.Nullable;

/**
 * What a request is asked about asynchronous processing and upgrades. Costs next to nothing as long
 * as nothing is begun.
 */
final class Async implements StreamCallbacks {
  private final WebApp app;
  private final Exchange exchange;
  private final Request request;
  private final RequestEnd end;

  /** The filter or servlet around the running code that cannot; null if all can. */
  private @Nullable String lacking;

  /** Null until startAsync. */
  private volatile @Nullable AsyncRun run;

  /** What the application has asked for; null if nothing. */
  private @Nullable Upgrade upgrade;

  Async(WebApp app, Exchange exchange, Request request, RequestEnd end) {
    this.app = app;
    this.exchange = exchange;
    this.request = request;
    this.end = end;
  }

  // ---- what the engine asks and does

  /** The asynchronous life of the request; null as long as none has begun. */
  @Nullable AsyncRun run() {
    return run;
  }

  /** What takes the place of the answer; null if nothing does. */
  @Nullable Upgrade upgrade() {
    Response response = request.response();
    boolean wanted = response.getStatus() == Response.SWITCHING && !response.headersSent();
    return wanted ? upgrade : null;
  }

  /** Enters a filter or servlet that does not support it; returns what {@link #leave} takes. */
  @Nullable String enterUnsupporting(String what) {
    String outside = lacking;
    lacking = what;
    return outside;
  }

  void leave(@Nullable String outside) {
    lacking = outside;
  }

  @Override
  public void checkListening(String call) {
    if (!started()) {
      throw new IllegalStateException(call + ": the request is not asynchronous");
    }
  }

  @Override
  public void due() {
    AsyncRun begun = run;
    if (begun != null) {
      begun.state().streamIsDue();
    }
  }

  @Override
  public void failed(Throwable reason) {
    AsyncRun begun = run;
    if (begun != null) {
      begun.state().fail(reason);
    }
  }

  // ---- what the application asks and does

  /** Whether the filters passed so far, and the servlet, all support it. */
  boolean supported() {
    return lacking == null;
  }

  boolean started() {
    AsyncRun begun = run;
    return begun != null && begun.state().started();
  }

  /** Begins it, with the request and the response as they came. */
  AsyncContext start() {
    return start(request, request.response());
  }

  /**
   * Begins it.
   *
   * @throws IllegalStateException if a filter or servlet around the caller does not support it, if
   *     it was begun before in this dispatch, or if the answer has ended
   */
  AsyncContext start(ServletRequest givenRequest, ServletResponse givenResponse) {
    if (lacking != null) {
      throw new IllegalStateException(
          "startAsync: " + lacking + " does not support asynchronous processing");
    }
    if (request.response().finished()) {
      throw new IllegalStateException("startAsync: the answer has ended");
    }
    AsyncRun begun = run;
    if (begun != null) {
      begun.restart(givenRequest, givenResponse);
      return begun.context();
    }
    begun = new AsyncRun(app, exchange, request, end, givenRequest, givenResponse);
    request.response().share();
    run = begun;
    exchange.watchedBy(begun);
    return begun.context();
  }

  /**
   * What was begun last.
   *
   * @throws IllegalStateException if nothing was
   */
  AsyncContext context() {
    AsyncRun begun = run;
    if (begun == null) {
      throw new IllegalStateException("getAsyncContext: startAsync has not been called");
    }
    return begun.context();
  }

  /**
   * Leaves HTTP when filters and servlet have returned.
   *
   * @throws IllegalStateException if the answer has begun, or the request is asynchronous
   * @throws ServletException as {@link Upgrade#to} says
   */
  <T extends HttpUpgradeHandler> T upgrade(Class<T> handlerClass) throws ServletException {
    Response response = request.response();
    if (response.isCommitted() || started() || upgrade != null) {
      throw new IllegalStateException("upgrade: the request is being answered otherwise");
    }
    Upgrade asked = Upgrade.to(handlerClass, app, exchange, request);
    response.leaveToUpgrade();
    upgrade = asked;
    return handlerClass.cast(asked.handler());
  }
}
