// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import jakarta.servlet.ServletException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The init-params that are options: apart from these, which are used without servlets too. */
final class OptionParameters {
  private static final Map<String, BiFunction<AdapterOptions, String, AdapterOptions>> OPTIONS =
      Map.of(
          "mode", (options, value) -> options.withMode(Mode.of(value)),
          "maxBodySize", (options, value) -> options.withMaxBodySize(number(value)),
          "stallTimeout", (options, value) -> options.withStallTimeout(seconds(value)),
          "loops", (options, value) -> options.withLoops(Math.toIntExact(number(value))),
          "xheaders", (options, value) -> options.withXheaders(truth(value)),
          "trustedDownstream", (options, value) -> options.withTrustedDownstream(list(value)));

  private OptionParameters() {}

  /**
   * These options, but for what init-params say.
   *
   * @param parameters gives the value of one, null where there is none
   * @param where whose they are, for messages
   * @throws ServletException if one is not what it should be
   */
  static AdapterOptions override(
      AdapterOptions given, Function<String, @Nullable String> parameters, String where)
      throws ServletException {
    var options = given;
    for (var option : OPTIONS.entrySet()) {
      String value = parameters.apply(option.getKey());
      if (value != null) {
        try {
          options = option.getValue().apply(options, value.strip());
        } catch (IllegalArgumentException | ArithmeticException e) {
          throw new ServletException(
              where + ", init-param \"" + option.getKey() + "\": " + e.getMessage(), e);
        }
      }
    }
    return options;
  }

  /** Those of the init-params. */
  static Set<String> names() {
    return OPTIONS.keySet();
  }

  private static long number(String value) {
    boolean digits = value.chars().allMatch(c -> c >= '0' && c <= '9');
    if (value.isEmpty() || value.length() > 18 || !digits) {
      throw new IllegalArgumentException("a number in digits, not " + value);
    }
    return Long.parseLong(value);
  }

  private static Duration seconds(String value) {
    return Duration.ofSeconds(number(value));
  }

  private static boolean truth(String value) {
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("true or false, not " + value);
    };
  }

  private static Set<String> list(String value) {
    return Arrays.stream(value.split(","))
        .map(String::strip)
        .filter(address -> !address.isEmpty())
        .collect(Collectors.toSet());
  }
}
