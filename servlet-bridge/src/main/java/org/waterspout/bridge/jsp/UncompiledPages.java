// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.jsp;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Stands where Jasper is missing: pages answer 501, and never with their source. */
final class UncompiledPages extends HttpServlet {
  private static final long serialVersionUID = 1L;

  private static final String MESSAGE =
      "This is a JSP page, and there is nothing to compile it: " + Jasper.ARTIFACT + " is missing";

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    if (request.getDispatcherType() == DispatcherType.INCLUDE) {
      throw new ServletException(
          request.getAttribute(RequestDispatcher.INCLUDE_SERVLET_PATH) + ": " + MESSAGE);
    }
    if (isMissing(request)) {
      response.sendError(HttpServletResponse.SC_NOT_FOUND);
    } else {
      response.sendError(HttpServletResponse.SC_NOT_IMPLEMENTED, MESSAGE);
    }
  }

  /** Of the page that is asked for; a page that a servlet is declared by is there. */
  private boolean isMissing(HttpServletRequest request) throws IOException {
    String info = request.getPathInfo();
    String path = request.getServletPath() + (info == null ? "" : info);
    return getInitParameter(Jasper.FILE) == null && getServletContext().getResource(path) == null;
  }
}
