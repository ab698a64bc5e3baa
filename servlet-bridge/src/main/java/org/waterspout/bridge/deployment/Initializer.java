// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.deployment;

import jakarta.servlet.ServletContainerInitializer;
import java.util.Set;

/**
 * Code that declares what a library needs, Servlet 6.1 section 8.2.4.
 *
 * @param classes those of the application that it wants to know of; empty if there are none
 */
public record Initializer(ServletContainerInitializer initializer, Set<Class<?>> classes) {
  public Initializer {
    classes = Set.copyOf(classes);
  }
}
