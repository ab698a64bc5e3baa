// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.Filter;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.lang.System.Logger.Level;
import org.waterspout.bridge.deployment.FilterDeclaration;
import org.waterspout.log.Log;

/** One filter, in service from start to stop. */
final class FilterHolder {
  private final String name;
  private final Filter filter;

  /** Makes and initialises the filter. */
  FilterHolder(FilterDeclaration declaration, ServletContext context, ClassLoader loader)
      throws ServletException {
    name = declaration.name();
    try {
      filter = declaration.component().create(loader, Filter.class);
    } catch (ReflectiveOperationException e) {
      throw new ServletException("filter " + name + " cannot be made", e);
    }
    filter.init(new ComponentConfig(name, context, declaration.initParameters()));
  }

  Filter filter() {
    return filter;
  }

  /** Ends the filter. What it throws is logged. */
  void destroy() {
    try {
      filter.destroy();
    } catch (RuntimeException | Error e) {
      Log.APPLICATION.log(Level.ERROR, "filter " + name + " failed in destroy", e);
    }
  }
}
