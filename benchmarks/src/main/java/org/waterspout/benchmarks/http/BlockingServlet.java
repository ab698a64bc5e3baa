// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InterruptedIOException;

/** As servlets mostly are: the container's thread reads, answers and waits where it has to. */
final class BlockingServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (request.getRequestURI().equals(Workload.SLEEP.path())) {
      sleep();
    }
    answer(response, Workload.HELLO_BODY);
  }

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    answer(response, request.getInputStream().readAllBytes());
  }

  private static void sleep() throws InterruptedIOException {
    try {
      Thread.sleep(10);
    } catch (InterruptedException e) {
      throw new InterruptedIOException("interrupted while asleep");
    }
  }

  static void answer(HttpServletResponse response, byte[] body) throws IOException {
    response.setContentType("text/plain");
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
