// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.mapping;

import jakarta.servlet.http.MappingMatch;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the servlet for a path by the rules of Servlet 6.1 section 12.1. Unmodifiable. */
public final class ServletMappings {
  private final Map<String, String> exact = new HashMap<>();
  private final Map<String, String> prefixes = new HashMap<>();
  private final Map<String, String> extensions = new HashMap<>();
  private final @Nullable String contextRoot;
  private final String defaultServlet;

  /**
   * @param servletNames by pattern
   * @param fallback the servlet for paths that none matches
   */
  public ServletMappings(Map<UrlPattern, String> servletNames, String fallback) {
    String root = null;
    String declaredDefault = fallback;
    for (var entry : servletNames.entrySet()) {
      UrlPattern pattern = entry.getKey();
      switch (pattern.kind()) {
        case EXACT -> exact.put(pattern.value(), entry.getValue());
        case PATH -> prefixes.put(pattern.value(), entry.getValue());
        case EXTENSION -> extensions.put(pattern.value(), entry.getValue());
        case CONTEXT_ROOT -> root = entry.getValue();
        case DEFAULT -> declaredDefault = entry.getValue();
      }
    }
    contextRoot = root;
    defaultServlet = declaredDefault;
  }

  /** The servlet for a canonical path in the context. */
  public ServletMatch match(String path) {
    if (contextRoot != null && path.equals("/")) {
      return found(path, contextRoot, "", "/", "", "", MappingMatch.CONTEXT_ROOT);
    }
    String name = exact.get(path);
    if (name != null) {
      return found(path, name, path, null, path.substring(1), path, MappingMatch.EXACT);
    }
    if (!prefixes.isEmpty()) {
      for (int end = path.length(); end >= 0; end = path.lastIndexOf('/', end - 1)) {
        String prefix = path.substring(0, end);
        name = prefixes.get(prefix);
        if (name != null) {
          return byPrefix(path, prefix, name);
        }
        if (end == 0) {
          break;
        }
      }
    }
    String extension = UrlPattern.extension(path);
    name = extensions.get(extension);
    if (name != null) {
      String value = path.substring(1, path.length() - extension.length() - 1);
      return found(path, name, path, null, value, "*." + extension, MappingMatch.EXTENSION);
    }
    return found(path, defaultServlet, path, null, "", "/", MappingMatch.DEFAULT);
  }

  private static ServletMatch byPrefix(String path, String prefix, String name) {
    String rest = path.substring(prefix.length());
    String value = rest.isEmpty() ? "" : rest.substring(1);
    String pathInfo = rest.isEmpty() ? null : rest;
    return found(path, name, prefix, pathInfo, value, prefix + "/*", MappingMatch.PATH);
  }

  private static ServletMatch found(
      String path,
      String name,
      String servletPath,
      @Nullable String pathInfo,
      String matchValue,
      String pattern,
      MappingMatch kind) {
    var mapping = new ServletMatch.Mapping(matchValue, pattern, name, kind);
    return new ServletMatch(path, name, servletPath, pathInfo, mapping);
  }
}
