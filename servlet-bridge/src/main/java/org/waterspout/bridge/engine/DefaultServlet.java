// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.mapping.CanonicalPath;
import org.waterspout.bridge.resource.Resource;

/**
 * Where paths end that no servlet is mapped to: it answers with the files of the WAR and of its
 * libraries. Directories are not listed.
 */
final class DefaultServlet extends HttpServlet {
  static final String NAME = "default";

  private static final Set<String> PAGES = Set.of("jsp", "jspf", "jspx");
  private static final String METHODS = "GET, HEAD, OPTIONS";
  private static final long serialVersionUID = 1L;

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    boolean included = request.getDispatcherType() == DispatcherType.INCLUDE;
    String path = path(request, included);
    Resource resource = resources().find(path);
    if (resource == null
        || (resource.isDirectory() && (included || path.endsWith("/")))
        || (isPage(path) && !included)) {
      if (included) {
        // Section 9.3.
        throw new FileNotFoundException("nothing is there to be included: " + path);
      }
      response.sendError(HttpServletResponse.SC_NOT_FOUND);
    } else if (request.getDispatcherType() == DispatcherType.REQUEST
        && !isRead(request.getMethod())) {
      answerOtherMethods(request.getMethod(), response);
    } else if (resource.isDirectory()) {
      response.sendRedirect(response.encodeRedirectURL(withSlash(request, path)));
    } else {
      String type = getServletContext().getMimeType(path);
      new FileAnswer(resource, type, request, response).send();
    }
  }

  /** Of which nobody gets the source, even where another servlet than theirs is asked for them. */
  private static boolean isPage(String path) {
    String extension = path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return PAGES.contains(extension);
  }

  private ContextResources resources() {
    return ((AppContext) getServletContext()).resources();
  }

  /** That of the include, unless it is one by name. */
  private static String path(HttpServletRequest request, boolean included) {
    if (included
        && request.getAttribute(RequestDispatcher.INCLUDE_SERVLET_PATH)
            instanceof String servletPath) {
      Object info = request.getAttribute(RequestDispatcher.INCLUDE_PATH_INFO);
      return joined(servletPath, info instanceof String text ? text : null);
    }
    return joined(request.getServletPath(), request.getPathInfo());
  }

  private static String joined(String servletPath, @Nullable String pathInfo) {
    String path = pathInfo == null ? servletPath : servletPath + pathInfo;
    return path.isEmpty() ? "/" : path;
  }

  private static boolean isRead(String method) {
    return method.equals("GET") || method.equals("HEAD");
  }

  private static void answerOtherMethods(String method, HttpServletResponse response)
      throws IOException {
    response.setHeader("Allow", METHODS);
    if (!method.equals("OPTIONS")) {
      response.sendError(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
    }
  }

  /** Relative links of a welcome file are meant from inside its directory. */
  private static String withSlash(HttpServletRequest request, String path) {
    String url = request.getContextPath() + CanonicalPath.encode(path) + "/";
    String query = request.getQueryString();
    return query == null ? url : url + "?" + query;
  }
}
