// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import java.util.Objects;

/**
 * The asynchronous processing of one request as the application has it in hand, the same object for
 * all its cycles. Safe for all threads.
 *
 * <p>A cycle: begun by startAsync; then {@code complete} or one {@code dispatch}, once the dispatch
 * that began it has returned, or at once if it has. After that everything throws
 * IllegalStateException until a dispatch begins another cycle.
 */
final class AsyncOperation implements AsyncContext {
  /** Servlet 6.1 section 2.3.3.3. */
  private static final long DEFAULT_TIMEOUT = 30_000;

  private final AsyncRun run;
  private final AsyncListeners listeners = new AsyncListeners(this);
  private volatile ServletRequest request;
  private volatile ServletResponse response;
  private volatile long timeout = DEFAULT_TIMEOUT;

  AsyncOperation(AsyncRun run, ServletRequest request, ServletResponse response) {
    this.run = run;
    this.request = request;
    this.response = response;
  }

  /** Begins another cycle. */
  void restart(ServletRequest givenRequest, ServletResponse givenResponse) {
    request = givenRequest;
    response = givenResponse;
    timeout = DEFAULT_TIMEOUT;
  }

  AsyncListeners listeners() {
    return listeners;
  }

  /** What the cycle was begun with, whatever state it is in. */
  ServletRequest givenRequest() {
    return request;
  }

  /** What the cycle was begun with, whatever state it is in. */
  ServletResponse givenResponse() {
    return response;
  }

  @Override
  public ServletRequest getRequest() {
    run.state().checkOpen("getRequest");
    return request;
  }

  @Override
  public ServletResponse getResponse() {
    run.state().checkOpen("getResponse");
    return response;
  }

  /** Wrappers of the engine's own do not count. */
  @Override
  public boolean hasOriginalRequestAndResponse() {
    ServletRequest innerRequest = request;
    while (innerRequest instanceof DispatchedRequest dispatched) {
      innerRequest = dispatched.getRequest();
    }
    ServletResponse innerResponse = response;
    while (innerResponse instanceof IncludedResponse included) {
      innerResponse = included.getResponse();
    }
    return !(innerRequest instanceof ServletRequestWrapper)
        && !(innerResponse instanceof ServletResponseWrapper);
  }

  @Override
  public void dispatch() {
    run.state().dispatch(run.dispatcher());
  }

  /** In the context of the request that startAsync was given, which may be another mount's. */
  @Override
  public void dispatch(String path) {
    run.state().dispatch(run.dispatcher(request.getServletContext(), path));
  }

  @Override
  public void dispatch(ServletContext context, String path) {
    run.state().dispatch(run.dispatcher(context, path));
  }

  @Override
  public void complete() {
    run.complete();
  }

  /** On a virtual thread with the application's class loader; it counts as no running request. */
  @Override
  public void start(Runnable task) {
    run.state().checkOpen("start");
    run.start(Objects.requireNonNull(task, "task"));
  }

  @Override
  public void addListener(AsyncListener listener) {
    addListener(listener, request, response);
  }

  @Override
  public void addListener(
      AsyncListener listener, ServletRequest suppliedRequest, ServletResponse suppliedResponse) {
    Objects.requireNonNull(listener, "listener");
    run.state().checkInDispatch("addListener");
    listeners.add(listener, suppliedRequest, suppliedResponse);
  }

  @Override
  public <T extends AsyncListener> T createListener(Class<T> type) throws ServletException {
    try {
      return type.getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new ServletException("createListener: " + type.getName() + " cannot be made", e);
    }
  }

  @Override
  public void setTimeout(long milliseconds) {
    run.state().checkInDispatch("setTimeout");
    timeout = milliseconds;
  }

  @Override
  public long getTimeout() {
    return timeout;
  }
}
