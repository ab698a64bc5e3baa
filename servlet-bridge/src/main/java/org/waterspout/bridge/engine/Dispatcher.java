// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.mapping.ServletMatch;

/**
 * Forward, include and error dispatch to one target, Servlet 6.1 chapter 9. It wraps what it is
 * given, so that wrappers of the application stay in effect.
 */
final class Dispatcher implements RequestDispatcher {
  private final WebApp app;
  private final String servletName;
  private final @Nullable String query;

  /** Null for a dispatcher by name. */
  private final @Nullable ServletMatch match;

  /** What {@code getRequestURI} says behind the context path; empty for a dispatcher by name. */
  private final String uri;

  /** A dispatcher by path, which is also given as it is in a URI. */
  Dispatcher(WebApp app, ServletMatch match, String uri, @Nullable String query) {
    this.app = app;
    this.servletName = match.servletName();
    this.match = match;
    this.uri = uri;
    this.query = query;
  }

  /** A dispatcher by name. */
  Dispatcher(WebApp app, String servletName) {
    this.app = app;
    this.servletName = servletName;
    this.match = null;
    this.uri = "";
    this.query = null;
  }

  /** A dispatcher to where a request came first. */
  static Dispatcher back(WebApp app, Request request) {
    String uri = request.getRequestURI().substring(request.getContextPath().length());
    return new Dispatcher(app, request.match(), uri, null);
  }

  @Override
  public void forward(ServletRequest request, ServletResponse response)
      throws ServletException, IOException {
    if (response.isCommitted()) {
      throw new IllegalStateException("forward: the answer is committed");
    }
    response.resetBuffer();
    runOn(
        DispatcherType.FORWARD, request, response, http -> forwarded(DispatcherType.FORWARD, http));
    if (!request.isAsyncStarted()) {
      close(response);
    }
  }

  /** Dispatches to an error page. */
  void error(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    run(DispatcherType.ERROR, forwarded(DispatcherType.ERROR, request), response);
  }

  private HttpServletRequest forwarded(DispatcherType type, HttpServletRequest request) {
    return match == null
        ? new NamedRequest(request, app, type)
        : new ForwardedRequest(request, app, type, match, uri, query);
  }

  @Override
  public void include(ServletRequest request, ServletResponse response)
      throws ServletException, IOException {
    if (response instanceof HttpServletResponse http) {
      runOn(DispatcherType.INCLUDE, request, new IncludedResponse(http), this::included);
      return;
    }
    ServletResponseWrapper lowest = Wrapped.aroundHTTP(response);
    ServletResponse http = lowest.getResponse();
    lowest.setResponse(new IncludedResponse((HttpServletResponse) http));
    try {
      runOn(DispatcherType.INCLUDE, request, response, this::included);
    } finally {
      lowest.setResponse(http);
    }
  }

  private HttpServletRequest included(HttpServletRequest request) {
    return match == null
        ? new NamedRequest(request, app, DispatcherType.INCLUDE)
        : new IncludedRequest(request, app, match, uri, query);
  }

  /** Wrappers that are not HTTP's stay on top: the lowest has another request inside meanwhile. */
  private void runOn(
      DispatcherType type,
      ServletRequest request,
      ServletResponse response,
      UnaryOperator<HttpServletRequest> dispatched)
      throws ServletException, IOException {
    if (request instanceof HttpServletRequest http) {
      run(type, dispatched.apply(http), response);
      return;
    }
    ServletRequestWrapper lowest = Wrapped.aroundHTTP(request);
    var http = (HttpServletRequest) lowest.getRequest();
    lowest.setRequest(dispatched.apply(http));
    try {
      run(type, request, response);
    } finally {
      lowest.setRequest(http);
    }
  }

  /** The path in the context; empty for a dispatcher by name. */
  String path() {
    return match == null ? "" : match.path();
  }

  /** Dispatches an asynchronous request; it is legal after the commit. */
  void async(ServletRequest request, ServletResponse response)
      throws ServletException, IOException {
    if (request instanceof HttpServletRequest http) {
      run(DispatcherType.ASYNC, asynchronous(http), response);
      return;
    }
    ServletRequestWrapper lowest = Wrapped.aroundHTTP(request);
    lowest.setRequest(asynchronous((HttpServletRequest) lowest.getRequest()));
    run(DispatcherType.ASYNC, request, response);
  }

  private HttpServletRequest asynchronous(HttpServletRequest request) {
    HttpServletRequest inner = request;
    // Of dispatches one after the other only the last one counts, unless one has added parameters.
    while (inner instanceof ForwardedRequest former && former.isPlainAsync()) {
      inner = former.dispatched();
    }
    return match == null
        ? new NamedRequest(inner, app, DispatcherType.ASYNC)
        : new ForwardedRequest(inner, app, DispatcherType.ASYNC, match, uri, query);
  }

  private void run(DispatcherType type, ServletRequest request, ServletResponse response)
      throws ServletException, IOException {
    String path = match == null ? null : match.path();
    Request original = Request.original(request);
    Chain chain = app.routing().chain(type, servletName, path, original.async());
    Crossing crossing =
        type == DispatcherType.ASYNC ? Crossing.ofAsync(original, app) : crossing(request);
    if (crossing == null) {
      chain.doFilter(request, response);
    } else {
      crossing.run(chain, request, response);
    }
  }

  private static @Nullable Crossing crossing(ServletRequest request) {
    DispatchedRequest last = Wrapped.lastDispatch(request);
    return last == null ? null : last.crossing();
  }

  /** Through the wrappers, which may have buffered something themselves. */
  private static void close(ServletResponse response) throws IOException {
    // A writer that is asked for now would add its charset to an answer that has no body.
    boolean bytes = Wrapped.innermost(response) instanceof Response answer && !answer.bodyTaken();
    try {
      close(response, bytes);
    } catch (IllegalStateException e) {
      close(response, !bytes);
    }
  }

  private static void close(ServletResponse response, boolean bytes) throws IOException {
    if (bytes) {
      response.getOutputStream().close();
    } else {
      response.getWriter().close();
    }
  }
}
