// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Servlets and filters from lambdas. */
final class Code {
  private Code() {}

  interface Service {
    void service(HttpServletRequest request, HttpServletResponse response) throws Exception;
  }

  interface Filtering {
    void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
        throws Exception;
  }

  /** A servlet for every method. */
  static HttpServlet servlet(Service service) {
    return new HttpServlet() {
      private static final long serialVersionUID = 1L;

      @Override
      protected void service(HttpServletRequest request, HttpServletResponse response)
          throws ServletException, IOException {
        run(() -> service.service(request, response));
      }
    };
  }

  static Filter filter(Filtering filtering) {
    return (request, response, chain) ->
        run(
            () ->
                filtering.filter(
                    (HttpServletRequest) request, (HttpServletResponse) response, chain));
  }

  private interface Task {
    void run() throws Exception;
  }

  private static void run(Task task) throws ServletException, IOException {
    try {
      task.run();
    } catch (ServletException | IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new ServletException(e);
    }
  }
}
