// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.testing;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import org.waterspout.tcp.BindOptions;
import org.waterspout.tcp.NetUtil;

/** Ports for tests. From any thread. */
public final class Testing {
  private Testing() {}

  /**
   * A listening, non-blocking socket on a free port of 127.0.0.1; what {@link
   * org.waterspout.tcp.TCPServer#addSocket} takes. The caller closes it. Tornado: {@code
   * bind_unused_port}.
   */
  public static ServerSocketChannel bindUnusedPort() throws IOException {
    return bindUnusedPort(false, "127.0.0.1");
  }

  /**
   * {@link #bindUnusedPort()} on another address.
   *
   * @param reusePort whether other sockets that say so too may share the port ({@code
   *     SO_REUSEPORT})
   * @param address of this machine; if it is a name with several addresses, the first is taken
   */
  public static ServerSocketChannel bindUnusedPort(boolean reusePort, String address)
      throws IOException {
    var options = BindOptions.defaults().withReusePort(reusePort);
    var sockets = NetUtil.bindSockets(0, address, options);
    for (var further : sockets.subList(1, sockets.size())) {
      further.close();
    }
    return sockets.getFirst();
  }
}
