// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.deployment;

import jakarta.servlet.MultipartConfigElement;
import jakarta.servlet.Servlet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.mapping.UrlPattern;

/**
 * A servlet.
 *
 * @param loadOnStartup negative: initialised by its first request
 * @param asyncSupported whether it says that it processes requests asynchronously
 * @param multipart how it takes the parts of a form; null if it takes none
 */
public record ServletDeclaration(
    String name,
    Component<Servlet> component,
    Map<String, String> initParameters,
    List<UrlPattern> patterns,
    int loadOnStartup,
    boolean asyncSupported,
    @Nullable MultipartConfigElement multipart) {
  public ServletDeclaration {
    initParameters = Map.copyOf(initParameters);
    patterns = List.copyOf(patterns);
  }
}
