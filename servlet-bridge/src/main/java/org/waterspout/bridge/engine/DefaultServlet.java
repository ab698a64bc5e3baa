// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.FileNotFoundException;
import java.io.IOException;

/** Where paths end that no servlet is mapped to: there are no files yet that it could serve. */
final class DefaultServlet extends HttpServlet {
  static final String NAME = "default";

  private static final long serialVersionUID = 1L;

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (request.getDispatcherType() == DispatcherType.INCLUDE) {
      // Servlet 6.1 section 9.3.
      throw new FileNotFoundException("nothing is there to be included");
    }
    response.sendError(HttpServletResponse.SC_NOT_FOUND);
  }
}
