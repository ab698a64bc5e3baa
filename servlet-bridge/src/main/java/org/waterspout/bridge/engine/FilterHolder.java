// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.Filter;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.deployment.Component;
import org.waterspout.bridge.deployment.FilterDeclaration;
import org.waterspout.log.Log;

/** One filter, in service from start to stop. */
final class FilterHolder {
  private final FilterDeclaration declaration;
  private final ServletContext context;
  private final ClassLoader loader;

  /** Null before it is initialised. */
  private volatile @Nullable Filter filter;

  FilterHolder(FilterDeclaration declaration, ServletContext context, ClassLoader loader) {
    this.declaration = declaration;
    this.context = context;
    this.loader = loader;
  }

  String name() {
    return declaration.name();
  }

  boolean asyncSupported() {
    return declaration.asyncSupported();
  }

  /** Makes and initialises the filter, once, before the first request. */
  void initialise() throws ServletException {
    Filter made;
    try {
      made = declaration.component().create(loader, Filter.class);
    } catch (ReflectiveOperationException e) {
      throw new ServletException("its class cannot be used: " + Component.reason(e), e);
    }
    made.init(new ComponentConfig(name(), context, declaration.initParameters()));
    filter = made;
  }

  Filter filter() {
    Filter ready = filter;
    if (ready == null) {
      throw new IllegalStateException("filter " + name() + " has not been initialised");
    }
    return ready;
  }

  /** Ends the filter if it was ever in service. What it throws is logged. */
  void destroy() {
    Filter ended = filter;
    if (ended == null) {
      return;
    }
    try {
      ended.destroy();
    } catch (RuntimeException | Error e) {
      Log.APPLICATION.log(Level.ERROR, "filter " + name() + " failed in destroy", e);
    }
  }
}
