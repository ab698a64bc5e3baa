// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Begins asynchronous processing and returns; one thread of its own writes all answers. */
final class ParkedServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  private final transient ExecutorService events = Executors.newSingleThreadExecutor();

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response) {
    var async = request.startAsync();
    events.execute(() -> answer(async));
  }

  private static void answer(AsyncContext async) {
    try {
      BlockingServlet.answer((HttpServletResponse) async.getResponse(), Workload.HELLO_BODY);
    } catch (IOException | IllegalStateException clientGone) {
      // At the end of a measurement. It is completed all the same.
    }
    try {
      async.complete();
    } catch (IllegalStateException completed) {
      // By a container that has seen the client go.
    }
  }
}
