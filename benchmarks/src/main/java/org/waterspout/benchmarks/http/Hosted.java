// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

import jakarta.servlet.http.HttpServlet;
import java.io.IOException;
import org.apache.jasper.servlet.JspServlet;

/** What a program that hosts servlets is told: the servlet, and which threads run it. */
record Hosted(HttpServlet servlet, String mapping, boolean onVirtualThreads) {
  /** By the arguments of its main class: a name of either comparison, and a workload. */
  static Hosted named(String[] args) throws IOException {
    for (var host : Host.values()) {
      if (host.name().equals(args[0])) {
        var workload = Workload.valueOf(args[1]);
        var mapping = workload == Workload.JSP ? "*.jsp" : "/*";
        return new Hosted(servlet(workload), mapping, host.onVirtualThreads());
      }
    }
    return new Hosted(InContainer.named(args[0]).way().servlet(), "/*", false);
  }

  /** Whether it serves pages, of {@link Pages}. */
  boolean servesPages() {
    return servlet instanceof JspServlet;
  }

  private static HttpServlet servlet(Workload workload) {
    return switch (workload) {
      case ASYNC -> new ParkedServlet();
      case JSP -> new JspServlet();
      default -> new BlockingServlet();
    };
  }
}
