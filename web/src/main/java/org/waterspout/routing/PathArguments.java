// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.routing;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the groups of a pattern matched, still percent-encoded where matchers and routers see them.
 * A group that took no part in the match is null. One of the two is always empty.
 *
 * @param positional the groups in order, if they have no names
 * @param named the groups by name, if they have names
 */
public record PathArguments(
    List<@Nullable String> positional, Map<String, @Nullable String> named) {
  /** No groups. */
  public static final PathArguments NONE = new PathArguments(List.of(), Map.of());

  public PathArguments {
    // not List.copyOf: a group may be null
    positional =
        positional.isEmpty()
            ? List.of()
            : Collections.unmodifiableList(new ArrayList<>(positional));
    named = named.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(named));
  }
}
