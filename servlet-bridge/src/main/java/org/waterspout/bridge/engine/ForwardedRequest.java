// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletMapping;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.mapping.ServletMatch;

/**
 * The request of a forward or an asynchronous dispatch, Servlet 6.1 sections 9.4 and 9.7: its path
 * is that of the target, where it was before stands in attributes. An error page is forwarded to
 * with GET.
 */
final class ForwardedRequest extends DispatchedRequest {
  private final ServletMatch match;
  private final @Nullable String query;
  private final String uri;

  ForwardedRequest(
      HttpServletRequest request,
      WebApp app,
      DispatcherType type,
      ServletMatch match,
      String uri,
      @Nullable String query) {
    super(request, app, type, query);
    this.match = match;
    this.query = query;
    this.uri = targetContextPath() + uri;
    if (type == DispatcherType.ASYNC) {
      putOriginal(Request.original(request));
    } else if (request.getAttribute(RequestDispatcher.FORWARD_REQUEST_URI) == null) {
      put(RequestDispatcher.FORWARD_REQUEST_URI, request.getRequestURI());
      put(RequestDispatcher.FORWARD_CONTEXT_PATH, request.getContextPath());
      put(RequestDispatcher.FORWARD_SERVLET_PATH, request.getServletPath());
      put(RequestDispatcher.FORWARD_PATH_INFO, request.getPathInfo());
      put(RequestDispatcher.FORWARD_QUERY_STRING, request.getQueryString());
      put(RequestDispatcher.FORWARD_MAPPING, request.getHttpServletMapping());
    }
    IncludedRequest.ATTRIBUTES.forEach(name -> put(name, null));
  }

  /** Servlet 6.1 section 9.7.2. */
  private void putOriginal(Request original) {
    put(AsyncContext.ASYNC_REQUEST_URI, original.getRequestURI());
    put(AsyncContext.ASYNC_CONTEXT_PATH, original.getContextPath());
    put(AsyncContext.ASYNC_SERVLET_PATH, original.getServletPath());
    put(AsyncContext.ASYNC_PATH_INFO, original.getPathInfo());
    put(AsyncContext.ASYNC_QUERY_STRING, original.getQueryString());
    put(AsyncContext.ASYNC_MAPPING, original.getHttpServletMapping());
  }

  /** Whether it is that of an asynchronous dispatch that adds no parameters and stays in place. */
  boolean isPlainAsync() {
    return getDispatcherType() == DispatcherType.ASYNC && query == null && crossing() == null;
  }

  @Override
  String currentPath() {
    return match.path();
  }

  @Override
  public String getMethod() {
    return getDispatcherType() == DispatcherType.ERROR ? "GET" : super.getMethod();
  }

  @Override
  public String getRequestURI() {
    return uri;
  }

  @Override
  public StringBuffer getRequestURL() {
    StringBuffer url = super.getRequestURL();
    url.setLength(url.length() - super.getRequestURI().length());
    return url.append(uri);
  }

  @Override
  public String getContextPath() {
    return targetContextPath();
  }

  @Override
  public String getServletPath() {
    return match.servletPath();
  }

  @Override
  public @Nullable String getPathInfo() {
    return match.pathInfo();
  }

  @Override
  public @Nullable String getPathTranslated() {
    return app().context().realPath(match.pathInfo());
  }

  @Override
  public @Nullable String getQueryString() {
    return query != null ? query : super.getQueryString();
  }

  @Override
  public HttpServletMapping getHttpServletMapping() {
    return match.mapping();
  }
}
