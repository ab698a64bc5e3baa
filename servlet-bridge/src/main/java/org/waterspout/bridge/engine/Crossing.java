// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The way of a request from one context into another by a dispatch: the target has its own context
 * path, sessions (Servlet 6.1 section 7.3) and class loader, and does not stop before the dispatch
 * is over.
 */
final class Crossing {
  private final WebApp target;
  private final Request original;

  private Crossing(WebApp target, Request original) {
    this.target = target;
    this.original = original;
  }

  /** What a dispatch of a request to a target crosses; null if it is in that context already. */
  static @Nullable Crossing of(ServletRequest request, WebApp target) {
    Request original = Request.original(request);
    DispatchedRequest last = Wrapped.lastDispatch(request);
    WebApp from = last == null ? original.app() : last.app();
    return from == target ? null : new Crossing(target, original);
  }

  /**
   * What an asynchronous dispatch crosses: its thread is one of the context that the request came
   * to, wherever that has been since. Null if it stays there.
   */
  static @Nullable Crossing ofAsync(Request original, WebApp target) {
    return original.app() == target ? null : new Crossing(target, original);
  }

  AppContext context() {
    return target.context();
  }

  String contextPath() {
    return original.contextPath(target);
  }

  SessionTracking tracking() {
    return original.tracking(target);
  }

  /** Runs the target's filters and servlet as one of its requests. */
  void run(FilterChain chain, ServletRequest request, ServletResponse response)
      throws ServletException, IOException {
    if (!target.admission().enter()) {
      throw new ServletException("dispatch: " + target.prefix() + " is full or stopping");
    }
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(target.deployment().classLoader());
    try {
      target.events().requestInitialized(request);
      try {
        chain.doFilter(request, response);
      } finally {
        target.events().requestDestroyed(request);
      }
    } finally {
      thread.setContextClassLoader(before);
      target.admission().leave();
    }
  }
}
