// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.mapping.ServletMatch;

/**
 * The request of an include, Servlet 6.1 section 9.3: it keeps its path, that of the target stands
 * in attributes.
 */
final class IncludedRequest extends DispatchedRequest {
  static final List<String> ATTRIBUTES =
      List.of(
          RequestDispatcher.INCLUDE_REQUEST_URI,
          RequestDispatcher.INCLUDE_CONTEXT_PATH,
          RequestDispatcher.INCLUDE_SERVLET_PATH,
          RequestDispatcher.INCLUDE_PATH_INFO,
          RequestDispatcher.INCLUDE_QUERY_STRING,
          RequestDispatcher.INCLUDE_MAPPING);

  private final String path;

  IncludedRequest(
      HttpServletRequest request,
      WebApp app,
      ServletMatch match,
      String uri,
      @Nullable String query) {
    super(request, app, DispatcherType.INCLUDE, query);
    this.path = match.path();
    put(RequestDispatcher.INCLUDE_REQUEST_URI, targetContextPath() + uri);
    put(RequestDispatcher.INCLUDE_CONTEXT_PATH, targetContextPath());
    put(RequestDispatcher.INCLUDE_SERVLET_PATH, match.servletPath());
    put(RequestDispatcher.INCLUDE_PATH_INFO, match.pathInfo());
    put(RequestDispatcher.INCLUDE_QUERY_STRING, query);
    put(RequestDispatcher.INCLUDE_MAPPING, match.mapping());
  }

  @Override
  String currentPath() {
    return path;
  }
}
