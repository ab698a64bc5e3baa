// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import java.util.ArrayList;
import java.util.List;
import org.waterspout.bridge.mapping.UrlPattern;

/**
 * The filters of all dispatches of one type to one servlet, Servlet 6.1 section 6.2.4: those that
 * are mapped to the path, then those that are mapped to the servlet, each once. Unmodifiable.
 */
final class FilterPlan {
  /** A filter where a pattern wants it. */
  record ByPath(UrlPattern pattern, FilterHolder filter) {}

  private final List<ByPath> byPath;
  private final List<FilterHolder> byServlet;

  /** Whether every path gets the same filters, which are then those for any path. */
  private final boolean fixed;

  private final List<FilterHolder> anyPath;

  FilterPlan(List<ByPath> byPath, List<FilterHolder> byServlet) {
    this.byPath = List.copyOf(byPath);
    this.byServlet = byServlet.stream().distinct().toList();
    this.fixed = byPath.stream().allMatch(mapping -> mapping.pattern().matchesAll());
    this.anyPath = fixed ? choose("/") : List.of();
  }

  /** The filters for a path. */
  List<FilterHolder> filters(String path) {
    return fixed ? anyPath : choose(path);
  }

  /** The filters of a dispatch by name, which has no path. */
  List<FilterHolder> filters() {
    return byServlet;
  }

  private List<FilterHolder> choose(String path) {
    List<FilterHolder> chosen = new ArrayList<>(byPath.size() + byServlet.size());
    for (ByPath mapping : byPath) {
      if (mapping.pattern().matches(path) && !chosen.contains(mapping.filter())) {
        chosen.add(mapping.filter());
      }
    }
    for (FilterHolder filter : byServlet) {
      if (!chosen.contains(filter)) {
        chosen.add(filter);
      }
    }
    return chosen;
  }
}
