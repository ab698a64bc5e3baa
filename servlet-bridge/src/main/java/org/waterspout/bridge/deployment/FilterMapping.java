// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.deployment;

import jakarta.servlet.DispatcherType;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.mapping.UrlPattern;

/**
 * Where a filter applies: by pattern or by servlet name, exactly one of them.
 *
 * @param pattern null in a mapping by servlet name
 * @param servletName null in a mapping by pattern; {@code *} is every servlet
 */
public record FilterMapping(
    String filterName,
    Set<DispatcherType> dispatcherTypes,
    @Nullable UrlPattern pattern,
    @Nullable String servletName) {
  public FilterMapping {
    dispatcherTypes = Set.copyOf(dispatcherTypes);
    if ((pattern == null) == (servletName == null)) {
      throw new IllegalArgumentException("a filter maps to a pattern or to a servlet name");
    }
  }

  /** Whether it is a mapping by servlet name that names this one. */
  public boolean isForServlet(String name) {
    return servletName != null && (servletName.equals("*") || servletName.equals(name));
  }
}
