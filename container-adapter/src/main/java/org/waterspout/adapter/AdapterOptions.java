// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import jakarta.servlet.ServletException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How an Application is served in a container. In {@code web.xml} each is an init-param of the
 * adapter under its name here, and comes before what the code says:
 *
 * <pre>{@code
 * new ServletAdapter(application, AdapterOptions.defaults().withMode(Mode.SYNC))
 *
 * <init-param><param-name>mode</param-name><param-value>sync</param-value></init-param>
 * }</pre>
 *
 * @param mode auto, async or sync
 * @param maxBodySize of a request, in bytes, unless its handler says another; a larger one is
 *     answered with 413. The container may have a smaller one: Undertow's is 2 MiB unless its
 *     {@code MAX_ENTITY_SIZE} is set
 * @param stallTimeout how long a body may not move on, in either direction; in seconds as an
 *     init-param. Then 408, or the answer is cut. In sync mode the container's own limit counts
 * @param loops how many loops the web application gets; the first adapter to start decides. 0 for
 *     as many as there are processors
 * @param xheaders whether the client's address and protocol are what a proxy in front says in
 *     {@code X-Real-Ip}, {@code X-Forwarded-For}, {@code X-Scheme} and {@code X-Forwarded-Proto}.
 *     Only where nobody but the proxy can reach the container, and it does not do so itself
 * @param trustedDownstream addresses of further proxies, skipped at the end of {@code
 *     X-Forwarded-For}; separated by commas as an init-param
 */
public record AdapterOptions(
    Mode mode,
    long maxBodySize,
    Duration stallTimeout,
    int loops,
    boolean xheaders,
    Set<String> trustedDownstream) {

  private static final Map<String, BiFunction<AdapterOptions, String, AdapterOptions>> INIT_PARAMS =
      Map.of(
          "mode", (options, value) -> options.withMode(Mode.of(value)),
          "maxBodySize", (options, value) -> options.withMaxBodySize(number(value)),
          "stallTimeout", (options, value) -> options.withStallTimeout(seconds(value)),
          "loops", (options, value) -> options.withLoops(Math.toIntExact(number(value))),
          "xheaders", (options, value) -> options.withXheaders(truth(value)),
          "trustedDownstream", (options, value) -> options.withTrustedDownstream(list(value)));

  private static final AdapterOptions DEFAULTS =
      new AdapterOptions(Mode.AUTO, 100L << 20, Duration.ofSeconds(60), 1, false, Set.of());

  /**
   * Options.
   *
   * @throws IllegalArgumentException if a number is out of its range
   */
  public AdapterOptions {
    Objects.requireNonNull(mode, "mode");
    Objects.requireNonNull(stallTimeout, "stallTimeout");
    trustedDownstream = Set.copyOf(trustedDownstream);
    if (maxBodySize < 0) {
      throw new IllegalArgumentException("maxBodySize: " + maxBodySize);
    }
    if (!stallTimeout.isPositive()) {
      throw new IllegalArgumentException("stallTimeout: " + stallTimeout);
    }
    if (loops < 0) {
      throw new IllegalArgumentException("loops: " + loops);
    }
  }

  /** Mode auto, bodies up to 100 MiB, which may stall for a minute, one loop, no proxy in front. */
  public static AdapterOptions defaults() {
    return DEFAULTS;
  }

  /** The same with another mode. */
  public AdapterOptions withMode(Mode mode) {
    return new AdapterOptions(mode, maxBodySize, stallTimeout, loops, xheaders, trustedDownstream);
  }

  /** The same with another size of bodies, in bytes. */
  public AdapterOptions withMaxBodySize(long bytes) {
    return new AdapterOptions(mode, bytes, stallTimeout, loops, xheaders, trustedDownstream);
  }

  /** The same with another time that a body may stall. */
  public AdapterOptions withStallTimeout(Duration timeout) {
    return new AdapterOptions(mode, maxBodySize, timeout, loops, xheaders, trustedDownstream);
  }

  /** The same with another number of loops. */
  public AdapterOptions withLoops(int loops) {
    return new AdapterOptions(mode, maxBodySize, stallTimeout, loops, xheaders, trustedDownstream);
  }

  /** The same behind a proxy, or behind none. */
  public AdapterOptions withXheaders(boolean trust) {
    return new AdapterOptions(mode, maxBodySize, stallTimeout, loops, trust, trustedDownstream);
  }

  /** The same behind further proxies with these addresses. */
  public AdapterOptions withTrustedDownstream(Set<String> addresses) {
    return new AdapterOptions(mode, maxBodySize, stallTimeout, loops, xheaders, addresses);
  }

  /**
   * The same, but for what init-params say.
   *
   * @param parameters gives the value of one, null where there is none
   * @param where whose they are, for messages
   */
  AdapterOptions overriddenBy(Function<String, @Nullable String> parameters, String where)
      throws ServletException {
    var options = this;
    for (var option : INIT_PARAMS.entrySet()) {
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
    return INIT_PARAMS.keySet();
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
