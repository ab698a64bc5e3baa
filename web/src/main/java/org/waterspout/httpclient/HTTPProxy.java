// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.waterspout.text.Shown;

/**
 * An HTTP proxy. Requests for {@code http} URLs are handed to it whole; for {@code https} it is
 * asked for a tunnel (CONNECT), in which TLS is spoken with the server itself. Tornado: {@code
 * proxy_host} and the rest.
 *
 * @param host a name or an address, without brackets
 * @param port where it listens
 * @param credentials for the proxy, which no server gets to see; null for none
 */
public record HTTPProxy(String host, int port, @Nullable Credentials credentials) {
  /** Checks the values. */
  public HTTPProxy {
    Objects.requireNonNull(host, "host");
    if (host.isEmpty() || !host.chars().allMatch(c -> c > ' ' && c != 0x7f)) {
      throw new IllegalArgumentException("not a proxy's host: " + Shown.quoted(host));
    }
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("not a port: " + port);
    }
  }

  /** A proxy that asks nobody who they are. */
  public HTTPProxy(String host, int port) {
    this(host, port, null);
  }
}
