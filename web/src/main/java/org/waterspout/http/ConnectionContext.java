// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors
package org.waterspout.http;

import java.util.Objects;

/**
 * Who talks to whom over what.
 *
 * @param remoteIP the peer's address as a literal; {@code 0.0.0.0} at a Unix domain socket
 * @param remotePort the peer's port, 0 where unknown
 * @param localIP our address on this connection as a literal
 * @param localPort our port on this connection, 0 where unknown
 * @param protocol {@code http} or {@code https}
 */
public record ConnectionContext(
    String remoteIP, int remotePort, String localIP, int localPort, String protocol) {
  /** In the place of an Internet address where there is none. As in Tornado. */
  static final String NO_ADDRESS = "0.0.0.0";

  public ConnectionContext {
    Objects.requireNonNull(remoteIP, "remoteIP");
    Objects.requireNonNull(localIP, "localIP");
    Objects.requireNonNull(protocol, "protocol");
  }
}
