// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.util.Set;
import org.waterspout.tcp.NetUtil;

/**
 * What a proxy in front says about the client of a request. Tornado: {@code xheaders}. Pure.
 *
 * <p>Only for servers that nobody but the proxy can reach: anybody can send these headers.
 */
final class Forwarded {
  private Forwarded() {}

  /**
   * The context of a request. What is not an address, or not a protocol, is ignored.
   *
   * @param trusted proxies whose own addresses are skipped at the end of X-Forwarded-For
   */
  static ConnectionContext apply(
      ConnectionContext connection, HTTPHeaders headers, Set<String> trusted) {
    String ip = remoteIP(connection.remoteIP(), headers, trusted);
    String protocol = protocol(connection.protocol(), headers);
    boolean itself = ip.equals(connection.remoteIP());
    if (itself && protocol.equals(connection.protocol())) {
      return connection;
    }
    return new ConnectionContext(
        ip,
        itself ? connection.remotePort() : 0,
        connection.localIP(),
        connection.localPort(),
        protocol);
  }

  private static String remoteIP(String itself, HTTPHeaders headers, Set<String> trusted) {
    String forwardedFor = itself;
    for (String hop : HeaderList.of(headers, "X-Forwarded-For").reversed()) {
      forwardedFor = hop;
      if (!trusted.contains(hop)) {
        break;
      }
    }
    String ip = headers.get("X-Real-Ip", forwardedFor);
    return NetUtil.isValidIp(ip) ? ip : itself;
  }

  private static String protocol(String itself, HTTPHeaders headers) {
    String name = headers.contains("X-Scheme") ? "X-Scheme" : "X-Forwarded-Proto";
    var hops = HeaderList.of(headers, name);
    String nearest = hops.isEmpty() ? itself : hops.getLast(); // what the proxy itself has added
    return nearest.equals("http") || nearest.equals("https") ? nearest : itself;
  }
}
