// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.deployment;

import java.util.EventListener;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A web application as declared, complete: nothing changes it any more.
 *
 * @param displayName null if none was declared
 * @param filterMappings in the order in which they apply
 * @param listeners in the order in which they were declared
 * @param requestEncoding the charset of bodies that name none; null if not set
 * @param responseEncoding the charset of answers that set none; null if not set
 * @param localeEncodings language tag, such as {@code ja} or {@code ja-JP}, to charset name
 * @param mimeTypes extension in lower case, without dot, to type; before the built-in ones
 */
public record Deployment(
    @Nullable String displayName,
    List<ServletDeclaration> servlets,
    List<FilterDeclaration> filters,
    List<FilterMapping> filterMappings,
    List<EventListener> listeners,
    List<ErrorPage> errorPages,
    SessionConfig session,
    @Nullable String requestEncoding,
    @Nullable String responseEncoding,
    Map<String, String> localeEncodings,
    Map<String, String> mimeTypes,
    ClassLoader classLoader,
    MountOptions options) {
  public Deployment {
    servlets = List.copyOf(servlets);
    filters = List.copyOf(filters);
    filterMappings = List.copyOf(filterMappings);
    listeners = List.copyOf(listeners);
    errorPages = List.copyOf(errorPages);
    localeEncodings = Map.copyOf(localeEncodings);
    mimeTypes = Map.copyOf(mimeTypes);
  }
}
