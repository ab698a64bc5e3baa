// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpUpgradeHandler;
import org.jspecify.annotations.Nullable;

/**
 * What a request is asked about asynchronous processing and upgrades. Neither is built: both are
 * refused, as the specification says. On the servlet's thread.
 */
@SuppressWarnings("DoNotCallSuggester") // the request passes the application's calls on to it
final class Async {
  /** Whether filters and servlet all support it. */
  boolean supported() {
    return false;
  }

  boolean started() {
    return false;
  }

  /**
   * Begins it.
   *
   * @param request what the application gives to be dispatched; null for the request as it came
   * @throws IllegalStateException always
   */
  AsyncContext start(@Nullable ServletRequest request, @Nullable ServletResponse response) {
    throw new IllegalStateException("startAsync: asynchronous processing is not supported");
  }

  /**
   * What was begun.
   *
   * @throws IllegalStateException always
   */
  AsyncContext context() {
    throw new IllegalStateException("getAsyncContext: the request is not asynchronous");
  }

  /**
   * Leaves HTTP.
   *
   * @throws ServletException always
   */
  <T extends HttpUpgradeHandler> T upgrade(Class<T> handlerClass) throws ServletException {
    throw new ServletException("upgrade: not supported");
  }
}
