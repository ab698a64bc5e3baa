// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.deployment;

import jakarta.servlet.Filter;
import java.util.Map;

/**
 * A filter; where it applies is said by {@link FilterMapping}.
 *
 * @param asyncSupported whether it says that it copes with asynchronous processing behind it
 */
public record FilterDeclaration(
    String name,
    Component<Filter> component,
    Map<String, String> initParameters,
    boolean asyncSupported) {
  public FilterDeclaration {
    initParameters = Map.copyOf(initParameters);
  }
}
