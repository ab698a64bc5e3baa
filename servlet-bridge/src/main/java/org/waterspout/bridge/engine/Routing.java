// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.MultipartConfigElement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.deployment.FilterMapping;
import org.waterspout.bridge.mapping.CanonicalPath;
import org.waterspout.bridge.mapping.ServletMappings;
import org.waterspout.bridge.mapping.ServletMatch;
import org.waterspout.bridge.mapping.SuspiciousPathException;

/**
 * From a path or a name to filters and servlet. Computed once, from then on unmodifiable; safe for
 * all threads.
 */
final class Routing {
  private final WebApp app;
  private final ServletMappings mappings;
  private final Map<String, ServletHolder> servlets;
  private final Map<DispatcherType, Map<String, FilterPlan>> plans =
      new EnumMap<>(DispatcherType.class);

  /**
   * @param servlets by name
   * @param filters by name
   * @param filterMappings in the order in which they apply; those of filters that do not exist are
   *     without effect
   */
  Routing(
      WebApp app,
      ServletMappings mappings,
      Map<String, ServletHolder> servlets,
      Map<String, FilterHolder> filters,
      List<FilterMapping> filterMappings) {
    this.app = app;
    this.mappings = mappings;
    this.servlets = servlets;
    for (DispatcherType type : DispatcherType.values()) {
      Map<String, FilterPlan> byServlet = new HashMap<>();
      servlets
          .keySet()
          .forEach(name -> byServlet.put(name, plan(type, name, filters, filterMappings)));
      plans.put(type, byServlet);
    }
  }

  private static FilterPlan plan(
      DispatcherType type,
      String servletName,
      Map<String, FilterHolder> filters,
      List<FilterMapping> mappings) {
    List<FilterPlan.ByPath> byPath = new ArrayList<>();
    List<FilterHolder> byServlet = new ArrayList<>();
    for (FilterMapping mapping : mappings) {
      FilterHolder filter = filters.get(mapping.filterName());
      if (filter == null || !mapping.dispatcherTypes().contains(type)) {
        continue;
      }
      if (mapping.pattern() != null) {
        byPath.add(new FilterPlan.ByPath(mapping.pattern(), filter));
      } else if (mapping.isForServlet(servletName)) {
        byServlet.add(filter);
      }
    }
    return new FilterPlan(byPath, byServlet);
  }

  /** How a servlet takes the parts of a form; null if it takes none. */
  @Nullable MultipartConfigElement multipart(String servletName) {
    ServletHolder servlet = servlets.get(servletName);
    return servlet == null ? null : servlet.multipart();
  }

  /**
   * The servlet for a canonical path in the context. That of a directory leads to its welcome file,
   * as if that had been asked for. May read the file system.
   */
  ServletMatch match(String path) {
    ServletMatch match = mappings.match(path);
    if (match.isDefault() && path.endsWith("/")) {
      ServletMatch welcome = app.context().welcomeFiles().find(path, mappings);
      return welcome == null ? match : welcome;
    }
    return match;
  }

  /** Filters and servlet of a dispatch; the path is null in a dispatch by name. */
  Chain chain(DispatcherType type, String servletName, @Nullable String path, Async async) {
    ServletHolder servlet = servlets.get(servletName);
    Map<String, FilterPlan> ofType = plans.get(type);
    FilterPlan plan = ofType == null ? null : ofType.get(servletName);
    if (servlet == null || plan == null) {
      throw new IllegalStateException("no servlet is called " + servletName);
    }
    return new Chain(path == null ? plan.filters() : plan.filters(path), servlet, async);
  }

  /** The dispatcher for a path that may be relative to another; null if it leads nowhere. */
  @Nullable Dispatcher dispatcher(@Nullable String path, String current) {
    if (path == null) {
      return null;
    }
    int question = path.indexOf('?');
    String query = question < 0 ? null : path.substring(question + 1);
    String target = question < 0 ? path : path.substring(0, question);
    if (!target.startsWith("/")) {
      target = CanonicalPath.encode(current.substring(0, current.lastIndexOf('/') + 1)) + target;
    }
    try {
      String canonical = CanonicalPath.ofApplication(target).path();
      ServletMatch match = match(canonical);
      // The URI is what was asked for, unless that is none, or a welcome file took its place.
      boolean kept = match.path().equals(canonical) && CanonicalPath.isEncoded(target);
      return new Dispatcher(app, match, kept ? target : CanonicalPath.encode(match.path()), query);
    } catch (SuspiciousPathException e) {
      return null;
    }
  }

  /** The dispatcher for a servlet by name; null if there is none. */
  @Nullable Dispatcher namedDispatcher(String name) {
    return servlets.containsKey(name) ? new Dispatcher(app, name) : null;
  }
}
