// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.waterspout.escape.Escape;
import org.waterspout.routing.PathArguments;

/**
 * From the bytes of arguments to what a handler asked for; what cannot be is the client's fault.
 */
final class Arguments {
  private Arguments() {}

  static List<String> decode(
      RequestSide handler, String name, Map<String, List<byte[]>> arguments, boolean strip) {
    List<byte[]> values = arguments.getOrDefault(name, List.of());
    return values.stream()
        .map(value -> cleaned(handler.decodeArgument(value, name)))
        .map(value -> strip ? value.strip() : value)
        .toList();
  }

  static List<String> join(List<String> query, List<String> body) {
    return Stream.concat(query.stream(), body.stream()).toList();
  }

  static String utf8(byte[] value, @Nullable String name) {
    try {
      return Escape.utf8(value);
    } catch (IllegalArgumentException e) {
      throw new HTTPError(400, "Invalid UTF-8 in " + (name == null ? "the path" : name), e);
    }
  }

  /** The groups of the path, decoded. */
  static PathArguments decode(RequestSide handler, PathArguments encoded) {
    if (encoded.positional().isEmpty() && encoded.named().isEmpty()) {
      return PathArguments.NONE;
    }
    List<@Nullable String> positional = new ArrayList<>();
    for (String group : encoded.positional()) {
      positional.add(group == null ? null : decodeGroup(handler, group, null));
    }
    Map<String, @Nullable String> named = new LinkedHashMap<>();
    encoded
        .named()
        .forEach(
            (name, group) ->
                named.put(name, group == null ? null : decodeGroup(handler, group, name)));
    return new PathArguments(positional, named);
  }

  /** A group of the path; the characters of a target are its bytes. */
  private static String decodeGroup(RequestSide handler, String encoded, @Nullable String name) {
    byte[] bytes;
    try {
      bytes = Escape.urlUnescape(encoded.getBytes(StandardCharsets.ISO_8859_1), false);
    } catch (IllegalArgumentException e) {
      throw new HTTPError(400, "Malformed path: " + e.getMessage(), e);
    }
    return handler.decodeArgument(bytes, name);
  }

  static String last(String name, List<String> values) {
    if (values.isEmpty()) {
      throw new MissingArgumentError(name);
    }
    return values.getLast();
  }

  static <T extends @Nullable Object> T last(
      String name, List<String> values, Function<String, ? extends T> converter, T defaultValue) {
    return values.isEmpty() ? defaultValue : convert(name, values.getLast(), converter);
  }

  static <T extends @Nullable Object> T convert(
      String name, String value, Function<String, ? extends T> converter) {
    try {
      return converter.apply(value);
    } catch (HTTPError e) {
      throw e;
    } catch (RuntimeException e) {
      // not what it says: that has the value, which may be a secret
      throw new HTTPError(400, "Argument " + name + ": " + e.getClass().getName(), e);
    }
  }

  static @Nullable String group(String name, Map<String, @Nullable String> groups) {
    if (!groups.containsKey(name)) {
      throw new IllegalArgumentException("the route has no group " + name + ", but " + groups);
    }
    return groups.get(name);
  }

  static @Nullable String group(int i, List<@Nullable String> groups) {
    if (i < 0 || i >= groups.size()) {
      throw new IllegalArgumentException("the route has " + groups.size() + " groups, not " + i);
    }
    return groups.get(i);
  }

  static String required(String name, @Nullable String value) {
    if (value == null) {
      throw new MissingArgumentError(name);
    }
    return value;
  }

  /** Control characters but for tab and line ends become spaces. */
  private static String cleaned(String value) {
    var cleaned = new StringBuilder(value);
    for (int i = 0; i < cleaned.length(); i++) {
      char c = cleaned.charAt(i);
      if (c < ' ' && (c < '\t' || c > '\r')) {
        cleaned.setCharAt(i, ' ');
      }
    }
    return cleaned.toString();
  }
}
