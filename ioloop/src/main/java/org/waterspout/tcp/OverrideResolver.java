// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.tcp;

import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.LoopFuture;

/**
 * Sends some hosts elsewhere, without touching the hosts file: for tests, and for trying a server
 * under its future name. All else goes to another resolver, and so does the name that stands in.
 * The most exact rule decides. Immutable. Tornado: {@code netutil.OverrideResolver}.
 *
 * <pre>{@code
 * var resolver =
 *     new OverrideResolver(Resolver.system())
 *         .with("example.com", "127.0.0.1")                // every port, which it keeps
 *         .with("example.com", 443, "localhost", 1443);
 * }</pre>
 */
public final class OverrideResolver implements Resolver {
  private record Key(
      String host, @Nullable Integer port, @Nullable StandardProtocolFamily family) {}

  private record Target(String host, @Nullable Integer port) {}

  private final Resolver resolver;
  private final Map<Key, Target> mapping;

  /** With no rules yet. */
  public OverrideResolver(Resolver resolver) {
    this(resolver, Map.of());
  }

  private OverrideResolver(Resolver resolver, Map<Key, Target> mapping) {
    this.resolver = Objects.requireNonNull(resolver, "resolver");
    this.mapping = mapping;
  }

  /** A copy that sends all ports of a host to the same ports of another. */
  public OverrideResolver with(String host, String toHost) {
    return with(new Key(host, null, null), new Target(toHost, null));
  }

  /** A copy that sends one port of a host elsewhere. */
  public OverrideResolver with(String host, int port, String toHost, int toPort) {
    return with(new Key(host, port, null), new Target(toHost, toPort));
  }

  /** A copy that sends one port of a host elsewhere if addresses of one family are asked for. */
  public OverrideResolver with(
      String host, int port, StandardProtocolFamily family, String toHost, int toPort) {
    return with(
        new Key(host, port, Objects.requireNonNull(family, "family")), new Target(toHost, toPort));
  }

  private OverrideResolver with(Key key, Target target) {
    Objects.requireNonNull(key.host, "host");
    Objects.requireNonNull(target.host, "toHost");
    var more = new HashMap<>(mapping);
    more.put(key, target);
    return new OverrideResolver(resolver, Map.copyOf(more));
  }

  @Override
  public LoopFuture<List<InetSocketAddress>> resolve(
      String host, int port, @Nullable StandardProtocolFamily family) {
    for (var key :
        List.of(
            new Key(host, port, family), new Key(host, port, null), new Key(host, null, null))) {
      var target = mapping.get(key);
      if (target != null) {
        int toPort = target.port != null ? target.port : port;
        return resolver.resolve(target.host, toPort, family);
      }
    }
    return resolver.resolve(host, port, family);
  }
}
