// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import java.io.Closeable;
import org.jspecify.annotations.Nullable;

/** The connection of a request, where the servlet API gives no way to cut it. */
final class ContainersConnection {
  private ContainersConnection() {}

  /**
   * Finds it, while the request is the caller's.
   *
   * @return null in other containers, and where it cannot be had
   */
  static @Nullable Closeable of(ServletRequest request, Quirks quirks) {
    return quirks.cut() == Quirks.Cut.CLOSE_CONNECTION ? find(containersOwn(request)) : null;
  }

  /** Undertow: {@code HttpServletRequestImpl.getExchange().getConnection()}. */
  private static @Nullable Closeable find(ServletRequest request) {
    try {
      var exchange = request.getClass().getMethod("getExchange").invoke(request);
      var connection = exchange.getClass().getMethod("getConnection").invoke(exchange);
      return connection instanceof Closeable closeable ? closeable : null;
    } catch (ReflectiveOperationException | RuntimeException e) {
      return null;
    }
  }

  private static ServletRequest containersOwn(ServletRequest request) {
    return request instanceof ServletRequestWrapper wrapper
        ? containersOwn(wrapper.getRequest())
        : request;
  }
}
