// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.tcp;

import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.waterspout.iostream.StreamLimits;

/**
 * How {@link TCPClient} connects.
 *
 * @param family INET or INET6 to use only such addresses; null for all
 * @param ssl to secure the connection; null for a plain one
 * @param limits of the stream
 * @param sourceAddress this side's address; null for any
 * @param sourcePort this side's port; 0 for any. Without an address it is one of the loopback
 *     interface, as in Tornado
 * @param timeout for all of it: looking up, connecting, TLS; null for none but the system's
 */
public record ConnectOptions(
    @Nullable StandardProtocolFamily family,
    @Nullable SSLOptions ssl,
    StreamLimits limits,
    @Nullable InetAddress sourceAddress,
    int sourcePort,
    @Nullable Duration timeout) {
  private static final ConnectOptions DEFAULTS =
      new ConnectOptions(null, null, StreamLimits.DEFAULT, null, 0, null);

  /** Checks the values. */
  public ConnectOptions {
    Objects.requireNonNull(limits, "limits");
    if (family == StandardProtocolFamily.UNIX) {
      throw new IllegalArgumentException("Unix domain sockets have paths, not hosts");
    }
    if (sourcePort < 0 || sourcePort > 65_535) {
      throw new IllegalArgumentException("not a port: " + sourcePort);
    }
    if (timeout != null && !timeout.isPositive()) {
      throw new IllegalArgumentException("the timeout must be positive: " + timeout);
    }
  }

  /** Any family, plain, from anywhere, no timeout. */
  public static ConnectOptions defaults() {
    return DEFAULTS;
  }

  /** A copy for one family; null for all. */
  public ConnectOptions withFamily(@Nullable StandardProtocolFamily only) {
    return new ConnectOptions(only, ssl, limits, sourceAddress, sourcePort, timeout);
  }

  /** A copy that is secured; null for a plain connection. */
  public ConnectOptions withSSL(@Nullable SSLOptions options) {
    return new ConnectOptions(family, options, limits, sourceAddress, sourcePort, timeout);
  }

  /** A copy with other limits of the stream. */
  public ConnectOptions withLimits(StreamLimits ofStream) {
    return new ConnectOptions(family, ssl, ofStream, sourceAddress, sourcePort, timeout);
  }

  /** A copy that connects from an address (null: any) and a port (0: any) of this machine. */
  public ConnectOptions withSource(@Nullable InetAddress address, int port) {
    return new ConnectOptions(family, ssl, limits, address, port, timeout);
  }

  /** A copy with a limit of time; null for none. */
  public ConnectOptions withTimeout(@Nullable Duration limit) {
    return new ConnectOptions(family, ssl, limits, sourceAddress, sourcePort, limit);
  }
}
