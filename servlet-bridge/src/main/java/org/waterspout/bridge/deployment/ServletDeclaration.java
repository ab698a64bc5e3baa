// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.deployment;

import jakarta.servlet.Servlet;
import java.util.List;
import java.util.Map;
import org.waterspout.bridge.mapping.UrlPattern;

/**
 * A servlet.
 *
 * @param loadOnStartup negative: initialised by its first request
 */
public record ServletDeclaration(
    String name,
    Component<Servlet> component,
    Map<String, String> initParameters,
    List<UrlPattern> patterns,
    int loadOnStartup) {
  public ServletDeclaration {
    initParameters = Map.copyOf(initParameters);
    patterns = List.copyOf(patterns);
  }
}
