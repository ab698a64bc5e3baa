// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/** The request of a dispatch by name: nothing but its type is new. */
final class NamedRequest extends DispatchedRequest {
  NamedRequest(HttpServletRequest request, WebApp app, DispatcherType type) {
    super(request, app, type, null);
    // Servlet 6.1 section 9.3.1: they must not be set, not even by an include around this one.
    IncludedRequest.ATTRIBUTES.forEach(name -> put(name, null));
  }

  @Override
  String currentPath() {
    @Nullable String info = getPathInfo();
    return info == null ? getServletPath() : getServletPath() + info;
  }
}
