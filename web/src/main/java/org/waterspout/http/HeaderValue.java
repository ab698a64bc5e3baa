// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A value with parameters, as Content-Type, Content-Disposition and WebSocket extensions have them,
 * RFC 9110 section 5.6.6: {@code text/html; charset=utf-8}. Read by {@link HTTPUtil#parseHeader},
 * written by {@link HTTPUtil#encodeHeader}. Immutable.
 *
 * @param value what stands before the first semicolon, in the case in which it was sent
 * @param parameters by their names in lower case, in order; null is the value of a parameter that
 *     has none, {@code client_max_window_bits} without an equals sign
 */
public record HeaderValue(String value, Map<String, @Nullable String> parameters) {
  public HeaderValue {
    Objects.requireNonNull(value, "value");
    // not Map.copyOf: it keeps no order and no null
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
  }

  /** The value of a parameter; null if it has none, or is not there. */
  public @Nullable String parameter(String name) {
    return parameters.get(name);
  }
}
