// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.mapping.ServletMappings;
import org.waterspout.bridge.mapping.ServletMatch;
import org.waterspout.bridge.resource.Resource;

/**
 * What stands for a directory, Servlet 6.1 section 10.10: the first welcome file that is there,
 * else the first that a servlet is mapped to.
 */
record WelcomeFiles(ContextResources resources, List<String> names) {
  /** A page compiler's servlet is mapped to pages that do not exist, too. */
  private static final String PAGES = "jsp";

  WelcomeFiles(ContextResources resources, List<String> names) {
    this.resources = resources;
    this.names =
        names.stream().map(name -> name.startsWith("/") ? name.substring(1) : name).toList();
  }

  /** What a path that ends with a slash leads to; null if it is no directory, or has none. */
  @Nullable ServletMatch find(String path, ServletMappings mappings) {
    Resource directory = names.isEmpty() ? null : resources.find(path);
    if (directory == null || !directory.isDirectory()) {
      return null;
    }
    for (String name : names) {
      Resource file = resources.find(path + name);
      if (file != null && !file.isDirectory()) {
        return mappings.match(path + name);
      }
    }
    for (String name : names) {
      ServletMatch match = mappings.match(path + name);
      if (!match.isDefault() && !match.servletName().equals(PAGES)) {
        return match;
      }
    }
    return null;
  }
}
