// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors
package org.waterspout.http;

import java.util.Objects;
import java.util.Set;

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

  /**
   * The client as a proxy in front tells it in X-Real-Ip, X-Forwarded-For, X-Scheme and
   * X-Forwarded-Proto. Only where nobody but the proxy can send these headers; what is not an
   * address, or not a protocol, is ignored.
   *
   * @param trusted proxies whose own addresses are skipped at the end of X-Forwarded-For
   */
  public ConnectionContext forwarded(HTTPHeaders headers, Set<String> trusted) {
    return Forwarded.apply(this, headers, trusted);
  }
}
