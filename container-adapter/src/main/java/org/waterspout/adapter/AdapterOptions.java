// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import java.time.Duration;
import java.util.Objects;
import java.util.Set;

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
 * <p>{@code JettyAdapter} and {@code UndertowAdapter} take all but {@code mode} and {@code loops}.
 *
 * @param mode auto, async or sync
 * @param maxBodySize of a request, in bytes, unless its handler says another; a larger one is
 *     answered with 413. The container may have a smaller one: Undertow's is 2 MiB unless its
 *     {@code MAX_ENTITY_SIZE} is set
 * @param stallTimeout how long a body may not move on, in either direction; in seconds as an
 *     init-param. Then 408, or the answer is cut. The container's own limit counts in sync mode,
 *     and in servlets of Jetty and Tomcat for whole answers of up to 32 KiB, which are the
 *     container's as soon as they are finished
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
}
