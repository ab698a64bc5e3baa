// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import java.io.Closeable;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** The connection of a request, where the servlet API gives no way to cut it. */
final class ContainersConnection {
  /** How to get from a request to its connection. */
  private record Way(Method exchange, Method connection) {
    boolean beginsAt(Object request) {
      return exchange.getDeclaringClass().isInstance(request);
    }
  }

  private static volatile @Nullable Way last; // looked up; null until the first request

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
      var way = last;
      if (way == null || !way.beginsAt(request)) {
        way = lookUp(request.getClass());
        last = way;
      }
      var connection = way.connection.invoke(way.exchange.invoke(request));
      return connection instanceof Closeable closeable ? closeable : null;
    } catch (ReflectiveOperationException | RuntimeException e) {
      return null;
    }
  }

  private static Way lookUp(Class<?> request) throws NoSuchMethodException {
    var exchange = request.getMethod("getExchange");
    return new Way(exchange, exchange.getReturnType().getMethod("getConnection"));
  }

  private static ServletRequest containersOwn(ServletRequest request) {
    return request instanceof ServletRequestWrapper wrapper
        ? containersOwn(wrapper.getRequest())
        : request;
  }
}
