// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.tcp;

import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.LoopFuture;

/**
 * Finds the addresses of a host without holding up the loop. Tornado: {@code netutil.Resolver}.
 *
 * <p>Implementations may be called from any thread; the future is one of {@link
 * org.waterspout.ioloop.IOLoop#current}. How long to wait is the caller's business: cancelling the
 * future gives up.
 */
@FunctionalInterface
public interface Resolver {
  /**
   * The addresses of a host with the port added, the best first; at least one.
   *
   * @param host a name or an address
   * @param family INET or INET6 to have only such addresses; null for all
   * @return fails with {@link java.net.UnknownHostException}, which names the host
   */
  LoopFuture<List<InetSocketAddress>> resolve(
      String host, int port, @Nullable StandardProtocolFamily family);

  /** {@link #resolve(String, int, StandardProtocolFamily)} for all families. */
  default LoopFuture<List<InetSocketAddress>> resolve(String host, int port) {
    return resolve(host, port, null);
  }

  /**
   * The system's own: hosts file and DNS by {@link java.net.InetAddress}, whose cache and order it
   * keeps (IPv4 first, unless {@code java.net.preferIPv6Addresses} is {@code true} or {@code
   * system}). Addresses need no look-up. Who asks for a name that is being looked up gets the same
   * answer. At most {@value SystemResolver#MAX_LOOKUPS} names of a process are looked up at once;
   * the others wait their turn.
   */
  static Resolver system() {
    return SystemResolver.INSTANCE;
  }
}
