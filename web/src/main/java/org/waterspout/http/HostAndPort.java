// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.util.Objects;

/**
 * What {@link HTTPUtil#splitHostAndPort} finds.
 *
 * @param host as it was written, an IPv6 address in its brackets
 * @param port -1 if none was named, as in {@link java.net.URI}
 */
public record HostAndPort(String host, int port) {
  public HostAndPort {
    Objects.requireNonNull(host, "host");
  }
}
