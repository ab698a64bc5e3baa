// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The filters of one dispatch and the servlet behind them. */
final class Chain implements FilterChain {
  private final List<FilterHolder> filters;
  private final ServletHolder servlet;
  private final Async async;
  private int position;

  Chain(List<FilterHolder> filters, ServletHolder servlet, Async async) {
    this.filters = filters;
    this.servlet = servlet;
    this.async = async;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response)
      throws IOException, ServletException {
    if (position == filters.size()) {
      serve(request, response);
      return;
    }
    FilterHolder next = filters.get(position++);
    String outside =
        next.asyncSupported() ? null : async.enterUnsupporting("filter " + next.name());
    try {
      next.filter().doFilter(request, response, this);
    } finally {
      // A filter may go on more than once.
      position--;
      leave(next.asyncSupported(), outside);
    }
  }

  private void serve(ServletRequest request, ServletResponse response)
      throws IOException, ServletException {
    boolean supported = servlet.asyncSupported();
    String outside = supported ? null : async.enterUnsupporting("servlet " + servlet.name());
    try {
      servlet.service(request, response);
    } finally {
      leave(supported, outside);
    }
  }

  private void leave(boolean supported, @Nullable String outside) {
    if (!supported) {
      async.leave(outside);
    }
  }
}
