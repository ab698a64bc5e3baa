// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

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

  /** A container with one servlet that supports asynchronous processing. */
  static ServletContainer.Builder async(Service service) {
    return async(ServletContainer.builder(), "s", service, "/*");
  }

  /** Adds a servlet that supports asynchronous processing. */
  static ServletContainer.Builder async(
      ServletContainer.Builder builder, String name, Service service, String... patterns) {
    return builder.servlet(
        name,
        servlet(service),
        registration -> {
          registration.addMapping(patterns);
          registration.setAsyncSupported(true);
        });
  }

  /** Waits until the dispatch that called startAsync has returned, which nobody tells. */
  static void awaitReturned(AsyncContext context) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (System.nanoTime() - end < 0) {
      try {
        context.setTimeout(context.getTimeout());
      } catch (IllegalStateException e) {
        return;
      }
      Thread.onSpinWait();
    }
    throw new AssertionError("the dispatch does not return");
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
