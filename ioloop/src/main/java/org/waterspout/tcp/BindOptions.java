// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.tcp;

import java.net.StandardProtocolFamily;
import org.jspecify.annotations.Nullable;

/**
 * How listening sockets are bound.
 *
 * @param backlog how many connections wait to be accepted, at most
 * @param reusePort whether other sockets that say so too may share the port ({@code SO_REUSEPORT})
 * @param family INET or INET6 for addresses of that kind only; null for all. A socket for all IPv6
 *     addresses of this machine takes IPv4 connections too: Java has no IPV6_V6ONLY
 */
public record BindOptions(int backlog, boolean reusePort, @Nullable StandardProtocolFamily family) {
  private static final BindOptions DEFAULTS = new BindOptions(128, false, null);

  /** Checks the values. */
  public BindOptions {
    if (backlog < 1) {
      throw new IllegalArgumentException("the backlog must be positive: " + backlog);
    }
    if (family == StandardProtocolFamily.UNIX) {
      throw new IllegalArgumentException("Unix domain sockets have paths, not ports");
    }
  }

  /** A backlog of 128, a port of one's own, all families. */
  public static BindOptions defaults() {
    return DEFAULTS;
  }

  /** A copy with another backlog. */
  public BindOptions withBacklog(int connections) {
    return new BindOptions(connections, reusePort, family);
  }

  /** A copy that shares the port or not. */
  public BindOptions withReusePort(boolean shared) {
    return new BindOptions(backlog, shared, family);
  }

  /** A copy for another family; null for all. */
  public BindOptions withFamily(@Nullable StandardProtocolFamily only) {
    return new BindOptions(backlog, reusePort, only);
  }
}
