// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

/** What is in the wrappers that applications and dispatches put around requests and answers. */
final class Wrapped {
  private Wrapped() {}

  static ServletRequest innermost(ServletRequest request) {
    ServletRequest inner = request;
    while (inner instanceof ServletRequestWrapper wrapper) {
      inner = wrapper.getRequest();
    }
    return inner;
  }

  static ServletResponse innermost(ServletResponse response) {
    ServletResponse inner = response;
    while (inner instanceof ServletResponseWrapper wrapper) {
      inner = wrapper.getResponse();
    }
    return inner;
  }

  /** The last dispatch that a request has come through; null if it has come through none. */
  static @Nullable DispatchedRequest lastDispatch(ServletRequest request) {
    ServletRequest inner = request;
    while (inner instanceof ServletRequestWrapper wrapper) {
      if (inner instanceof DispatchedRequest dispatched) {
        return dispatched;
      }
      inner = wrapper.getRequest();
    }
    return null;
  }

  /** The wrapper right around the first request of HTTP, in a request that is none itself. */
  static ServletRequestWrapper aroundHTTP(ServletRequest request) throws ServletException {
    ServletRequest inner = request;
    while (inner instanceof ServletRequestWrapper wrapper) {
      if (wrapper.getRequest() instanceof HttpServletRequest) {
        return wrapper;
      }
      inner = wrapper.getRequest();
    }
    throw new ServletException("a dispatch needs an HttpServletRequest");
  }

  /** The wrapper right around the first answer of HTTP, in an answer that is none itself. */
  static ServletResponseWrapper aroundHTTP(ServletResponse response) throws ServletException {
    ServletResponse inner = response;
    while (inner instanceof ServletResponseWrapper wrapper) {
      if (wrapper.getResponse() instanceof HttpServletResponse) {
        return wrapper;
      }
      inner = wrapper.getResponse();
    }
    throw new ServletException("a dispatch needs an HttpServletResponse");
  }
}
