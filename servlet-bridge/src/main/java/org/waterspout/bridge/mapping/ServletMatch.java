// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.mapping;

import jakarta.servlet.http.HttpServletMapping;
import jakarta.servlet.http.MappingMatch;
import org.jspecify.annotations.Nullable;

/**
 * Which servlet a path leads to, and how.
 *
 * @param path the canonical path in the context
 * @param pathInfo null if nothing is left of the path
 */
public record ServletMatch(
    String path,
    String servletName,
    String servletPath,
    @Nullable String pathInfo,
    HttpServletMapping mapping) {

  /** Whether nothing but the default pattern matched. */
  public boolean isDefault() {
    return mapping.getMappingMatch() == MappingMatch.DEFAULT;
  }

  /** How a path led to a servlet. */
  record Mapping(String matchValue, String pattern, String servletName, MappingMatch mappingMatch)
      implements HttpServletMapping {
    @Override
    public String getMatchValue() {
      return matchValue;
    }

    @Override
    public String getPattern() {
      return pattern;
    }

    @Override
    public String getServletName() {
      return servletName;
    }

    @Override
    public MappingMatch getMappingMatch() {
      return mappingMatch;
    }
  }
}
