// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.deployment;

import jakarta.servlet.ServletContext;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The running contexts that may reach each other, by their paths. Safe for all threads. */
public final class Neighbours {
  private final Map<String, ServletContext> byPath = new ConcurrentHashMap<>();

  /** A context has started. */
  public void enter(ServletContext context) {
    byPath.putIfAbsent(context.getContextPath(), context);
  }

  /** A context is about to stop. */
  public void leave(ServletContext context) {
    byPath.remove(context.getContextPath(), context);
  }

  /** The context to which a path of the server belongs; null if it is none of these. */
  public @Nullable ServletContext find(String path) {
    String prefix = path;
    while (true) {
      ServletContext found = byPath.get(prefix);
      if (found != null || prefix.isEmpty()) {
        return found;
      }
      prefix = prefix.substring(0, Math.max(0, prefix.lastIndexOf('/')));
    }
  }
}
