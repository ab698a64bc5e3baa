// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.VirtualThreads;
import org.waterspout.log.Log;

/**
 * A request from its first startAsync to its end, Servlet 6.1 section 2.3.3.3.
 *
 * <p>Everything that the container does for it, it does one after the other, on at most one thread:
 * the dispatch that began it, then what this says is next. When nothing is, the thread ends, and
 * whatever happens then starts another one. So callbacks never run at the same time, a parked
 * request holds no thread, and of complete, dispatch, timeout and failure the first one wins.
 *
 * <pre>
 *   DISPATCHING  filters and servlet run, and have begun nothing (more)
 *        | startAsync                                    | return: ENDED
 *   STARTED      they run, and it is begun
 *        | return
 *   WAITING      the application has the request
 *        | timeout, failure
 *   NOTIFYING    listeners, then the error page are told; unless they decide: COMPLETE
 *
 *   complete, dispatch in any of the last three: COMPLETE, DISPATCH; when the dispatch has returned
 *   COMPLETE     listeners are told: ENDED
 *   DISPATCH     DISPATCHING, with dispatcher type ASYNC
 * </pre>
 */
final class AsyncRun implements Runnable {
  private enum State {
    DISPATCHING,
    STARTED,
    WAITING,
    NOTIFYING,
    DISPATCH,
    COMPLETE,
    ENDED
  }

  private enum Step {
    DISPATCH,
    FAIL,
    TIME_OUT,
    END,
    PARK
  }

  private final WebApp app;
  private final Exchange exchange;
  private final Request request;
  private final RequestEnd end;
  private final ErrorHandling errors;
  private final AsyncOperation operation;

  // ---- guarded by this

  private State state = State.STARTED;

  /** Whether a thread of the container is at work. */
  private boolean running = true;

  /** Whether filters and servlet run on it. */
  private boolean inDispatch = true;

  /** Whether the dispatch that called startAsync last has returned. */
  private boolean returned;

  private boolean timedOut;

  /** What has come from outside and was not told yet; null if nothing has. */
  private @Nullable Throwable failure;

  /** Whether something from outside was told: it is, once. */
  private boolean failureTold;

  /** By the loop's clock; of no meaning unless timed. */
  private long deadline;

  private boolean timed;

  /** Where the container last dispatched to. */
  private Dispatcher target;

  /** STARTED, by the first startAsync of the request, on its thread. */
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
    this.target = new Dispatcher(app, request.match(), null);
    this.operation = new AsyncOperation(app, this, givenRequest, givenResponse);
  }

  AsyncOperation context() {
    return operation;
  }

  // ---- what the application calls

  /** startAsync within an asynchronous dispatch. */
  void restart(ServletRequest givenRequest, ServletResponse givenResponse) {
    synchronized (this) {
      if (state != State.DISPATCHING) {
        throw new IllegalStateException("startAsync: " + state());
      }
      state = State.STARTED;
      returned = false;
      timedOut = false;
      operation.restart(givenRequest, givenResponse);
    }
    operation.listeners().started();
  }

  /** As ServletRequest.isAsyncStarted says: a dispatch that runs does not see its end coming. */
  synchronized boolean started() {
    return switch (state) {
      case STARTED, WAITING, NOTIFYING -> true;
      case DISPATCH, COMPLETE -> inDispatch;
      case DISPATCHING, ENDED -> false;
    };
  }

  /** Refuses what comes after complete or dispatch. */
  synchronized void checkOpen(String call) {
    if (!isOpen()) {
      throw new IllegalStateException(call + ": " + state());
    }
  }

  /** Refuses what comes after the dispatch in which startAsync was called. */
  synchronized void checkInDispatch(String call) {
    if (returned || state == State.DISPATCHING) {
      throw new IllegalStateException(
          call + ": the dispatch that called startAsync has returned to the container");
    }
  }

  private boolean isOpen() {
    return state == State.STARTED || state == State.WAITING || state == State.NOTIFYING;
  }

  private String state() {
    return switch (state) {
      case DISPATCHING -> "startAsync was not called in this dispatch";
      case STARTED -> "startAsync was called before in this dispatch";
      case WAITING, NOTIFYING -> "not in a dispatch of the container";
      case DISPATCH -> "dispatch was called before";
      case COMPLETE, ENDED -> "the asynchronous processing is complete";
    };
  }

  void complete() {
    decide("complete", State.COMPLETE, null);
  }

  /** To where a dispatcher leads; null for where the request is. */
  void dispatch(@Nullable Dispatcher dispatcher) {
    decide("dispatch", State.DISPATCH, dispatcher != null ? dispatcher : ownDispatcher());
  }

  private synchronized void decide(String call, State decision, @Nullable Dispatcher dispatcher) {
    checkOpen(call);
    state = decision;
    if (dispatcher != null) {
      target = dispatcher;
    }
    wake();
  }

  /**
   * The dispatcher for a path, which may be relative to where the request is.
   *
   * @throws IllegalArgumentException if it leads nowhere
   */
  Dispatcher dispatcher(@Nullable String path) {
    Dispatcher found = app.routing().dispatcher(path, current().path());
    if (found == null) {
      throw new IllegalArgumentException("dispatch: the path leads nowhere");
    }
    return found;
  }

  /** To the URI of the request that startAsync was given, else to where the last one went. */
  private Dispatcher ownDispatcher() {
    ServletRequest given = operation.givenRequest();
    if (given.equals(request) || !(given instanceof HttpServletRequest http)) {
      return current();
    }
    String uri = http.getRequestURI();
    String context = request.getContextPath();
    if (uri.equals(request.getRequestURI()) || !uri.startsWith(context)) {
      return new Dispatcher(app, request.match(), null);
    }
    return dispatcher(uri.substring(context.length()));
  }

  private synchronized Dispatcher current() {
    return target;
  }

  /** On a thread of its own. What the task throws is logged. */
  void start(Runnable task) {
    thread(
        () -> {
          try {
            task.run();
          } catch (Throwable e) {
            Log.APPLICATION.log(
                Level.ERROR, "failed: AsyncContext.start of " + path(), Log.cleaned(e));
          }
        });
  }

  private String path() {
    return request.target().rawPath();
  }

  private void thread(Runnable task) {
    Thread thread =
        VirtualThreads.unstarted(
            "servlet " + path(),
            () -> {
              exchange.connection().loop().makeCurrent();
              try {
                task.run();
              } finally {
                IOLoop.clearCurrent();
                app.running().remove(Thread.currentThread());
              }
            });
    thread.setContextClassLoader(app.deployment().classLoader());
    app.running().add(thread);
    thread.start();
  }

  // ---- what comes from outside

  boolean isTimed() {
    return timed;
  }

  long deadline() {
    return deadline;
  }

  /** The time is over. On the loop. */
  synchronized void timeUp() {
    if (state == State.WAITING) {
      timedOut = true;
      wake();
    }
  }

  /** The client has gone. On the loop. */
  void clientGone() {
    fail(new ClientGoneException());
  }

  void applicationStops() {
    int seconds = (int) Math.max(1, app.options().limits().retryAfter().toSeconds());
    fail(new StoppingException(seconds));
  }

  private synchronized void fail(Throwable reason) {
    if (failure == null) {
      failure = reason;
      if (state == State.WAITING) {
        wake();
      }
    }
  }

  private void wake() {
    if (!running) {
      running = true;
      app.parked().remove(exchange.connection().loop(), this);
      thread(this);
    }
  }

  // ---- the container's thread

  @Override
  public void run() {
    goOn();
  }

  /** Does what is to be done until nothing is. On the thread of the dispatch that has returned. */
  void goOn() {
    try {
      Step step;
      do {
        step = next();
        perform(step);
      } while (step != Step.PARK && step != Step.END);
    } catch (Throwable e) {
      end.fail(e);
      end.end(request);
    }
  }

  private synchronized Step next() {
    inDispatch = false;
    returned = true;
    return switch (state) {
      case STARTED -> {
        state = State.WAITING;
        startClock();
        yield nextOfWaiting();
      }
      case WAITING -> nextOfWaiting();
      case DISPATCH -> {
        state = State.DISPATCHING;
        inDispatch = true;
        yield Step.DISPATCH;
      }
      case DISPATCHING, COMPLETE -> {
        state = State.ENDED;
        yield Step.END;
      }
      case NOTIFYING, ENDED -> throw new IllegalStateException("in state " + state);
    };
  }

  private void startClock() {
    long timeout = operation.getTimeout();
    timed = timeout > 0;
    if (timed) {
      long nanos = Math.min(timeout, Long.MAX_VALUE / 4_000_000) * 1_000_000;
      deadline = exchange.connection().loop().time() + nanos;
    }
  }

  private Step nextOfWaiting() {
    if (failure != null) {
      // Told once: if it goes on all the same, there is nothing to wait for any more.
      state = failureTold ? State.ENDED : State.NOTIFYING;
      Step step = failureTold ? Step.END : Step.FAIL;
      failureTold = true;
      return step;
    }
    if (timedOut) {
      state = State.NOTIFYING;
      return Step.TIME_OUT;
    }
    running = false;
    app.parked().add(exchange.connection().loop(), this);
    return Step.PARK;
  }

  private void perform(Step step) throws InterruptedException {
    switch (step) {
      case DISPATCH -> dispatchInTurn();
      case FAIL -> fails(outsideFailure());
      case TIME_OUT -> timesOut();
      case END -> ends();
      case PARK -> {}
    }
  }

  private void dispatchInTurn() throws InterruptedException {
    app.admission().awaitTurn();
    try {
      current().async(operation.givenRequest(), operation.givenResponse());
      if (!started()) {
        errors.showRequested();
      }
    } catch (Throwable e) {
      dispatchFailed(e);
    } finally {
      app.admission().endTurn();
    }
  }

  /** A dispatch of the container has ended with an exception. On its thread. */
  void dispatchFailed(Throwable thrown) {
    if (undoDecision()) {
      fails(thrown);
    } else {
      errors.show(thrown);
    }
  }

  /** Whether the application has not ended it: a dispatch that it asked for does not come. */
  private synchronized boolean undoDecision() {
    inDispatch = false;
    returned = true;
    if (state == State.COMPLETE) {
      return false;
    }
    state = State.NOTIFYING;
    return true;
  }

  private synchronized Throwable outsideFailure() {
    return failure != null ? failure : new ServletException("failed");
  }

  /** In state NOTIFYING. */
  private void fails(Throwable reason) {
    operation.listeners().failed(reason);
    if (isUndecided()) {
      errors.show(reason);
    }
    settle();
  }

  /** In state NOTIFYING. */
  private void timesOut() {
    operation.listeners().timedOut();
    if (isUndecided()) {
      errors.showTimeout();
    }
    settle();
  }

  private synchronized boolean isUndecided() {
    return state == State.NOTIFYING;
  }

  /** If neither a listener nor the error page has decided, the container does. */
  private synchronized void settle() {
    if (state == State.NOTIFYING) {
      state = State.COMPLETE;
    }
  }

  private void ends() {
    errors.showRequested();
    operation.listeners().completed();
    end.end(request);
  }
}
