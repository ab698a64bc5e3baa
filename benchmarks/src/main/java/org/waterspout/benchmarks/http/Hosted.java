// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

import jakarta.servlet.http.HttpServlet;
import java.io.IOException;

/** What a program that hosts servlets is told: the servlet, and which threads run it. */
record Hosted(HttpServlet servlet, boolean onVirtualThreads) {
  /** By the arguments of its main class: a name of either comparison, and a workload. */
  static Hosted named(String[] args) throws IOException {
    for (var host : Host.values()) {
      if (host.name().equals(args[0])) {
        return new Hosted(servlet(Workload.valueOf(args[1])), host.onVirtualThreads());
      }
    }
    return new Hosted(InContainer.named(args[0]).way().servlet(), false);
  }

  private static HttpServlet servlet(Workload workload) {
    return workload == Workload.ASYNC ? new ParkedServlet() : new BlockingServlet();
  }
}
