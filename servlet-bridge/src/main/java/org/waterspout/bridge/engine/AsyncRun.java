// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.System.Logger.Level;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.VirtualThreads;
import org.waterspout.log.Log;

/**
 * A request from its first startAsync to its end: does what {@link AsyncState} says is next, first
 * on the thread of the dispatch that began it, then on a new one whenever there is something to do.
 * Parked it holds no thread and no turn, only its place; to complete a whole answer takes none.
 */
final class AsyncRun implements Runnable {
  private final WebApp app;
  private final Exchange exchange;
  private final Request request;
  private final RequestEnd end;
  private final ErrorHandling errors;
  private final AsyncOperation operation;
  private final AsyncState state;

  /** By the loop's clock; of no meaning unless timed. */
  private volatile long deadline;

  private volatile boolean timed;

  /** By the first startAsync of the request, on its thread. */
  @SuppressWarnings("this-escape") // to its own parts, which do nothing with it yet
  AsyncRun(
      WebApp app,
      Exchange exchange,
      Request request,
      RequestEnd end,
      ServletRequest givenRequest,
      ServletResponse givenResponse) {
    this.app = app;
    this.exchange = exchange;
    this.request = request;
    this.end = end;
    this.errors = new ErrorHandling(app, exchange, request);
    this.operation = new AsyncOperation(this, givenRequest, givenResponse);
    var dispatcher = Dispatcher.back(app, request);
    this.state = new AsyncState(this, request.body(), request.response().side(), dispatcher);
  }

  AsyncOperation context() {
    return operation;
  }

  AsyncState state() {
    return state;
  }

  // ---- what the application calls

  /** startAsync within an asynchronous dispatch. */
  void restart(ServletRequest givenRequest, ServletResponse givenResponse) {
    state.restart();
    operation.restart(givenRequest, givenResponse);
    operation.listeners().started();
  }

  /**
   * The dispatcher for a path in a context; in the request's own it may be relative to where that
   * is.
   *
   * @throws IllegalArgumentException if it leads nowhere
   */
  Dispatcher dispatcher(@Nullable ServletContext context, @Nullable String path) {
    RequestDispatcher found;
    if (app.context().equals(context)) {
      found = app.routing().dispatcher(path, state.target().path());
    } else {
      found = context == null ? null : context.getRequestDispatcher(path);
    }
    if (found instanceof Dispatcher own) {
      return own;
    }
    throw new IllegalArgumentException("dispatch: the path leads nowhere");
  }

  /** To the URI of the request that startAsync was given, else to where the last one went. */
  Dispatcher dispatcher() {
    ServletRequest given = operation.givenRequest();
    if (given.equals(request) || !(given instanceof HttpServletRequest http)) {
      return state.target();
    }
    String uri = http.getRequestURI();
    String context = http.getContextPath();
    if (uri.equals(request.getRequestURI()) || !uri.startsWith(context)) {
      return Dispatcher.back(app, request);
    }
    return dispatcher(http.getServletContext(), uri.substring(context.length()));
  }

  /** On any thread. One that has written the whole answer ends the request, too, if it can. */
  void complete() {
    if (state.complete()) {
      app.parked().remove(exchange.connection().loop(), this);
      end.end(request);
    }
  }

  /** Whether the end of the request is nobody's business: no listener's, session's or file's. */
  boolean leavesNothing() {
    return request.response().finished()
        && operation.listeners().isEmpty()
        && !app.events().areToldOfRequests()
        && request.leavesNothing();
  }

  /** On a thread of its own, for which {@code stop} does not wait. What it throws is logged. */
  void start(Runnable task) {
    thread(
        () -> {
          try {
            task.run();
          } catch (Throwable e) {
            log("AsyncContext.start", e);
          }
        });
  }

  private void log(String what, Throwable failure) {
    String path = request.target().rawPath();
    Log.APPLICATION.log(Level.ERROR, what + " failed: " + path, Log.cleaned(failure));
  }

  private void thread(Runnable task) {
    IOLoop loop = exchange.connection().loop();
    Thread thread =
        VirtualThreads.unstarted(
            "servlet " + request.target().rawPath(),
            () -> {
              loop.makeCurrent();
              try {
                task.run();
              } finally {
                IOLoop.clearCurrent();
                app.running().remove(Thread.currentThread());
              }
            });
    thread.setContextClassLoader(app.deployment().classLoader());
    app.running().add(thread, exchange::cut);
    thread.start();
  }

  // ---- waiting

  boolean isTimed() {
    return timed;
  }

  long deadline() {
    return deadline;
  }

  /** The time begins when the dispatch that called startAsync has returned. */
  void startClock() {
    long timeout = operation.getTimeout();
    timed = timeout > 0;
    if (timed) {
      long nanos = Math.min(timeout, Long.MAX_VALUE / 4_000_000) * 1_000_000;
      deadline = exchange.connection().loop().time() + nanos;
    }
  }

  void park() {
    app.parked().add(exchange.connection().loop(), this);
  }

  void unpark() {
    app.parked().remove(exchange.connection().loop(), this);
    thread(this);
  }

  void clientGone() {
    state.fail(new ClientGoneException());
  }

  void applicationStops() {
    int seconds = (int) Math.max(1, app.options().limits().retryAfter().toSeconds());
    state.fail(new StoppingException(seconds));
  }

  // ---- the container's thread

  @Override
  public void run() {
    goOn();
  }

  /** Does what is to be done until nothing is. On the thread of the dispatch that has returned. */
  void goOn() {
    try {
      AsyncState.Step step;
      do {
        step = state.next();
        perform(step);
      } while (step != AsyncState.Step.PARK && step != AsyncState.Step.END);
    } catch (Throwable e) {
      end.fail(e);
      end.end(request);
    }
  }

  private void perform(AsyncState.Step step) throws InterruptedException {
    switch (step) {
      case DISPATCH -> dispatch();
      case FAIL -> fail(state.failure());
      case TIME_OUT -> timeOut();
      case READ -> tellReader();
      case WRITE -> tellWriter();
      case END -> end();
      case PARK -> {}
    }
  }

  private void dispatch() throws InterruptedException {
    request.response().closeIfUnblocked();
    app.admission().awaitTurn();
    exchange.interruption().enter();
    try {
      state.target().async(operation.givenRequest(), operation.givenResponse());
      if (!state.started()) {
        errors.showRequested();
      }
    } catch (Throwable e) {
      dispatchFailed(e);
    } finally {
      exchange.interruption().leave();
      app.admission().endTurn();
    }
  }

  /** A dispatch of the container has ended with an exception. On its thread. */
  void dispatchFailed(Throwable thrown) throws InterruptedException {
    if (state.dispatchFailed()) {
      tellOfFailure(thrown);
    } else {
      errors.show(thrown);
    }
  }

  private void tellReader() throws InterruptedException {
    try {
      request.body().tell();
    } catch (Throwable e) {
      listenerFailed(e, request.body()::failed);
    }
  }

  private void tellWriter() throws InterruptedException {
    WriteSide side = request.response().side();
    try {
      side.tell();
    } catch (Throwable e) {
      listenerFailed(e, side::fail);
    }
  }

  /** What a listener of a stream throws, it is told; then it is as if a dispatch had thrown it. */
  private void listenerFailed(Throwable thrown, Consumer<Throwable> listener)
      throws InterruptedException {
    tell(listener, thrown);
    if (state.listenerFailed()) {
      tellOfFailure(thrown);
    } else {
      log("a listener of a stream", thrown);
    }
  }

  private void tell(Consumer<Throwable> listener, Throwable reason) {
    try {
      listener.accept(reason);
    } catch (Throwable e) {
      log("onError of a listener of a stream", e);
    }
  }

  private void fail(Throwable reason) throws InterruptedException {
    tell(request.body()::fail, reason);
    tell(request.response().side()::fail, reason);
    tellOfFailure(reason);
  }

  private void tellOfFailure(Throwable reason) throws InterruptedException {
    operation.listeners().failed(reason);
    if (state.undecided()) {
      request.response().side().block();
      errors.show(reason);
    }
    state.settle();
  }

  private void timeOut() throws InterruptedException {
    operation.listeners().timedOut();
    if (state.undecided()) {
      request.response().side().block();
      errors.showTimeout();
    }
    state.settle();
  }

  private void end() throws InterruptedException {
    Response response = request.response();
    if (response.requestedError() == null) {
      response.closeIfUnblocked();
    } else {
      response.side().block();
    }
    errors.showRequested();
    operation.listeners().completed();
    end.end(request);
  }
}
