// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import jakarta.servlet.FilterRegistration;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collection;
import java.util.TreeSet;

/**
 * Says who may have taken async support from a request: containers tell that it is missing, not
 * why.
 */
final class MissingAsync {
  private MissingAsync() {}

  /** A message that names the servlet and every filter that this request has passed. */
  static String explain(String servlet, HttpServletRequest request) {
    var context = request.getServletContext();
    String path = request.getServletPath();
    String info = request.getPathInfo();
    String whole = info == null ? path : path + info;
    String name = request.getHttpServletMapping().getServletName();
    var filters = new TreeSet<String>();
    context
        .getFilterRegistrations()
        .forEach(
            (filter, registration) -> {
              if (passed(registration, name, whole)) {
                filters.add(filter + " (" + registration.getClassName() + ")");
              }
            });
    String declare = "needs <async-supported>true</async-supported> (in code: setAsyncSupported)";
    return filters.isEmpty()
        ? servlet + " " + declare
        : servlet
            + " and every filter in front of it "
            + declare
            + "; filters in front: "
            + filters;
  }

  private static boolean passed(FilterRegistration filter, String servlet, String path) {
    Collection<String> names = filter.getServletNameMappings();
    return names.contains(servlet)
        || names.contains("*")
        || filter.getUrlPatternMappings().stream().anyMatch(pattern -> matches(pattern, path));
  }

  /** Servlet specification 12.2. */
  private static boolean matches(String pattern, String path) {
    if (pattern.endsWith("/*")) {
      String prefix = pattern.substring(0, pattern.length() - 2);
      return path.equals(prefix) || path.startsWith(prefix + "/");
    }
    return pattern.startsWith("*.") ? path.endsWith(pattern.substring(1)) : pattern.equals(path);
  }
}
