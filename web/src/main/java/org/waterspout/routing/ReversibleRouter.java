// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.routing;

import org.jspecify.annotations.Nullable;

/** A router whose routes may have names, by which links to them are made. */
public interface ReversibleRouter extends Router {
  /**
   * Finds the matcher of a route by its name, here or in routers within. From any thread.
   *
   * @return null if no route has this name
   */
  @Nullable Matcher named(String name);

  /**
   * The path of a route with a name. From any thread.
   *
   * @param arguments one for each group of its pattern, in order
   * @throws IllegalArgumentException if there is no such route, or its pattern would not match
   */
  default String reverseUrl(String name, Object... arguments) {
    var matcher = named(name);
    if (matcher == null) {
      throw new IllegalArgumentException("no route is named " + name);
    }
    return matcher.reverse(arguments);
  }
}
