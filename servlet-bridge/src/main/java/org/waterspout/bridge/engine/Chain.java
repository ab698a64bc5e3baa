// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.util.List;

/** The filters of one dispatch and the servlet behind them. */
final class Chain implements FilterChain {
  private final List<FilterHolder> filters;
  private final ServletHolder servlet;
  private int position;

  Chain(List<FilterHolder> filters, ServletHolder servlet) {
    this.filters = filters;
    this.servlet = servlet;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response)
      throws IOException, ServletException {
    if (position == filters.size()) {
      servlet.service(request, response);
      return;
    }
    FilterHolder next = filters.get(position++);
    try {
      next.filter().doFilter(request, response, this);
    } finally {
      // A filter may go on more than once.
      position--;
    }
  }
}
